//! Claiming products for a check, and recording what the checks found.

use std::collections::HashSet;
use std::time::Duration;

use domain::check::CheckRecord;
use domain::{DueProduct, Platform, ProductId, ProductState, Timestamp};
use sqlx::sqlite::SqliteRow;
use sqlx::{Row, SqliteConnection};

use super::records::{EventRow, EvidenceRow, FactsRow, RunRow, checked_row};
use super::{SqliteStore, params, rows};
use crate::error::{Result, StoreError};

pub(super) const DUE: &str = include_str!("../sql/due_products.sql");
pub(super) const LEASED: &str = concat!(
    "SELECT ",
    include_str!("../sql/product_columns.sql"),
    " FROM json_each($1) AS wanted CROSS JOIN ",
    include_str!("../sql/product_tables.sql"),
    " WHERE p.product_id = unhex(wanted.value) AND p.leased_until > $2 ORDER BY wanted.key"
);

pub(super) async fn claim_due(store: &SqliteStore, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>> {
    // Most often nothing is due: a look that needs no write lock.
    if sqlx::query(DUE).bind(now.as_micros()).bind(1).fetch_optional(&store.readers).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = store.write().await?;
    let due = sqlx::query(DUE).bind(now.as_micros()).bind(limit).fetch_all(&mut *tx).await?;
    let due: Vec<DueProduct> = due.iter().map(due_product).collect::<Result<_>>()?;
    let ids = params::hex_array(due.iter().map(|product| product.id.0));
    let until = params::lease_end(now, lease);
    sqlx::query(include_str!("../sql/lease_products.sql")).bind(ids).bind(until).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(due)
}

fn due_product(row: &SqliteRow) -> Result<DueProduct> {
    let id = ProductId(rows::uuid(row, "product_id")?);
    let platform = rows::word(row, "platform", Platform::parse).map_err(|error| error.context(format!("product {id}")))?;
    Ok(DueProduct { id, platform, host: row.try_get("host")? })
}

pub(super) async fn defer(store: &SqliteStore, products: &[(ProductId, Timestamp)]) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let deferred: Vec<_> = products.iter().map(|(product, at)| (params::hex(product.0), at.as_micros())).collect();
    let mut tx = store.write().await?;
    sqlx::query(include_str!("../sql/defer_products.sql")).bind(params::json(&deferred)).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn claim_now(store: &SqliteStore, product: ProductId, now: Timestamp, lease: Duration) -> Result<bool> {
    let mut tx = store.write().await?;
    let done = sqlx::query(include_str!("../sql/lease_product.sql"))
        .bind(product.0.as_bytes().as_slice())
        .bind(now.as_micros())
        .bind(params::lease_end(now, lease))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn leased_products(store: &SqliteStore, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductState>> {
    let ids = params::hex_array(products.iter().map(|product| product.0));
    let rows = sqlx::query(LEASED).bind(ids).bind(now.as_micros()).fetch_all(&store.readers).await?;
    rows.iter().map(rows::product).collect()
}

pub(super) async fn record_checks(store: &SqliteStore, records: &[CheckRecord]) -> Result<Vec<ProductId>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = store.write().await?;
    let mut recordable = recordable(&mut tx, records).await?;
    // Of two records of one product the first counts: the second was decided without it.
    let (apply, conflicts): (Vec<&CheckRecord>, Vec<&CheckRecord>) =
        records.iter().partition(|record| recordable.remove(&record.product_id));
    begin_runs(&mut tx, &apply).await?;
    add_events(&mut tx, &apply).await?;
    let facts: Vec<_> = apply.iter().filter_map(|record| FactsRow::of(record)).collect();
    batch(&mut tx, include_str!("../sql/update_facts.sql"), &facts).await?;
    let evidence: Vec<_> = apply.iter().filter_map(|record| EvidenceRow::of(record)).collect();
    batch(&mut tx, include_str!("../sql/keep_evidence.sql"), &evidence).await?;
    let checked: Vec<_> = apply.iter().map(|record| checked_row(record)).collect();
    batch(&mut tx, include_str!("../sql/update_checked_products.sql"), &checked).await?;
    tx.commit().await?;
    Ok(conflicts.into_iter().map(|record| record.product_id).collect())
}

/// The products whose records were decided from what is there now.
async fn recordable(tx: &mut SqliteConnection, records: &[CheckRecord]) -> Result<HashSet<ProductId>> {
    let keys: Vec<_> = records
        .iter()
        .map(|record| (params::hex(record.product_id.0), record.revision, record.observed_at.as_micros()))
        .collect();
    let rows = sqlx::query(include_str!("../sql/recordable_checks.sql")).bind(params::json(&keys)).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(ProductId(rows::uuid(row, "product_id")?))).collect()
}

async fn begin_runs(tx: &mut SqliteConnection, records: &[&CheckRecord]) -> Result<()> {
    let runs: Vec<_> = records.iter().filter_map(|record| RunRow::of(record)).collect();
    batch(tx, include_str!("../sql/close_runs.sql"), &runs).await?;
    batch(tx, include_str!("../sql/insert_runs.sql"), &runs).await?;
    batch(tx, include_str!("../sql/begin_runs.sql"), &runs).await
}

async fn add_events(tx: &mut SqliteConnection, records: &[&CheckRecord]) -> Result<()> {
    let events: Vec<_> = records.iter().filter_map(|record| record.event.as_ref()).map(EventRow::of).collect();
    batch(tx, include_str!("../sql/insert_events.sql"), &events).await?;
    batch(tx, include_str!("../sql/point_to_events.sql"), &events).await
}

/// Runs a statement whose one parameter is a whole batch of rows.
async fn batch<T: serde::Serialize>(tx: &mut SqliteConnection, sql: &'static str, rows: &[T]) -> Result<(), StoreError> {
    if !rows.is_empty() {
        sqlx::query(sql).bind(params::json(rows)).execute(tx).await?;
    }
    Ok(())
}
