//! The statements that run all the time find their rows by index, on an empty database as on a filled and analysed one.

use std::path::Path;

use sqlx::{AssertSqlSafe, Row, query};

use super::SqliteStore;
use super::{checking, delivery, fan_out, revisits};

/// Each hot statement with the index (or key) that it must use for each table it touches.
fn hot_statements() -> Vec<(&'static str, &'static str, Vec<&'static str>)> {
    const BY_PRODUCT: &str = "sqlite_autoindex_products_1 (product_id=?)";
    vec![
        ("claim", checking::DUE, vec!["products USING INDEX products_due (next_check_at<?)"]),
        ("lease", include_str!("../sql/sqlite/lease_products.sql"), vec![BY_PRODUCT]),
        ("defer", include_str!("../sql/sqlite/defer_products.sql"), vec![BY_PRODUCT]),
        ("leased", checking::LEASED, vec![BY_PRODUCT]),
        ("recordable", include_str!("../sql/sqlite/recordable_checks.sql"), vec![BY_PRODUCT]),
        ("checked", checking::UPDATE_CHECKED, vec![BY_PRODUCT]),
        ("close runs", checking::CLOSE_RUNS, vec![BY_PRODUCT, "price_runs USING PRIMARY KEY (product_id=? AND run_from=?)"]),
        ("begin runs", checking::BEGIN_RUNS, vec![BY_PRODUCT]),
        ("facts", checking::UPDATE_FACTS, vec![BY_PRODUCT]),
        (
            "texts",
            checking::UPDATE_TEXTS,
            vec![
                "p USING INDEX sqlite_autoindex_products_1 (product_id=?)",
                "product_texts USING INDEX sqlite_autoindex_product_texts_1 (product_id=?)",
            ],
        ),
        ("last event", checking::POINT_TO_EVENTS, vec![BY_PRODUCT]),
        (
            "runs",
            include_str!("../sql/sqlite/price_runs.sql"),
            vec!["r USING PRIMARY KEY (product_id=? AND run_from>? AND run_from<?)"],
        ),
        (
            "recent runs",
            include_str!("../sql/sqlite/recent_runs.sql"),
            vec![BY_PRODUCT, "r USING PRIMARY KEY (product_id=? AND run_from>?)"],
        ),
        ("pending events", include_str!("../sql/pending_events.sql"), vec!["price_events USING INDEX price_events_pending"]),
        (
            "next event",
            fan_out::FIND,
            vec![
                "e USING PRIMARY KEY (product_id=? AND event_id=?)",
                "earlier USING INDEX price_events_waiting (product_id=? AND at<?)",
            ],
        ),
        (
            "fan-out below",
            fan_out::BELOW,
            vec!["t USING INDEX trackings_below (product_id=? AND (watch_below,tracking_id)>(?,?))"],
        ),
        (
            "fan-out above",
            fan_out::ABOVE,
            vec!["t USING INDEX trackings_above (product_id=? AND (watch_above,tracking_id)>(?,?) AND watch_above<?)"],
        ),
        (
            "fan-out fall",
            fan_out::FALL,
            vec!["t USING INDEX trackings_fall (product_id=? AND (watch_fall,tracking_id)>(?,?) AND watch_fall<?)"],
        ),
        ("decided", super::tracking_rows::UPDATE, vec!["trackings USING PRIMARY KEY (product_id=? AND tracking_id=?)"]),
        ("revisits", revisits::DUE, vec!["t USING INDEX trackings_revisit (revisit_at<?)", BY_PRODUCT]),
        (
            "claim notifications",
            delivery::DUE,
            vec!["n USING INDEX notifications_due (channel=? AND next_attempt_at<?)", "u USING PRIMARY KEY (user_id=?)"],
        ),
        (
            "deliveries",
            delivery::RECORD,
            vec!["notifications USING INDEX sqlite_autoindex_notifications_1 (product_id=? AND notification_id=?)"],
        ),
    ]
}

/// What is wrong with the plans, one line a statement.
async fn wrong_plans(store: &SqliteStore) -> Vec<String> {
    const TABLES: [&str; 12] =
        ["products", "price_runs", "price_events", "trackings", "notifications", "users", "p", "r", "e", "t", "n", "u"];
    // Those sort the few rows of one call.
    const MAY_SORT: [&str; 4] = ["pending events", "revisits", "recent runs", "leased"];
    let mut wrong = Vec::new();
    for (name, sql, expect) in hot_statements() {
        let plan = query(AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"))).fetch_all(&store.writer).await.unwrap();
        let plan: Vec<String> = plan.iter().map(|step| step.try_get("detail").unwrap()).collect();
        let misses = expect.iter().any(|step| !plan.iter().any(|line| line.contains(step)));
        let scans = plan.iter().any(|line| {
            let table = line.strip_prefix("SCAN ").and_then(|rest| rest.split_whitespace().next());
            table.is_some_and(|table| TABLES.contains(&table)) && !line.contains("INDEX price_events_pending")
        });
        let sorts = plan.iter().any(|line| line.contains("TEMP B-TREE")) && !MAY_SORT.contains(&name);
        if misses || scans || sorts {
            wrong.push(format!("{name}: misses {misses}, scans {scans}, sorts {sorts}: {plan:#?}"));
        }
    }
    wrong
}

#[tokio::test]
async fn hot_statements_use_their_indexes() {
    let folder = tempfile::tempdir().unwrap();
    let store = SqliteStore::open(Path::new(&folder.path().join("plummet.db"))).await.unwrap();
    assert_eq!(wrong_plans(&store).await, [] as [String; 0], "empty");
    let mut tx = store.write().await.unwrap();
    for sql in include_str!("plans_fill.sql").split(";\n").filter(|sql| !sql.trim().is_empty()) {
        query(sql).execute(&mut *tx).await.unwrap();
    }
    tx.commit().await.unwrap();
    query("ANALYZE").execute(&store.writer).await.unwrap();
    // The planner reads statistics when a connection opens.
    store.shut().await;
    let store = SqliteStore::open(Path::new(&folder.path().join("plummet.db"))).await.unwrap();
    assert_eq!(wrong_plans(&store).await, [] as [String; 0], "filled");
}
