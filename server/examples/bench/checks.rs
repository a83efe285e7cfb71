//! Checks a second: the program against the shop, each a process, on the cores of this machine; and what the same HTTP
//! client reaches that does nothing with the pages.

use std::time::{Duration, Instant};

use anyhow::ensure;
use domain::{ProductId, Timestamp};
use jobs::Clock;
use store::Store;
use store::sqlite::SqliteStore;

use crate::process::{Program, Shop, cpu_seconds_of};
use crate::seed;

/// A kind of page, and how many products have one: several times what can be checked in their interval of a second.
#[derive(Clone, Copy)]
pub struct Kind {
    pub kb: usize,
    pub gzip: u8,
    pub products: u32,
}

const KINDS: [Kind; 4] = [
    Kind { kb: 10, gzip: 0, products: 40_000 },
    Kind { kb: 10, gzip: 1, products: 40_000 },
    Kind { kb: 300, gzip: 1, products: 6_000 },
    Kind { kb: 300, gzip: 0, products: 6_000 },
];
/// Checks at once, of the program and of the bare client.
pub const WORKERS: u32 = 32;
/// How long the first check of every product may take: it begins a run, which is not what usual checks do.
const PATIENCE: Duration = Duration::from_secs(30);
const MEASURED: Duration = Duration::from_secs(10);
const CEILING: Duration = Duration::from_secs(5);

pub async fn measure() -> anyhow::Result<()> {
    println!("\nchecks of products that are always due, {WORKERS} at once, prices standing still; the shop on the same cores");
    println!(
        "{:<12} {:>15} {:>16} {:>8} {:>16} {:>15} {:>8} {:>10}",
        "page", "checks a second", "bare fetches", "ratio", "CPU a check ms", "CPU a fetch ms", "ratio", "memory MB"
    );
    let shop = Shop::start()?;
    for kind in KINDS {
        let bare = bare_fetches(&shop, kind).await?;
        let checked = checks(&shop, kind).await?;
        let Checked { rate, memory_mb } = checked;
        let (share, times) = (rate.a_second / bare.a_second * 100.0, rate.cpu_ms / bare.cpu_ms);
        let name = format!("{} kB{}", kind.kb, if kind.gzip > 0 { " gzip" } else { "" });
        println!(
            "{name:<12} {:>15.0} {:>16.0} {share:>6.1} % {:>16.3} {:>15.3} {times:>8.2} {memory_mb:>10.1}",
            rate.a_second, bare.a_second, rate.cpu_ms, bare.cpu_ms
        );
    }
    Ok(())
}

/// How many a second, and the client's processor time for each.
#[derive(Clone, Copy)]
pub struct Rate {
    pub a_second: f64,
    pub cpu_ms: f64,
}

struct Checked {
    rate: Rate,
    memory_mb: f64,
}

/// The program, from claiming to recording.
async fn checks(shop: &Shop, kind: Kind) -> anyhow::Result<Checked> {
    let count = kind.products;
    let (folder, products) = seed::pages_to_check(count, |page| format!("http://{}{}", host(shop), path(page, kind))).await?;
    let host = host(shop);
    let (every, workers) = (format!("{host}=1"), WORKERS.to_string());
    let settings = [
        ("PLUMMET_ALLOW_HOSTS", host.as_str()),
        ("PLUMMET_UNLIMITED_HOSTS", &host),
        ("PLUMMET_CHECK_EVERY", &every),
        ("PLUMMET_WORKERS", &workers),
    ];
    let program = Program::start(folder.path(), &settings).await?;
    let store = SqliteStore::open(&seed::database(folder.path())).await?;
    let started = Instant::now();
    while store.totals(Clock::System.now()).await?.price_runs < u64::from(count) {
        ensure!(started.elapsed() < PATIENCE, "not every product was checked once within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (before, cpu_before, began) = (recorded(&store, &products).await?, program.cpu_seconds()?, Instant::now());
    tokio::time::sleep(MEASURED).await;
    let (cpu, elapsed) = (program.cpu_seconds()? - cpu_before, began.elapsed());
    let checks = (recorded(&store, &products).await? - before) as f64;
    ensure!(store.totals(Clock::System.now()).await?.due > 0, "nothing is due: the program could have checked more");
    let memory_mb = program.resident_mb()?;
    store.close().await;
    Ok(Checked { rate: Rate { a_second: checks / elapsed.as_secs_f64(), cpu_ms: cpu / checks * 1e3 }, memory_mb })
}

/// Good checks that are in the database.
async fn recorded(store: &SqliteStore, products: &[ProductId]) -> anyhow::Result<u64> {
    let of_products = store.recent_runs(products, Timestamp::EPOCH, 100).await?;
    Ok(of_products.iter().flat_map(|product| &product.runs).map(|run| u64::from(run.checks)).sum())
}

/// The same pages by the same HTTP client, as many at once, read, unpacked and thrown away.
pub async fn bare_fetches(shop: &Shop, kind: Kind) -> anyhow::Result<Rate> {
    // Only the first call does something; a client is not made without, though these pages are not encrypted.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let client = reqwest::Client::builder().no_proxy().resolve("shop.localhost", ([127, 0, 0, 1], shop.port).into()).build()?;
    let (host, began, cpu_before) = (host(shop), Instant::now(), cpu_seconds_of(std::process::id())?);
    let clients: Vec<_> = (0..WORKERS)
        .map(|number| {
            let (client, host) = (client.clone(), host.clone());
            tokio::spawn(async move {
                let mut fetched = 0_u32;
                while began.elapsed() < CEILING {
                    let page = (number + fetched * WORKERS) % kind.products;
                    let body = client
                        .get(format!("http://{host}{}", path(page, kind)))
                        .send()
                        .await?
                        .error_for_status()?
                        .bytes()
                        .await?;
                    ensure!(body.len() >= kind.kb * 900, "page {page} has {} bytes, not {} kB", body.len(), kind.kb);
                    fetched += 1;
                }
                anyhow::Ok(fetched)
            })
        })
        .collect();
    let mut all = 0;
    for client in clients {
        all += client.await??;
    }
    let cpu = cpu_seconds_of(std::process::id())? - cpu_before;
    Ok(Rate { a_second: f64::from(all) / began.elapsed().as_secs_f64(), cpu_ms: cpu / f64::from(all) * 1e3 })
}

pub fn host(shop: &Shop) -> String {
    format!("shop.localhost:{}", shop.port)
}

pub fn path(page: u32, kind: Kind) -> String {
    let Kind { kb, gzip, .. } = kind;
    format!("/bench/{page}?gzip={gzip}&kb={kb}")
}
