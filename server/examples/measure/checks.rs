//! Checks a second: the real program against the demo shop in this process, on the same cores.

use std::time::{Duration, Instant};

use domain::{ProductId, Timestamp};
use jobs::Clock;
use server::demo_shop::{self, Change, DemoShop};
use store::Store;
use store::sqlite::SqliteStore;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::program::Program;
use crate::{Figure, seed};

/// More than can be checked in their interval of a second: there is always something due.
const PRODUCTS: u32 = 4_000;
const WARM_UP: Duration = Duration::from_secs(5);
const MEASURED: Duration = Duration::from_secs(20);
/// How often all prices move. Most checks find what they found before.
const MOVE_EVERY: Duration = Duration::from_secs(5);

/// Counts recorded checks of pages of `kb` kB.
pub async fn measure(kb: usize) -> anyhow::Result<Vec<Figure>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let port = listener.local_addr()?.port();
    let (shop, stop) = (DemoShop::new(7), CancellationToken::new());
    let _stop = stop.clone().drop_guard();
    tokio::spawn(demo_shop::serve(listener, shop.clone(), stop.clone()));
    tokio::spawn(move_prices(shop.clone(), stop));

    let folder = TempDir::new()?;
    let products = seed_products(folder.path(), &shop, port, kb).await?;
    let host = format!("shop.localhost:{port}");
    let every = format!("{host}=1");
    let settings = [("PLUMMET_ALLOW_HOSTS", host.as_str()), ("PLUMMET_UNLIMITED_HOSTS", &host), ("PLUMMET_CHECK_EVERY", &every)];
    let program = Program::start(folder.path(), &settings).await?;
    tokio::time::sleep(WARM_UP).await;
    let store = SqliteStore::open(&folder.path().join("plummet.db")).await?;
    let (before, cpu_before, began) = (recorded(&store, &products).await?, program.cpu_seconds()?, Instant::now());
    tokio::time::sleep(MEASURED).await;
    let (cpu, elapsed) = (program.cpu_seconds()? - cpu_before, began.elapsed().as_secs_f64());
    let checks = (recorded(&store, &products).await? - before) as f64;
    store.close().await;
    let memory = program.resident_mb()?;
    program.stop()?;
    Ok(vec![
        Figure::new(format!("checks a second, pages of {kb} kB"), checks / elapsed, "1/s"),
        Figure::new(format!("processor time a check, pages of {kb} kB"), cpu / checks * 1e3, "ms"),
        Figure::new(format!("memory under load, pages of {kb} kB"), memory, "MB"),
    ])
}

async fn move_prices(shop: DemoShop, stop: CancellationToken) {
    for epoch in 1.. {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(MOVE_EVERY) => {}
        }
        if shop.change(&Change { epoch: Some(epoch), ..Change::default() }).is_err() {
            return;
        }
    }
}

async fn seed_products(folder: &std::path::Path, shop: &DemoShop, port: u16, kb: usize) -> anyhow::Result<Vec<ProductId>> {
    let store = SqliteStore::open(&folder.join("plummet.db")).await?;
    let now = Clock::System.now();
    let user = seed::person(&store, now).await?;
    let mut products = Vec::new();
    for page in 0..PRODUCTS {
        let url = format!("{}?kb={kb}", shop.bench_url(port, page));
        products.push(seed::track(&store, user, &url, now).await?);
    }
    store.close().await;
    Ok(products)
}

/// Good checks that are in the database.
async fn recorded(store: &SqliteStore, products: &[ProductId]) -> anyhow::Result<u64> {
    let mut checks = 0;
    for runs in store.recent_runs(products, Timestamp::EPOCH, 1_000).await? {
        checks += runs.runs.iter().map(|run| u64::from(run.checks)).sum::<u64>();
    }
    Ok(checks)
}
