//! The price of one product falls, and a million people wait for it: how long until the last is told, what it takes, and what becomes
//! of the other products meanwhile.

use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use domain::tracking::{DropBasisPoints, Rules};
use domain::{ProductUrl, UserId};
use jobs::Clock;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};
use store::postgres::{PostgresOptions, PostgresStore};
use store::sqlite::SqliteStore;
use store::{NewTracking, Store};
use tempfile::TempDir;
use testbed::{Postgres, Redis};

use crate::checks::{Kind, host, path};
use crate::http::Connection;
use crate::metrics::Metrics;
use crate::process::{Program, Shop};
use crate::scaled::Settings;
use crate::seed;

/// Trackings of the one product; `BENCH_TRACKINGS` says another number.
const TRACKINGS: u64 = 1_000_000;
/// Products that are checked all the time beside it.
const OTHERS: u32 = 2_000;
const KIND: Kind = Kind { kb: 10, gzip: 0, products: OTHERS };
/// How long other checks are watched before the fall.
const BEFORE: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(150);

pub async fn measure() -> anyhow::Result<()> {
    let trackings = std::env::var("BENCH_TRACKINGS").ok().and_then(|text| text.parse().ok()).unwrap_or(TRACKINGS);
    println!(
        "\na product with {trackings} trackings falls in price; {OTHERS} other products are checked every second; one worker"
    );
    println!(
        "{:<12} {:>12} {:>16} {:>18} {:>22} {:>22} {:>10}",
        "engine", "last told s", "rows a second", "first page told s", "others a second", "their latency ms", "memory MB"
    );
    on_sqlite(trackings).await?.print("SQLite");
    on_servers(trackings).await?.print("PostgreSQL");
    Ok(())
}

struct Fallen {
    trackings: u64,
    first: Duration,
    last: Duration,
    /// Other checks a second, before and meanwhile.
    rates: [f64; 2],
    /// Of fetching, reading and recording, before and meanwhile.
    latencies_ms: [f64; 2],
    memory_mb: f64,
}

impl Fallen {
    fn print(&self, engine: &str) {
        let [rate, rate_meanwhile] = self.rates;
        let [latency, latency_meanwhile] = self.latencies_ms;
        let last = self.last.as_secs_f64();
        println!(
            "{engine:<12} {last:>12.1} {:>16.0} {:>18.2} {:>22} {:>22} {:>10.1}",
            self.trackings as f64 / last,
            self.first.as_secs_f64(),
            format!("{rate:.0} → {rate_meanwhile:.0}"),
            format!("{latency:.1} → {latency_meanwhile:.1}"),
            self.memory_mb
        );
    }
}

async fn on_sqlite(trackings: u64) -> anyhow::Result<Fallen> {
    let shop = Shop::start()?;
    let low = find_fall(&shop).await?;
    let (folder, _) = seed::pages_to_check(OTHERS, |page| url(&shop, page)).await?;
    let file = seed::database(folder.path());
    let store = SqliteStore::open(&file).await?;
    let user = seed::find_person(&store).await?;
    wait_for_any_drop(&store, user, &url(&shop, 0)).await?;
    store.close().await;
    multiply_in_file(&file, trackings).await?;
    let program = Program::start(folder.path(), &Settings::new(&shop).as_pairs()).await?;
    watch(&shop, low, vec![program], trackings).await
}

async fn on_servers(trackings: u64) -> anyhow::Result<Fallen> {
    let shop = Shop::start()?;
    let low = find_fall(&shop).await?;
    let tuned = [("fsync", "on"), ("full_page_writes", "on"), ("shared_buffers", "1GB"), ("max_wal_size", "8GB")];
    let (postgres, redis) = (Postgres::start_with(&tuned).await, Redis::start().await);
    let database = postgres.create_database().await;
    let user = seed::pages_to_check_on(&database, OTHERS, |page| url(&shop, page)).await?;
    let options = PostgresOptions { url: database.clone().into(), replica_url: None, max_connections: 2 };
    let store = PostgresStore::open(&options).await?;
    wait_for_any_drop(&store, user, &url(&shop, 0)).await?;
    store.close().await;
    multiply_on_server(&postgres, trackings);
    let (folder, mut settings) = (TempDir::new()?, Settings::new(&shop));
    let public_url = "http://127.0.0.1:8480".to_owned();
    settings.0.extend([("DATABASE_URL", database), ("REDIS_URL", redis.url()), ("PLUMMET_URL", public_url)]);
    let worker = Program::start_as("worker", folder.path(), &settings.as_pairs()).await?;
    watch(&shop, low, vec![worker], trackings).await
}

fn url(shop: &Shop, page: u32) -> String {
    format!("http://{}{}", host(shop), path(page, KIND))
}

/// The tracking that all others are copies of: told in the inbox alone, at any fall of a percent.
async fn wait_for_any_drop(store: &dyn Store, user_id: UserId, url: &str) -> anyhow::Result<()> {
    let rules = Rules { target: None, drop: Some(DropBasisPoints::new(100).expect("one percent")) };
    let wish = NewTracking { user_id, product: ProductUrl::parse(url)?, rules, channels: Vec::new() };
    store.track(&wish, Clock::System.now()).await?;
    Ok(())
}

/// The price falls, and it is watched until the last notification is written.
async fn watch(shop: &Shop, low: u64, programs: Vec<Program>, trackings: u64) -> anyhow::Result<Fallen> {
    let started = Instant::now();
    while Metrics::of(&programs).await?.checks() < f64::from(OTHERS) * 1.5 {
        ensure!(started.elapsed() < PATIENCE, "not every product was checked once within {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    let (start, began) = (Metrics::of(&programs).await?, Instant::now());
    tokio::time::sleep(BEFORE).await;
    let at_fall = Metrics::of(&programs).await?;
    let (before, before_took) = (at_fall.since(&start), began.elapsed());

    set_epoch(shop, low).await?;
    let began = Instant::now();
    let (mut first, mut memory_mb) = (None, 0_f64);
    let (meanwhile, last) = loop {
        let now = Metrics::of(&programs).await?.since(&at_fall);
        memory_mb = memory_mb.max(programs[0].resident_mb()?);
        if now.notifications() > 0.0 {
            first.get_or_insert(began.elapsed());
        }
        if now.notifications() >= trackings as f64 {
            break (now, began.elapsed());
        }
        ensure!(began.elapsed() < PATIENCE, "only {} of {trackings} were told within {PATIENCE:?}", now.notifications());
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let latency = |done: &Metrics| ["fetch", "extract", "record"].map(|stage| done.mean_ms(stage)).iter().sum();
    Ok(Fallen {
        trackings,
        first: first.context("somebody was told")?,
        last,
        rates: [before.checks() / before_took.as_secs_f64(), meanwhile.checks() / last.as_secs_f64()],
        latencies_ms: [latency(&before), latency(&meanwhile)],
        memory_mb,
    })
}

async fn set_epoch(shop: &Shop, epoch: u64) -> anyhow::Result<()> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let body = format!("{{\"epoch\":{epoch}}}");
    let answer = client.post(format!("http://127.0.0.1:{}/control.json", shop.port)).header("content-type", "application/json");
    answer.body(body).send().await?.error_for_status()?;
    Ok(())
}

/// Looks for a fall of page 0 by a tenth: leaves the shop at the high price, and gives the epoch of the low one.
async fn find_fall(shop: &Shop) -> anyhow::Result<u64> {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut connection = Connection::open(shop.port, &host(shop), "").await?;
    let mut highest: Option<(f64, u64)> = None;
    for epoch in 0..1_000 {
        set_epoch(shop, epoch).await?;
        connection.get_ok(&path(0, KIND)).await?;
        let body = connection.body();
        let price = body.split("\"price\":\"").nth(1).and_then(|rest| rest.split('"').next());
        let price: f64 = price.context("a page without a price")?.parse()?;
        match highest {
            Some((high, at)) if price < high * 0.9 => {
                set_epoch(shop, at).await?;
                return Ok(epoch);
            }
            Some((high, _)) if price <= high => {}
            _ => highest = Some((price, epoch)),
        }
    }
    anyhow::bail!("the price of page 0 never falls by a tenth")
}

/// Copies the one tracking and its person so often: all columns but the ids as they are.
async fn multiply_in_file(file: &Path, times: u64) -> anyhow::Result<()> {
    let mut connection = SqliteConnectOptions::new().filename(file).foreign_keys(false).connect().await?;
    let columns = async |table: &str, connection: &mut sqlx::SqliteConnection| {
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(format!("SELECT name FROM pragma_table_info('{table}')"))).fetch_all(connection);
        rows.await?.iter().map(|row| row.try_get::<String, _>(0)).collect::<Result<Vec<_>, _>>()
    };
    let users = columns("users", &mut connection).await?;
    let trackings = columns("trackings", &mut connection).await?;
    let series = format!("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {})", times - 1);
    let user = copied(&users, &[("user_id", "randomblob(16)"), ("email", "'waiting-' || i || '@example.org'")]);
    let tracking = copied(&trackings, &[("tracking_id", "randomblob(16)"), ("user_id", "u.user_id")]);
    for statement in [
        format!("INSERT INTO users ({}) {series} SELECT {user} FROM n, (SELECT * FROM users LIMIT 1) AS old", users.join(", ")),
        format!(
            "INSERT INTO trackings ({}) SELECT {tracking} FROM users AS u, (SELECT * FROM trackings WHERE drop_basis_points > 0) AS old \
             WHERE u.email LIKE 'waiting-%'",
            trackings.join(", ")
        ),
        format!(
            "UPDATE products SET trackers = {times} WHERE product_id = (SELECT product_id FROM trackings WHERE drop_basis_points > 0)"
        ),
    ] {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut connection).await?;
    }
    Ok(())
}

fn multiply_on_server(postgres: &Postgres, times: u64) {
    let columns = |table: &str| -> Vec<String> {
        let list =
            format!("SELECT column_name FROM information_schema.columns WHERE table_name = '{table}' ORDER BY ordinal_position");
        postgres.query("test_1", &list).lines().map(str::to_owned).collect()
    };
    let (users, trackings, listed) = (columns("users"), columns("trackings"), columns("user_trackings"));
    let user = copied(&users, &[("user_id", "gen_random_uuid()"), ("email", "'waiting-' || i || '@example.org'")]);
    let tracking = copied(&trackings, &[("tracking_id", "gen_random_uuid()"), ("user_id", "u.user_id")]);
    let in_list = copied(&listed, &[("tracking_id", "t.tracking_id"), ("user_id", "t.user_id")]);
    for statement in [
        format!(
            "INSERT INTO users ({}) SELECT {user} FROM generate_series(1, {}) AS i, (SELECT * FROM users LIMIT 1) AS old",
            users.join(", "),
            times - 1
        ),
        format!(
            "INSERT INTO trackings ({}) SELECT {tracking} FROM users AS u, (SELECT * FROM trackings WHERE drop_basis_points > 0) AS old \
             WHERE u.email LIKE 'waiting-%'",
            trackings.join(", ")
        ),
        format!(
            "INSERT INTO user_trackings ({}) SELECT {in_list} FROM trackings AS t, (SELECT l.* FROM user_trackings AS l JOIN trackings AS k \
             USING (product_id, tracking_id) WHERE k.drop_basis_points > 0 LIMIT 1) AS old \
             WHERE t.drop_basis_points > 0 AND t.tracking_id <> old.tracking_id",
            listed.join(", ")
        ),
        format!(
            "UPDATE products SET trackers = {times} WHERE product_id = (SELECT product_id FROM trackings WHERE drop_basis_points > 0 LIMIT 1)"
        ),
        "VACUUM ANALYZE".to_owned(),
    ] {
        postgres.query("test_1", &statement);
    }
}

/// The columns of `old`, some replaced.
fn copied(columns: &[String], replaced: &[(&str, &str)]) -> String {
    let value = |column: &String| {
        let new = replaced.iter().find(|(name, _)| name == column).map(|(_, value)| (*value).to_owned());
        new.unwrap_or_else(|| format!("old.{column}"))
    };
    columns.iter().map(value).collect::<Vec<_>>().join(", ")
}
