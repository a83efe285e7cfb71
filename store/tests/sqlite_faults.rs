//! A fault at any statement of a transaction leaves nothing of it behind.
//!
//! Triggers stand in for the fault: each lets one kind of write to one table fail, after other statements have succeeded.
#![cfg(test)]

use std::path::Path;

use domain::check::{CheckOutcome, CheckRecord, Found};
use domain::decide::{Decision, Occasion, decide, keys};
use domain::judge::settle;
use domain::next_check::Pace;
use domain::notification::{Alerted, Status};
use domain::offer::{Offer, ProductFacts, Reader};
use domain::time::MINUTE;
use domain::tracking::{Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{
    Availability, Channel, Currency, Locale, Money, Notification, NotificationId, ProductId, ProductUrl, Reading, Timestamp,
    UserId,
};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Row, SqliteConnection};
use store::sqlite::SqliteStore;
use store::{DecidedTracking, FanOutPage, NewTracking, NewUser, Store};

const TABLES: [&str; 6] = ["products", "price_runs", "evidence", "price_events", "trackings", "notifications"];

fn t(minutes: i64) -> Timestamp {
    Timestamp::from_micros(1_763_028_000_123_457 + minutes * MINUTE)
}

struct World {
    store: SqliteStore,
    /// A second connection, which sees what is committed.
    file: SqliteConnection,
    product: ProductId,
    _folder: tempfile::TempDir,
}

async fn world() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plummet.db");
    let store = SqliteStore::open(Path::new(&path)).await.unwrap();
    let file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    let listing = ProductUrl::parse("https://shop.example/p/1").unwrap();
    for n in 1..=3 {
        let user = User {
            id: UserId(uuid::Uuid::from_u128(n)),
            email: format!("{n}@example.org"),
            role: Role::User,
            locale: Locale::default(),
            time_zone: "UTC".into(),
            created_at: t(0),
        };
        store.create_user(&NewUser { user: user.clone(), password_hash: None }).await.unwrap();
        let rules = Rules { target: Some(TargetPrice::new("90", None).unwrap()), drop: None };
        let wish = NewTracking { user_id: user.id, product: listing.clone(), rules, channels: vec![Channel::Email] };
        store.track(&wish, t(0)).await.unwrap();
    }
    World { store, file, product: listing.product_id(), _folder: folder }
}

impl World {
    async fn check(&self, minor: i64, at: Timestamp) -> CheckRecord {
        let product = self.store.find_product(self.product).await.unwrap().unwrap();
        let found = Found::Reading(Reading::Offer(Offer {
            price: Money::new(minor, Currency::from_code("EUR").unwrap()),
            list_price: None,
            availability: Availability::InStock,
            facts: ProductFacts { name: Some(format!("Name at {minor}")), ..ProductFacts::default() },
            reader: Reader::JsonLd,
            confidence: 90,
            evidence: Vec::new(),
        }));
        let (etag, last_modified) = (None, None);
        let outcome = CheckOutcome { product_id: self.product, started_at: at, found, not_before: None, etag, last_modified };
        settle(&product, &outcome, Pace::default(), at).unwrap()
    }

    /// Every row of every table, as text.
    async fn everything(&mut self) -> String {
        let mut all = String::new();
        for table in TABLES {
            let columns: Vec<String> =
                sqlx::query_scalar("SELECT name FROM pragma_table_info($1)").bind(table).fetch_all(&mut self.file).await.unwrap();
            let quoted = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join("||','||");
            let sql = format!("SELECT {quoted} FROM {table} ORDER BY 1");
            for row in sqlx::query(AssertSqlSafe(sql)).fetch_all(&mut self.file).await.unwrap() {
                all += &format!("{table}: {}\n", row.try_get::<String, _>(0).unwrap());
            }
        }
        all
    }

    async fn run(&mut self, sql: String) {
        sqlx::query(AssertSqlSafe(sql)).execute(&mut self.file).await.unwrap();
    }
}

/// Lets each of these writes fail in turn while `unit` runs; no failure may leave a trace. Without one it must succeed.
async fn fail_at_each(world: &mut World, writes: &[(&str, &str)], unit: impl AsyncFn(&SqliteStore) -> store::Result<()>) {
    let before = world.everything().await;
    for (operation, table) in writes {
        world.run(format!("CREATE TRIGGER fault AFTER {operation} ON {table} BEGIN SELECT RAISE(ABORT, 'fault'); END")).await;
        assert!(unit(&world.store).await.is_err(), "{operation} ON {table} is part of it");
        assert_eq!(world.everything().await, before, "{operation} ON {table}");
        world.run("DROP TRIGGER fault".into()).await;
    }
    unit(&world.store).await.unwrap();
    assert_ne!(world.everything().await, before);
}

fn decided(page: &FanOutPage, now: Timestamp) -> Vec<DecidedTracking> {
    let decide_one = |tracking: &domain::Tracking| {
        let after = decide(tracking, &page.event, Occasion::Event, now);
        let Decision::Notify(reason) = after.decision else { panic!("the target is met") };
        let notification = Notification {
            id: NotificationId::derive(tracking.id, page.event.id, Channel::Email),
            product_id: tracking.product_id,
            tracking_id: tracking.id,
            event_id: page.event.id,
            user_id: tracking.user_id,
            channel: Channel::Email,
            alerted: Alerted {
                product_name: "A thing".into(),
                shop: "shop.example".into(),
                product_url: page.product.url.clone(),
                old_price: page.event.old_price,
                new_price: page.event.new_price.unwrap(),
                observed_at: page.event.at,
                reason,
            },
            status: Status::Pending,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            created_at: now,
            sent_at: None,
            read_at: None,
        };
        DecidedTracking { keys: keys(&after.tracking), tracking: after.tracking, notifications: vec![notification] }
    };
    page.candidates.iter().map(decide_one).collect()
}

#[tokio::test]
async fn a_fault_while_recording_leaves_nothing() {
    let mut world = world().await;
    let first = world.check(100_00, t(1)).await;
    world.store.record_checks(&[first]).await.unwrap();
    let second = [world.check(80_00, t(2)).await];
    let writes = [
        ("UPDATE", "price_runs"),
        ("INSERT", "price_runs"),
        ("UPDATE OF run_from", "products"),
        ("INSERT", "price_events"),
        ("UPDATE OF last_event_id", "products"),
        ("UPDATE OF search_text", "products"),
        ("UPDATE", "evidence"),
        ("UPDATE OF leased_until", "products"),
    ];
    fail_at_each(&mut world, &writes, async |store| store.record_checks(&second).await.map(drop)).await;
}

#[tokio::test]
async fn a_fault_while_fanning_out_leaves_nothing() {
    let mut world = world().await;
    for (minute, minor) in [(1, 100_00), (2, 80_00)] {
        let record = world.check(minor, t(minute)).await;
        world.store.record_checks(&[record]).await.unwrap();
    }
    let pending = world.store.pending_events(9).await.unwrap();
    let first = world.store.fan_out_page(pending[0], 9).await.unwrap().unwrap();
    world.store.record_fan_out(&first, &[]).await.unwrap();
    let page = world.store.fan_out_page(pending[1], 9).await.unwrap().unwrap();
    assert_eq!(page.candidates.len(), 3);
    let decided = decided(&page, t(2));
    let writes = [("UPDATE", "price_events"), ("UPDATE", "trackings"), ("INSERT", "notifications")];
    fail_at_each(&mut world, &writes, async |store| store.record_fan_out(&page, &decided).await).await;
}

#[tokio::test]
async fn a_fault_while_tracking_leaves_nothing() {
    let mut world = world().await;
    let wish = NewTracking {
        user_id: UserId(uuid::Uuid::from_u128(1)),
        product: ProductUrl::parse("https://shop.example/p/2").unwrap(),
        rules: Rules::default(),
        channels: Vec::new(),
    };
    let writes = [("INSERT", "products"), ("INSERT", "trackings"), ("UPDATE OF trackers", "products")];
    fail_at_each(&mut world, &writes, async |store| store.track(&wish, t(1)).await.map(drop)).await;
}
