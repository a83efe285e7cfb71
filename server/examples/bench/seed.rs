//! Databases to measure: one as after years of use, one with many products that are due.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};
use domain::check::{CheckRecord, NewRun, RecentPrice};
use domain::offer::ProductFacts;
use domain::time::{DAY, HOUR, SECOND};
use domain::tracking::{Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{Availability, Channel, Currency, Locale, Money, ProductId, ProductUrl, Timestamp, UserId};
use futures::StreamExt;
use jobs::Clock;
use sha2::{Digest, Sha256};
use store::postgres::{PostgresOptions, PostgresStore};
use store::sqlite::SqliteStore;
use store::{NewSession, NewTracking, NewUser, Store};
use tempfile::TempDir;

/// Trackings of the one person.
pub const TRACKINGS: u32 = 1_000;
/// Runs of the one product with a long history: five years, hourly.
pub const LONG_RUNS: i64 = 43_800;
/// Runs of every other.
const FEW_RUNS: i64 = 20;
/// The secret of the person's session.
pub const SESSION: &str = "measured-session-measured-session";

/// A database as after years of use.
pub struct Seeded {
    pub folder: TempDir,
    /// The product with a long history.
    pub long: ProductId,
    /// A product with few runs.
    pub usual: ProductId,
    pub now: Timestamp,
}

impl Seeded {
    pub fn database(&self) -> PathBuf {
        database(self.folder.path())
    }
}

/// Where the database of a data folder is.
pub fn database(folder: &Path) -> PathBuf {
    folder.join("plummet.db")
}

pub async fn years_of_use() -> anyhow::Result<Seeded> {
    let folder = quick_folder()?;
    let store = SqliteStore::open(&database(folder.path())).await?;
    let now = Clock::System.now();
    let user = person(&store, now).await?;
    let mut products = Vec::new();
    for n in 0..TRACKINGS {
        products.push(track(&store, user, &format!("https://shop.example/products/{n}"), now).await?);
    }
    for index in 0..FEW_RUNS {
        let records: Vec<CheckRecord> = (1..).zip(&products[1..]).map(|(n, id)| run(*id, n, index, FEW_RUNS, now)).collect();
        ensure!(store.record_checks(&records).await?.is_empty(), "checks were refused");
    }
    for index in 0..LONG_RUNS {
        ensure!(store.record_checks(&[run(products[0], 0, index, LONG_RUNS, now)]).await?.is_empty(), "a check was refused");
    }
    store.close().await;
    Ok(Seeded { folder: on_disk(&folder)?, long: products[0], usual: products[500], now })
}

/// A database with products that were never checked, at the addresses of pages from 0.
pub async fn pages_to_check(count: u32, url: impl Fn(u32) -> String) -> anyhow::Result<(TempDir, Vec<ProductId>)> {
    let folder = quick_folder()?;
    let store = SqliteStore::open(&database(folder.path())).await?;
    let now = Clock::System.now();
    let user = person(&store, now).await?;
    let mut products = Vec::new();
    for page in 0..count {
        products.push(track(&store, user, &url(page), now).await?);
    }
    store.close().await;
    Ok((on_disk(&folder)?, products))
}

/// The same on a server, many at a time: an empty PostgreSQL at `url`.
pub async fn pages_to_check_on(url: &str, count: u32, page_url: impl Fn(u32) -> String) -> anyhow::Result<UserId> {
    let options = PostgresOptions { url: url.to_owned().into(), replica_url: None, max_connections: 16 };
    let store = PostgresStore::open(&options).await?;
    let now = Clock::System.now();
    let user = person(&store, now).await?;
    let store = &store;
    let tracked = (0..count).map(|page| {
        let url = page_url(page);
        async move { track(store, user, &url, now).await }
    });
    let tracked: Vec<_> = futures::stream::iter(tracked).buffer_unordered(32).collect().await;
    tracked.into_iter().collect::<anyhow::Result<Vec<_>>>()?;
    store.close().await;
    Ok(user)
}

/// Seeding takes one commit after another; in memory they do not wait for a disk. What is measured lies on a disk.
fn quick_folder() -> std::io::Result<TempDir> {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() }
}

fn on_disk(seeded: &TempDir) -> std::io::Result<TempDir> {
    let folder = TempDir::new()?;
    std::fs::copy(database(seeded.path()), database(folder.path()))?;
    Ok(folder)
}

/// The account that was made.
pub async fn find_person(store: &dyn Store) -> anyhow::Result<UserId> {
    let found = store.find_credentials("anna@example.org").await?;
    Ok(found.context("there is no account")?.user.id)
}

/// An account with an open session.
pub async fn person(store: &dyn Store, now: Timestamp) -> anyhow::Result<UserId> {
    let user = User {
        id: UserId(uuid::Uuid::new_v4()),
        email: "anna@example.org".into(),
        role: Role::Admin,
        locale: Locale::default(),
        time_zone: "Europe/Berlin".into(),
        created_at: now,
    };
    let user_id = user.id;
    store.create_first_user(&NewUser { user, password_hash: None }).await?;
    let secret_hash = Sha256::digest(SESSION.as_bytes()).into();
    store.create_session(&NewSession { secret_hash, user_id, created_at: now, expires_at: now.plus_micros(DAY) }).await?;
    Ok(user_id)
}

/// Tracks a product with a target that is never met.
async fn track(store: &dyn Store, user_id: UserId, url: &str, now: Timestamp) -> anyhow::Result<ProductId> {
    let product = ProductUrl::parse(url)?;
    let rules = Rules { target: Some(TargetPrice::new("1.00", Some(euro()))?), drop: None };
    let product_id = product.product_id();
    store.track(&NewTracking { user_id, product, rules, channels: vec![Channel::Email] }, now).await?;
    Ok(product_id)
}

/// The check that began run `index` of `count` of product `n`, an hour each, up to now.
fn run(product_id: ProductId, n: u32, index: i64, count: i64, now: Timestamp) -> CheckRecord {
    let at = now.plus_micros((index - count) * HOUR);
    let minor = 5_000 + i64::from(n) * 10 + (index * 7_919 + i64::from(n) * 31) % 1_500;
    let facts = ProductFacts { name: Some(format!("Measured Product {n}, in a Size That Fits")), ..ProductFacts::default() };
    CheckRecord {
        product_id,
        revision: index,
        observed_at: at,
        outcome: "offer",
        detail: None,
        ok: true,
        failures: 0,
        suspect: None,
        new_run: Some(NewRun {
            price: Some(Money::new(minor, euro())),
            availability: Availability::InStock,
            recent: vec![RecentPrice { from: at, minor }],
        }),
        event: None,
        facts: (index == 0).then_some(facts),
        list_price: None,
        evidence: None,
        etag: None,
        last_modified: None,
        // Not while pages are measured.
        next_check_at: now.plus_micros(DAY + i64::from(n) * SECOND),
    }
}

fn euro() -> Currency {
    Currency::from_code("EUR").expect("EUR is in ISO 4217")
}
