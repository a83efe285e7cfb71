//! The program that was built beside this one.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};

use crate::http;

/// A running `plummet serve`.
pub struct Program {
    child: Child,
    pub address: String,
    /// From starting the process to the first answer of a page.
    pub first_answer: Duration,
}

impl Program {
    pub async fn start(data: &Path, settings: &[(&str, &str)]) -> anyhow::Result<Self> {
        let address = free_address()?;
        let mut command = Command::new(binary()?);
        command.arg("serve").env_clear().env("PLUMMET_DATA", data).env("PLUMMET_LISTEN", &address).env("PLUMMET_LOG", "error");
        let began = Instant::now();
        let child = command.envs(settings.iter().copied()).stdout(Stdio::null()).spawn()?;
        let mut program = Program { child, address, first_answer: Duration::MAX };
        while http::get(&program.address, "/healthz", "").await.is_err() {
            ensure!(program.child.try_wait()?.is_none(), "plummet ended before it answered");
            ensure!(began.elapsed() < Duration::from_secs(30), "plummet did not answer within 30 s");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        program.first_answer = began.elapsed();
        Ok(program)
    }

    /// Memory that it holds now.
    pub fn resident_mb(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS in /proc")?;
        let kb: f64 = line.split_whitespace().next().context("VmRSS is empty")?.parse()?;
        Ok(kb * 1024.0 / 1e6)
    }

    /// Processor time that it has used, in seconds.
    pub fn cpu_seconds(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.child.id()))?;
        let fields: Vec<&str> = stat.rsplit(')').next().context("an odd /proc/stat")?.split_whitespace().collect();
        let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        Ok(ticks / 100.0)
    }

    /// Ends it as an operator would.
    pub fn stop(mut self) -> anyhow::Result<()> {
        Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status()?;
        let status = self.child.wait()?;
        ensure!(status.success(), "plummet ended with {status}");
        Ok(())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// `target/release/plummet` of `target/release/examples/measure`.
fn binary() -> anyhow::Result<PathBuf> {
    let here = std::env::current_exe()?;
    let binary = here.ancestors().nth(2).context("an odd place to run from")?.join("plummet");
    ensure!(binary.is_file(), "`{}` is missing; build it with `--bin plummet`", binary.display());
    Ok(binary)
}

fn free_address() -> anyhow::Result<String> {
    Ok(std::net::TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
