//! A database as after years: a thousand trackings, and one product whose price changed every hour for five years.

use std::path::Path;

use domain::check::{CheckRecord, NewRun, RecentPrice};
use domain::offer::ProductFacts;
use domain::time::{DAY, HOUR, SECOND};
use domain::tracking::{Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{Availability, Channel, Currency, Locale, Money, ProductId, ProductUrl, Timestamp, UserId};
use jobs::Clock;
use sha2::{Digest, Sha256};
use store::sqlite::SqliteStore;
use store::{NewSession, NewTracking, NewUser, Store};

/// Trackings of one person.
pub const TRACKINGS: u32 = 1_000;
/// Runs of the one product with a long history.
pub const RUNS: i64 = 43_800;
/// Runs of every other.
const FEW_RUNS: i64 = 20;
/// The secret of the person's session.
pub const SESSION: &str = "measured-session-measured-session";

/// What pages are asked for.
pub struct Seeded {
    pub database: std::path::PathBuf,
    /// The product with the long history.
    pub product: ProductId,
    pub since: Timestamp,
    pub now: Timestamp,
}

/// Makes the database in a data folder.
pub async fn seed(folder: &Path) -> anyhow::Result<Seeded> {
    let database = folder.join("plummet.db");
    let store = SqliteStore::open(&database).await?;
    let now = Clock::System.now();
    let user = person(&store, now).await?;
    let mut products = Vec::new();
    for n in 0..TRACKINGS {
        products.push(track(&store, user, &format!("https://shop.example/products/{n}"), now).await?);
    }
    for index in 0..FEW_RUNS {
        let records: Vec<CheckRecord> = (0..).zip(&products[1..]).map(|(n, id)| run(*id, n, index, FEW_RUNS, now)).collect();
        store.record_checks(&records).await?;
    }
    for index in 0..RUNS {
        store.record_checks(&[run(products[0], 0, index, RUNS, now)]).await?;
    }
    store.close().await;
    Ok(Seeded { database, product: products[0], since: now.plus_micros(-RUNS * HOUR), now })
}

/// An account with an open session.
pub async fn person(store: &SqliteStore, now: Timestamp) -> anyhow::Result<UserId> {
    let user = User {
        id: UserId(uuid::Uuid::from_u128(1)),
        email: "anna@example.org".into(),
        role: Role::Admin,
        locale: Locale::default(),
        time_zone: "Europe/Berlin".into(),
        created_at: now,
    };
    store.create_first_user(&NewUser { user: user.clone(), password_hash: None }).await?;
    let secret_hash = Sha256::digest(SESSION.as_bytes()).into();
    let session = NewSession { secret_hash, user_id: user.id, created_at: now, expires_at: now.plus_micros(DAY) };
    store.create_session(&session).await?;
    Ok(user.id)
}

/// Tracks a product with a target that is never met.
pub async fn track(store: &SqliteStore, user_id: UserId, url: &str, now: Timestamp) -> anyhow::Result<ProductId> {
    let product = ProductUrl::parse(url)?;
    let target = TargetPrice::new("1.00", Currency::from_code("EUR"))?;
    let rules = Rules { target: Some(target), drop: None };
    let wish = NewTracking { user_id, product: product.clone(), rules, channels: vec![Channel::Email] };
    store.track(&wish, now).await?;
    Ok(product.product_id())
}

/// Run `index` of `count`, an hour each, up to now.
fn run(product_id: ProductId, n: u32, index: i64, count: i64, now: Timestamp) -> CheckRecord {
    let euro = Currency::from_code("EUR").expect("EUR is in ISO 4217");
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
            price: Some(Money::new(minor, euro)),
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
