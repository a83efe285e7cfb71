//! Checks a second: the program against the shop, each a process, on the cores of this machine; and what a client reaches that
//! does nothing with the pages.

use std::time::{Duration, Instant};

use anyhow::ensure;
use domain::{ProductId, Timestamp};
use store::Store;
use store::sqlite::SqliteStore;

use crate::http::Connection;
use crate::process::{Program, Shop};
use crate::seed;

/// More than can be checked in their interval of a second: there is always something due.
const PRODUCTS: u32 = 5_000;
/// Checks at once, of the program and of the bare client.
const WORKERS: u32 = 32;
const WARM_UP: Duration = Duration::from_secs(4);
const MEASURED: Duration = Duration::from_secs(10);
const CEILING: Duration = Duration::from_secs(5);

pub async fn measure() -> anyhow::Result<()> {
    println!(
        "\nchecks, {PRODUCTS} products that are always due, {WORKERS} at once, prices standing still; the shop on the same cores"
    );
    println!(
        "{:<12} {:>15} {:>16} {:>8} {:>16} {:>10}",
        "page", "checks a second", "bare fetches", "ratio", "CPU a check ms", "memory MB"
    );
    let shop = Shop::start()?;
    for kb in [10, 300] {
        let bare = bare_fetches(&shop, kb).await?;
        let checked = checks(&shop, kb).await?;
        let Checked { a_second, cpu_ms, memory_mb } = checked;
        let share = a_second / bare * 100.0;
        println!("{:<12} {a_second:>15.0} {bare:>16.0} {share:>6.1} % {cpu_ms:>16.2} {memory_mb:>10.1}", format!("{kb} kB"));
    }
    Ok(())
}

struct Checked {
    a_second: f64,
    cpu_ms: f64,
    memory_mb: f64,
}

/// The program, from claiming to recording.
async fn checks(shop: &Shop, kb: usize) -> anyhow::Result<Checked> {
    let (folder, products) = seed::pages_to_check(PRODUCTS, |page| format!("http://{}{}", host(shop), path(page, kb))).await?;
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
    tokio::time::sleep(WARM_UP).await;
    let (before, cpu_before, began) = (recorded(&store, &products).await?, program.cpu_seconds()?, Instant::now());
    tokio::time::sleep(MEASURED).await;
    let (cpu, elapsed) = (program.cpu_seconds()? - cpu_before, began.elapsed());
    let checks = (recorded(&store, &products).await? - before) as f64;
    ensure!(checks > 0.0, "nothing was checked");
    let memory_mb = program.resident_mb()?;
    store.close().await;
    Ok(Checked { a_second: checks / elapsed.as_secs_f64(), cpu_ms: cpu / checks * 1e3, memory_mb })
}

/// Good checks that are in the database.
async fn recorded(store: &SqliteStore, products: &[ProductId]) -> anyhow::Result<u64> {
    let of_products = store.recent_runs(products, Timestamp::EPOCH, 100).await?;
    Ok(of_products.iter().flat_map(|product| &product.runs).map(|run| u64::from(run.checks)).sum())
}

/// The same pages by the same number of connections, read and thrown away.
async fn bare_fetches(shop: &Shop, kb: usize) -> anyhow::Result<f64> {
    let (port, host) = (shop.port, host(shop));
    let began = Instant::now();
    let clients: Vec<_> = (0..WORKERS)
        .map(|client| {
            let host = host.clone();
            tokio::spawn(async move {
                let mut connection = Connection::open(port, &host, "").await?;
                let mut fetched = 0_u32;
                while began.elapsed() < CEILING {
                    connection.get_ok(&path((client + fetched * WORKERS) % PRODUCTS, kb)).await?;
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
    Ok(f64::from(all) / began.elapsed().as_secs_f64())
}

fn host(shop: &Shop) -> String {
    format!("shop.localhost:{}", shop.port)
}

fn path(page: u32, kb: usize) -> String {
    format!("/bench/{page}?kb={kb}")
}
