//! The other processes: the program that was built beside this one, and the shop, which is this program again.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use server::demo_shop::{self, DemoShop};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::http::Connection;

/// The argument that makes this program the shop.
pub const SHOP: &str = "shop";
const PATIENCE: Duration = Duration::from_secs(30);

/// Killed when it is dropped: nothing outlives the measuring, whatever happens.
struct Held(Child);

impl Drop for Held {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A running `plummet serve` or `plummet worker`.
pub struct Program {
    process: Held,
    pub port: u16,
    /// From starting the process to the first good answer of `/healthz`.
    pub first_answer: Duration,
}

impl Program {
    pub async fn start(data: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        Self::start_as("serve", data, settings).await
    }

    pub async fn start_as(role: &str, data: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let port = std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(binary()?);
        command.arg(role).env_clear().env("PLUMMET_DATA", data).env("PLUMMET_LISTEN", format!("127.0.0.1:{port}"));
        command.env("PLUMMET_LOG", "error").envs(settings.iter().copied()).stdin(Stdio::null()).stdout(Stdio::null());
        let began = Instant::now();
        let mut process = Held(command.spawn()?);
        while !is_healthy(port).await {
            ensure!(process.0.try_wait()?.is_none(), "plummet ended before it answered");
            ensure!(began.elapsed() < PATIENCE, "plummet did not answer within {PATIENCE:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Program { process, port, first_answer: began.elapsed() })
    }

    /// Memory that it holds now, in MB.
    pub fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.0.id()))?;
        let line =
            status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("plummet has ended; its last words are above")?;
        let kb: f64 = line.split_whitespace().next().context("VmRSS is empty")?.parse()?;
        Ok(kb * 1024.0 / 1e6)
    }

    /// Processor time that it has used, in seconds.
    pub fn cpu_seconds(&self) -> anyhow::Result<f64> {
        cpu_seconds_of(self.process.0.id())
    }
}

/// Processor time that a process has used, in seconds.
pub fn cpu_seconds_of(process: u32) -> anyhow::Result<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    let fields: Vec<&str> = stat.rsplit(')').next().context("an odd /proc/stat")?.split_whitespace().collect();
    let ticks =
        fields.get(11..13).context("a short /proc/stat")?.iter().map(|ticks| ticks.parse::<f64>()).sum::<Result<f64, _>>()?;
    Ok(ticks / 100.0)
}

async fn is_healthy(port: u16) -> bool {
    let Ok(mut connection) = Connection::open(port, "localhost", "").await else { return false };
    connection.get_ok("/healthz").await.is_ok()
}

/// `target/release/plummet` of `target/release/examples/bench`.
fn binary() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let binary = here.ancestors().nth(2).context("an odd place to run from")?.join("plummet");
    ensure!(binary.is_file(), "`{}` is missing; build it with `--bin plummet`", binary.display());
    Ok(binary)
}

/// A running shop.
pub struct Shop {
    _process: Held,
    pub port: u16,
}

impl Shop {
    pub fn start() -> anyhow::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        let mut child = command.arg(SHOP).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        let printed = child.stdout.take().context("no output to read")?;
        let process = Held(child);
        let mut line = String::new();
        BufReader::new(printed).read_line(&mut line)?;
        Ok(Shop { _process: process, port: line.trim().parse().context("the shop did not say its port")? })
    }
}

/// The demo shop on a free port, which it prints, until standard input ends.
pub async fn serve_shop() -> anyhow::Result<()> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("{}", listener.local_addr()?.port());
    let stop = CancellationToken::new();
    let parent_ended = stop.clone();
    std::thread::spawn(move || {
        let _ = std::io::copy(&mut std::io::stdin(), &mut std::io::sink());
        parent_ended.cancel();
    });
    Ok(demo_shop::serve(listener, DemoShop::new(7), stop).await?)
}
