//! The instance itself: its values, its counts, its health.

use std::collections::HashMap;

use domain::Timestamp;
use sqlx::{Row, query};

use super::{PostgresStore, sql};
use crate::error::Result;
use crate::model::Totals;
use crate::rows::Columns;

/// Up to so many rows are counted; of more, PostgreSQL's estimate is near enough.
const MOST_COUNTED: i64 = 1_000_000;

pub(super) async fn find_setting(store: &PostgresStore, name: &str) -> Result<Option<String>> {
    Ok(sqlx::query_scalar(sql::FIND_SETTING).bind(name).fetch_optional(&store.pool).await?)
}

pub(super) async fn put_setting(store: &PostgresStore, name: &str, value: Option<&str>) -> Result<()> {
    match value {
        Some(value) => query(sql::PUT_SETTING).bind(name).bind(value).execute(&store.pool).await?,
        None => query(sql::DELETE_SETTING).bind(name).execute(&store.pool).await?,
    };
    Ok(())
}

pub(super) async fn totals(store: &PostgresStore, now: Timestamp) -> Result<Totals> {
    let mut tx = store.read().await?;
    let waiting = query(sql::WAITING).bind(now.as_micros()).fetch_one(&mut *tx).await?;
    let waiting = |column: &str| waiting.int(column).map(i64::unsigned_abs);
    let mut totals = Totals {
        pending_events: waiting("pending_events")?,
        pending_notifications: waiting("pending_notifications")?,
        due: waiting("due")?,
        ..Totals::default()
    };
    let estimates = query(sql::ESTIMATES).fetch_all(&mut *tx).await?;
    let estimates: HashMap<String, i64> =
        estimates.iter().map(|row| Ok((row.try_get("name")?, row.try_get("rows")?))).collect::<Result<_>>()?;
    let is_large = estimates.values().any(|rows| *rows > MOST_COUNTED);
    let counted = if is_large { None } else { Some(query(sql::COUNT_ALL).fetch_one(&mut *tx).await?) };
    let count = |column: &str, tables: &[&str]| match &counted {
        Some(counted) => counted.int(column).map(i64::unsigned_abs),
        None => Ok(tables.iter().filter_map(|table| estimates.get(*table)).sum::<i64>().unsigned_abs()),
    };
    totals.products = count("products", &["products"])?;
    totals.price_runs = count("price_runs", &["price_runs"])?;
    totals.trackings = count("trackings", &["trackings"])?;
    totals.events = count("events", &["price_events"])?;
    totals.notifications = count("notifications", &["notifications", "inbox"])?;
    Ok(totals)
}

pub(super) async fn ping(store: &PostgresStore) -> Result<()> {
    query(sql::PING).execute(&store.pool).await?;
    Ok(())
}
