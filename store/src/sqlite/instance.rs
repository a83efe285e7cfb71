//! The instance itself: its values, its counts, its health.

use domain::Timestamp;
use sqlx::{Row, query};

use super::SqliteStore;
use crate::error::Result;
use crate::model::Totals;

pub(super) async fn find_setting(store: &SqliteStore, name: &str) -> Result<Option<String>> {
    let value = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1").bind(name);
    Ok(value.fetch_optional(&store.readers).await?)
}

pub(super) async fn put_setting(store: &SqliteStore, name: &str, value: Option<&str>) -> Result<()> {
    const PUT: &str = include_str!("../sql/put_setting.sql");
    let mut tx = store.write().await?;
    match value {
        Some(value) => query(PUT).bind(name).bind(value).execute(&mut *tx).await?,
        None => query("DELETE FROM settings WHERE name = $1").bind(name).execute(&mut *tx).await?,
    };
    Ok(tx.commit().await?)
}

pub(super) async fn totals(store: &SqliteStore, now: Timestamp) -> Result<Totals> {
    let row = query(include_str!("../sql/sqlite/totals.sql")).bind(now.as_micros()).fetch_one(&store.readers).await?;
    let count = |column: &str| Ok::<u64, sqlx::Error>(row.try_get::<i64, _>(column)?.unsigned_abs());
    Ok(Totals {
        products: count("products")?,
        price_runs: count("price_runs")?,
        trackings: count("trackings")?,
        events: count("events")?,
        pending_events: count("pending_events")?,
        notifications: count("notifications")?,
        pending_notifications: count("pending_notifications")?,
        due: count("due")?,
    })
}

pub(super) async fn ping(store: &SqliteStore) -> Result<()> {
    query("SELECT count(*) FROM settings").execute(&store.readers).await?;
    Ok(())
}
