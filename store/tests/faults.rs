//! A fault at any statement of a transaction leaves nothing of it behind.
//!
//! Triggers stand in for the fault: each lets one kind of write to one table fail, after other statements have succeeded.
#![cfg(test)]

use std::sync::Arc;

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
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, SqliteConnection};
use store::postgres::{PostgresOptions, PostgresStore};
use store::sqlite::SqliteStore;
use store::{DecidedTracking, FanOutPage, NewTracking, NewUser, Store, StoreError};

fn t(minutes: i64) -> Timestamp {
    Timestamp::from_micros(1_763_028_000_123_457 + minutes * MINUTE)
}

struct World {
    store: Arc<dyn Store>,
    /// A second connection, which sees what is committed.
    database: Database,
    product: ProductId,
}

enum Database {
    /// With its folder, which lives as long.
    Sqlite(SqliteConnection, #[expect(dead_code, reason = "dropped with the rest")] tempfile::TempDir),
    Postgres(PgConnection),
}

async fn sqlite() -> World {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plummet.db");
    let store = SqliteStore::open(&path).await.unwrap();
    let file = SqliteConnectOptions::new().filename(&path).connect().await.unwrap();
    world(Arc::new(store), Database::Sqlite(file, folder)).await
}

async fn postgres() -> World {
    let url = testbed::shared_postgres().await;
    let mut connection = PgConnection::connect(&url).await.unwrap();
    let options = PostgresOptions { url: url.into(), replica_url: None, max_connections: 4 };
    let store = PostgresStore::open(&options).await.unwrap();
    sqlx::query(
        "CREATE FUNCTION fault() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$",
    )
    .execute(&mut connection)
    .await
    .unwrap();
    world(Arc::new(store), Database::Postgres(connection)).await
}

impl Database {
    async fn run(&mut self, sql: String) {
        match self {
            Database::Sqlite(file, _) => drop(sqlx::query(AssertSqlSafe(sql)).execute(file).await.unwrap()),
            Database::Postgres(connection) => drop(sqlx::query(AssertSqlSafe(sql)).execute(connection).await.unwrap()),
        }
    }

    async fn texts(&mut self, sql: String) -> Vec<String> {
        let sql = AssertSqlSafe(sql);
        match self {
            Database::Sqlite(file, _) => sqlx::query_scalar(sql).fetch_all(file).await.unwrap(),
            Database::Postgres(connection) => sqlx::query_scalar(sql).fetch_all(connection).await.unwrap(),
        }
    }

    /// Every row of every table, as text.
    async fn everything(&mut self) -> String {
        let tables = match self {
            Database::Sqlite(..) => {
                "SELECT name FROM pragma_table_list WHERE type = 'table' AND name NOT LIKE 'sqlite_%' ORDER BY 1"
            }
            Database::Postgres(_) => "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1",
        };
        let mut all = String::new();
        for table in self.texts(tables.into()).await {
            let rows = match self {
                Database::Sqlite(..) => {
                    let columns = self.texts(format!("SELECT name FROM pragma_table_info('{table}')")).await;
                    let quoted = columns.iter().map(|column| format!("quote({column})")).collect::<Vec<_>>().join("||','||");
                    format!("SELECT {quoted} FROM {table} ORDER BY 1")
                }
                Database::Postgres(_) => format!("SELECT {table}::text FROM {table} ORDER BY 1"),
            };
            for row in self.texts(rows).await {
                all += &format!("{table}: {row}\n");
            }
        }
        all
    }

    /// Lets one kind of write to a table fail.
    async fn break_on(&mut self, operation: &str, table: &str) {
        let body = match self {
            Database::Sqlite(..) => "BEGIN SELECT RAISE(ABORT, 'fault'); END",
            Database::Postgres(_) => "FOR EACH ROW EXECUTE FUNCTION fault()",
        };
        self.run(format!("CREATE TRIGGER fault AFTER {operation} ON {table} {body}")).await;
    }

    async fn mend(&mut self, table: &str) {
        let drop = match self {
            Database::Sqlite(..) => "DROP TRIGGER fault".to_owned(),
            Database::Postgres(_) => format!("DROP TRIGGER fault ON {table}"),
        };
        self.run(drop).await;
    }
}

async fn world(store: Arc<dyn Store>, database: Database) -> World {
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
    World { store, database, product: listing.product_id() }
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
}

/// Lets each of these writes fail in turn while `unit` runs; no failure may leave a trace. Without one it must succeed.
async fn fail_at_each(world: &mut World, writes: &[(&str, &str)], unit: impl AsyncFn(&dyn Store) -> store::Result<()>) {
    let before = world.database.everything().await;
    for (operation, table) in writes {
        world.database.break_on(operation, table).await;
        let Err(error) = unit(&*world.store).await else { panic!("{operation} ON {table} is part of it") };
        if matches!(world.database, Database::Postgres(_)) {
            assert!(matches!(&error, StoreError::Unavailable(what) if what.contains("make room on the disk")), "{error}");
        }
        assert_eq!(world.database.everything().await, before, "{operation} ON {table}");
        world.database.mend(table).await;
    }
    unit(&*world.store).await.unwrap();
    assert_ne!(world.database.everything().await, before);
}

/// With the tables in which PostgreSQL keeps what is a person's.
fn with_more(world: &World, writes: &[(&'static str, &'static str)], more: &[&'static str]) -> Vec<(&'static str, &'static str)> {
    let more = more.iter().filter(|_| matches!(world.database, Database::Postgres(_)));
    writes.iter().copied().chain(more.map(|table| ("INSERT", *table))).collect()
}

fn decided(page: &FanOutPage, now: Timestamp) -> Vec<DecidedTracking> {
    let decide_one = |tracking: &domain::Tracking| {
        let after = decide(tracking, &page.event, Occasion::Event, now);
        let Decision::Notify(reason) = after.decision else { panic!("the target is met") };
        let notification = |channel| Notification {
            id: NotificationId::derive(tracking.id, page.event.id, channel),
            product_id: tracking.product_id,
            tracking_id: tracking.id,
            event_id: page.event.id,
            user_id: tracking.user_id,
            channel,
            alerted: Alerted {
                product_name: "A thing".into(),
                shop: "shop.example".into(),
                product_url: page.product.url.clone(),
                old_price: page.event.old_price,
                new_price: page.event.new_price.unwrap(),
                observed_at: page.event.at,
                reason: reason.clone(),
            },
            status: Status::Pending,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            created_at: now,
            sent_at: None,
            read_at: None,
        };
        DecidedTracking {
            keys: keys(&after.tracking),
            tracking: after.tracking,
            notifications: [Channel::Inbox, Channel::Email].map(notification).to_vec(),
        }
    };
    page.candidates.iter().map(decide_one).collect()
}

#[tokio::test]
async fn a_fault_while_recording_leaves_nothing() {
    recording(sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_a_fault_while_recording_leaves_nothing() {
    recording(postgres().await).await;
}

async fn recording(mut world: World) {
    let first = world.check(100_00, t(1)).await;
    world.store.record_checks(&[first]).await.unwrap();
    let second = [world.check(80_00, t(2)).await];
    let writes = [
        ("UPDATE", "price_runs"),
        ("INSERT", "price_runs"),
        ("UPDATE OF run_from", "products"),
        ("INSERT", "price_events"),
        ("UPDATE OF last_event_id", "products"),
        ("UPDATE OF name", "products"),
        ("UPDATE OF search_text", "product_texts"),
        ("UPDATE", "evidence"),
        ("UPDATE OF leased_until", "products"),
    ];
    fail_at_each(&mut world, &writes, async |store| store.record_checks(&second).await.map(drop)).await;
}

#[tokio::test]
async fn a_fault_while_fanning_out_leaves_nothing() {
    fanning_out(sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_a_fault_while_fanning_out_leaves_nothing() {
    fanning_out(postgres().await).await;
}

async fn fanning_out(mut world: World) {
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
    let writes = with_more(&world, &writes, &["inbox"]);
    fail_at_each(&mut world, &writes, async |store| store.record_fan_out(&page, &decided).await).await;
}

#[tokio::test]
async fn a_fault_while_tracking_leaves_nothing() {
    tracking(sqlite().await).await;
}

#[tokio::test]
async fn on_postgres_a_fault_while_tracking_leaves_nothing() {
    tracking(postgres().await).await;
}

async fn tracking(mut world: World) {
    let wish = NewTracking {
        user_id: UserId(uuid::Uuid::from_u128(1)),
        product: ProductUrl::parse("https://shop.example/p/2").unwrap(),
        rules: Rules::default(),
        channels: Vec::new(),
    };
    let writes = [("INSERT", "products"), ("INSERT", "trackings"), ("UPDATE OF trackers", "products")];
    let writes = with_more(&world, &writes, &["user_trackings", "product_texts"]);
    fail_at_each(&mut world, &writes, async |store| store.track(&wish, t(1)).await.map(drop)).await;
}
