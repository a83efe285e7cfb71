//! Checks a second by one, two and four workers on PostgreSQL and Redis, and by one process on SQLite, with the time that each stage
//! takes, beside a bare loop of an HTTP client over the same pages. Shop and databases are on the same cores.

use std::time::{Duration, Instant};

use anyhow::ensure;
use tempfile::TempDir;
use testbed::{Postgres, Redis};

use crate::checks::{Kind, WORKERS, bare_fetches, host, path};
use crate::metrics::Metrics;
use crate::process::{Program, Shop};
use crate::seed;

const KINDS: [Kind; 2] = [Kind { kb: 10, gzip: 0, products: 16_000 }, Kind { kb: 300, gzip: 1, products: 4_000 }];
const FLEETS: [usize; 3] = [1, 2, 4];
/// How long the first check of every product may take: it begins a run, which is not what usual checks do.
const PATIENCE: Duration = Duration::from_secs(60);
const MEASURED: Duration = Duration::from_secs(8);

pub async fn measure() -> anyhow::Result<()> {
    println!(
        "\nchecks by several processes, {WORKERS} at once in each, prices standing still; shop and databases on the same cores"
    );
    println!(
        "{:<12} {:<22} {:>15} {:>8} {:>10} {:>10} {:>10} {:>22} {:>10}",
        "page",
        "engine, workers",
        "checks a second",
        "of bare",
        "fetch ms",
        "extract ms",
        "record ms",
        "shares of time in them",
        "memory MB"
    );
    let shop = Shop::start()?;
    for kind in KINDS {
        let bare = bare_fetches(&shop, kind).await?.a_second;
        let name = format!("{} kB{}", kind.kb, if kind.gzip > 0 { " gzip" } else { "" });
        println!("{name:<12} {:<22} {bare:>15.0}", "bare fetches");
        on_sqlite(&shop, kind).await?.print(&name, "SQLite, 1", bare);
        for workers in FLEETS {
            on_servers(&shop, kind, workers).await?.print(&name, &format!("PostgreSQL, {workers}"), bare);
        }
    }
    Ok(())
}

struct Measured {
    done: Metrics,
    elapsed: Duration,
    memory_mb: f64,
}

impl Measured {
    fn print(&self, page: &str, who: &str, bare: f64) {
        let (checks, stages) = (self.done.checks(), ["fetch", "extract", "record"]);
        let rate = checks / self.elapsed.as_secs_f64();
        let all: f64 = stages.iter().map(|stage| self.done.seconds(stage)).sum();
        let shares: Vec<String> = stages.iter().map(|stage| format!("{:.0} %", self.done.seconds(stage) / all * 100.0)).collect();
        let [fetch, extract, record] = stages.map(|stage| self.done.seconds(stage) / checks * 1e3);
        println!(
            "{page:<12} {who:<22} {rate:>15.0} {:>6.1} % {fetch:>10.3} {extract:>10.3} {record:>10.3} {:>22} {:>10.1}",
            rate / bare * 100.0,
            shares.join(", "),
            self.memory_mb
        );
    }
}

async fn on_sqlite(shop: &Shop, kind: Kind) -> anyhow::Result<Measured> {
    let (folder, _) = seed::pages_to_check(kind.products, |page| format!("http://{}{}", host(shop), path(page, kind))).await?;
    let settings = Settings::new(shop);
    let program = Program::start(folder.path(), &settings.as_pairs()).await?;
    watch(vec![program], kind.products).await
}

async fn on_servers(shop: &Shop, kind: Kind, workers: usize) -> anyhow::Result<Measured> {
    // Commits wait for the disk, as on SQLite.
    let settings = [("fsync", "on"), ("full_page_writes", "on"), ("shared_buffers", "512MB")];
    let (postgres, redis) = (Postgres::start_with(&settings).await, Redis::start().await);
    let database = postgres.create_database().await;
    seed::pages_to_check_on(&database, kind.products, |page| format!("http://{}{}", host(shop), path(page, kind))).await?;
    postgres.query("test_1", "VACUUM ANALYZE");
    let (folder, mut settings) = (TempDir::new()?, Settings::new(shop));
    settings.0.extend([
        ("DATABASE_URL", database),
        ("REDIS_URL", redis.url()),
        ("PLUMMET_URL", "http://127.0.0.1:8480".to_owned()),
    ]);
    let mut programs = Vec::new();
    for _ in 0..workers {
        programs.push(Program::start_as("worker", folder.path(), &settings.as_pairs()).await?);
    }
    watch(programs, kind.products).await
}

/// Waits until all products were checked once, and measures from then on.
async fn watch(programs: Vec<Program>, products: u32) -> anyhow::Result<Measured> {
    let started = Instant::now();
    // A product that was lost to a restart or the like is checked twice before another is checked once: a few more make sure.
    while Metrics::of(&programs).await?.checks() < f64::from(products) * 1.05 {
        ensure!(started.elapsed() < PATIENCE, "not every product was checked once within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (before, began) = (Metrics::of(&programs).await?, Instant::now());
    tokio::time::sleep(MEASURED).await;
    let (done, elapsed) = (Metrics::of(&programs).await?.since(&before), began.elapsed());
    let memory: Vec<f64> = programs.iter().map(Program::resident_mb).collect::<anyhow::Result<_>>()?;
    Ok(Measured { done, elapsed, memory_mb: memory.iter().sum::<f64>() / memory.len() as f64 })
}

/// Settings of a program that checks the shop's pages all the time.
pub struct Settings(pub Vec<(&'static str, String)>);

impl Settings {
    pub fn new(shop: &Shop) -> Self {
        let host = host(shop);
        Settings(vec![
            ("PLUMMET_ALLOW_HOSTS", host.clone()),
            ("PLUMMET_UNLIMITED_HOSTS", host.clone()),
            ("PLUMMET_CHECK_EVERY", format!("{host}=1")),
            ("PLUMMET_WORKERS", WORKERS.to_string()),
        ])
    }

    pub fn as_pairs(&self) -> Vec<(&str, &str)> {
        self.0.iter().map(|(name, value)| (*name, value.as_str())).collect()
    }
}
