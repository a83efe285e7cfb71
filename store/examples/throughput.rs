//! How fast the SQLite engine claims, records and reads: medians on 100,000 products.
//!
//! `cargo run --release -p store --example throughput [FOLDER]`

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::Context;
use domain::check::{CheckOutcome, CheckRecord, Found};
use domain::judge::settle;
use domain::next_check::Pace;
use domain::offer::{Offer, ProductFacts, Reader, Reading};
use domain::{Availability, Money, ProductId, ProductState, Timestamp};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};
use store::Store;
use store::sqlite::SqliteStore;

const NOW: i64 = 2_000_000_000_000_000;
const LEASE: Duration = Duration::from_secs(60);

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let temporary = tempfile::tempdir()?;
    let folder = std::env::args().nth(1).map_or_else(|| temporary.path().to_owned(), Into::into);
    let path = folder.join("throughput.db");
    SqliteStore::open(&path).await?.close().await;
    fill(&path).await?;
    let store = SqliteStore::open(&path).await?;

    let claim = claim(&store, 100, 41).await?;
    println!("claim 100: {claim:?}");
    for (size, changed_of_100) in [(100, 5), (500, 0), (500, 5), (1_000, 5)] {
        let [claim, load, record] = record(&store, size, changed_of_100).await?;
        let rate = size as f64 / record.as_secs_f64();
        println!("record {size}, {changed_of_100} % changed: {record:?}, {rate:.0}/s (claim {claim:?}, load {load:?})");
    }
    let history = ProductId(uuid::Uuid::from_u128(1));
    let mut times = Vec::new();
    for _ in 0..15 {
        let start = Instant::now();
        let runs = store.price_runs(history, Timestamp::EPOCH, Timestamp::from_micros(NOW)).await?;
        times.push(start.elapsed());
        anyhow::ensure!(runs.len() == 43_800, "{} runs", runs.len());
    }
    println!("history of 43,800 runs: {:?}", median(times));
    let start = Instant::now();
    let found = store.search_products("gadget 4711", None, store::Window { limit: 20, offset: 0 }).await?;
    println!("search of two words: {:?}, {} found", start.elapsed(), found.total);
    store.close().await;
    Ok(())
}

/// 100,000 products due one after another, and one product with a long history.
async fn fill(path: &Path) -> anyhow::Result<()> {
    let mut file = SqliteConnectOptions::new().filename(path).connect().await?;
    for sql in [
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
         INSERT INTO products (product_id, platform, external_id, url, host, name, created_at, next_check_at,
             trackers, price_minor, price_currency, availability, run_from, run_checks, last_ok_at, last_attempt_at, last_outcome, recent)
         SELECT randomblob(16), 'generic', 'https://shop.example/p/' || i, 'https://shop.example/p/' || i, 'shop.example',
             'A gadget of the make ' || i, 0, i,
             1, 10000, 'EUR', 'in_stock', 1, 1, 1, 1, 'offer', '[[1,10000]]' FROM n",
        "INSERT INTO product_texts (product_id, platform, search_text)
         SELECT product_id, platform, ' ' || lower(name) || ' ' || char(10) || url FROM products",
        "INSERT INTO price_runs SELECT product_id, 1, 1, 1, 10000, 'EUR', 'in_stock' FROM products",
        "INSERT INTO products (product_id, platform, external_id, url, host, created_at, next_check_at)
         VALUES (x'00000000000000000000000000000001', 'generic', 'x', 'https://shop.example/x', 'shop.example', 0, 0)",
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 43800)
         INSERT INTO price_runs SELECT x'00000000000000000000000000000001', i * 3600000000, i * 3600000000 + 60, 3,
             10000 + random() % 1000, 'EUR', 'in_stock' FROM n",
    ] {
        sqlx::query(sql).execute(&mut file).await?;
    }
    Ok(file.close().await?)
}

async fn claim(store: &SqliteStore, size: u32, rounds: usize) -> anyhow::Result<Duration> {
    let mut times = Vec::new();
    for _ in 0..rounds {
        let start = Instant::now();
        let due = store.claim_due(Timestamp::from_micros(NOW), LEASE, size).await?;
        times.push(start.elapsed());
        anyhow::ensure!(due.len() == size as usize, "{} claimed", due.len());
    }
    Ok(median(times))
}

/// Claims, loads and records batches; gives the median of each.
async fn record(store: &SqliteStore, size: u32, changed_of_100: usize) -> anyhow::Result<[Duration; 3]> {
    let mut times = [const { Vec::new() }; 3];
    for _ in 0..15 {
        let now = Timestamp::from_micros(NOW);
        let start = Instant::now();
        let due: Vec<ProductId> = store.claim_due(now, LEASE, size).await?.into_iter().map(|due| due.id).collect();
        times[0].push(start.elapsed());
        let start = Instant::now();
        let products = store.leased_products(&due, now).await?;
        times[1].push(start.elapsed());
        let records: Vec<CheckRecord> = products
            .iter()
            .enumerate()
            .map(|(n, product)| check(product, n % 100 < changed_of_100))
            .collect::<Option<_>>()
            .context("each check is new")?;
        let start = Instant::now();
        let conflicts = store.record_checks(&records).await?;
        times[2].push(start.elapsed());
        anyhow::ensure!(conflicts.is_empty() && records.len() == size as usize, "{} recorded", records.len());
    }
    Ok(times.map(median))
}

fn check(product: &ProductState, is_changed: bool) -> Option<CheckRecord> {
    let price = product.price?;
    let reading = Reading::Offer(Offer {
        price: Money::new(price.minor - i64::from(is_changed) * 500, price.currency),
        list_price: None,
        availability: Availability::InStock,
        facts: ProductFacts::default(),
        reader: Reader::JsonLd,
        confidence: 90,
        evidence: Vec::new(),
    });
    let outcome = CheckOutcome {
        product_id: product.id,
        started_at: Timestamp::from_micros(NOW - 1),
        found: Found::Reading(reading),
        not_before: None,
        etag: Some("\"33a64df551425fcc55e4d42a148795d9f25f89d4\"".into()),
        last_modified: None,
    };
    let mut record = settle(product, &outcome, Pace::default(), Timestamp::from_micros(NOW))?;
    if !is_changed {
        // The first check after a long pause begins a new run; what is measured here is the usual one.
        record.new_run = None;
        record.evidence = None;
    }
    Some(record)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}
