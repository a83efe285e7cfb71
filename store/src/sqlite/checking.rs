//! Claiming products for a check, and recording what the checks found.

use std::collections::HashSet;
use std::time::Duration;

use domain::check::CheckRecord;
use domain::{DueProduct, ProductId, ProductState, Timestamp};
use sqlx::{SqliteConnection, query};

use super::SqliteStore;
use crate::batch::json_rows;
use crate::error::Result;
use crate::records::{CheckedRow, EventRow, EvidenceRow, FactsRow, RunRow};
use crate::{params, rows};

pub(super) const DUE: &str = include_str!("../sql/due_products.sql");
pub(super) const SAMPLE: &str = concat!(
    "SELECT ",
    include_str!("../sql/product_columns.sql"),
    ", ",
    include_str!("../sql/nearest_target.sql"),
    " FROM ",
    include_str!("../sql/product_tables.sql"),
    " WHERE ",
    include_str!("../sql/sample_products.sql")
);
pub(super) const LEASED: &str = concat!(
    "SELECT ",
    include_str!("../sql/product_columns.sql"),
    ", ",
    include_str!("../sql/nearest_target.sql"),
    " FROM json_each($1) AS wanted CROSS JOIN ",
    include_str!("../sql/product_tables.sql"),
    " WHERE p.product_id = unhex(wanted.value) AND p.leased_until > $2 ORDER BY wanted.key"
);

/// A statement over the rows of a batch.
macro_rules! over {
    ($rows:literal, $statement:literal) => {
        concat!(include_str!(concat!("../sql/sqlite/", $rows)), include_str!(concat!("../sql/", $statement)))
    };
}
pub(super) const CLOSE_RUNS: &str = over!("new_runs.sql", "sqlite/close_runs.sql");
pub(super) const INSERT_RUNS: &str = over!("new_runs.sql", "insert_runs.sql");
pub(super) const BEGIN_RUNS: &str = over!("new_runs.sql", "sqlite/begin_runs.sql");
pub(super) const INSERT_EVENTS: &str = over!("new_events.sql", "insert_events.sql");
pub(super) const POINT_TO_EVENTS: &str = over!("new_events.sql", "sqlite/point_to_events.sql");
pub(super) const UPDATE_FACTS: &str = over!("new_facts.sql", "update_facts.sql");
pub(super) const UPDATE_TEXTS: &str = over!("new_facts.sql", "update_texts.sql");
const KEEP_EVIDENCE: &str = over!("kept_evidence.sql", "keep_evidence.sql");
pub(super) const UPDATE_CHECKED: &str = include_str!("../sql/sqlite/update_checked_products.sql");

pub(super) async fn claim_due(store: &SqliteStore, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>> {
    // Most often nothing is due: a look that needs no write lock.
    if query(DUE).bind(now.as_micros()).bind(1).fetch_optional(&store.readers).await?.is_none() {
        return Ok(Vec::new());
    }
    let mut tx = store.write().await?;
    let due = query(DUE).bind(now.as_micros()).bind(limit).fetch_all(&mut *tx).await?;
    let due: Vec<DueProduct> = due.iter().map(rows::due_product).collect::<Result<_>>()?;
    let ids = params::hex_array(due.iter().map(|product| product.id.0));
    let until = params::lease_end(now, lease);
    query(include_str!("../sql/sqlite/lease_products.sql")).bind(ids).bind(until).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(due)
}

pub(super) async fn defer(store: &SqliteStore, products: &[(ProductId, Timestamp)]) -> Result<()> {
    if products.is_empty() {
        return Ok(());
    }
    let deferred: Vec<_> = products.iter().map(|(product, at)| (params::hex(product.0), at.as_micros())).collect();
    let mut tx = store.write().await?;
    json_rows(include_str!("../sql/sqlite/defer_products.sql"), &deferred).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn claim_now(store: &SqliteStore, product: ProductId, now: Timestamp, lease: Duration) -> Result<bool> {
    let mut tx = store.write().await?;
    let done = query(include_str!("../sql/lease_product.sql"))
        .bind(product.0)
        .bind(now.as_micros())
        .bind(params::lease_end(now, lease))
        .execute(&mut *tx)
        .await?;
    tx.commit().await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn leased_products(store: &SqliteStore, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductState>> {
    let ids = params::hex_array(products.iter().map(|product| product.0));
    let rows = query(LEASED).bind(ids).bind(now.as_micros()).fetch_all(&store.readers).await?;
    rows.iter().map(rows::leased_product).collect()
}

pub(super) async fn sample_products(store: &SqliteStore, from: ProductId, limit: u32) -> Result<Vec<ProductState>> {
    let rows = query(SAMPLE).bind(from.0).bind(limit).fetch_all(&store.readers).await?;
    rows.iter().map(rows::leased_product).collect()
}

pub(super) async fn record_checks(store: &SqliteStore, records: &[CheckRecord]) -> Result<Vec<ProductId>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    let mut tx = store.write().await?;
    let checked: Vec<_> = records.iter().map(CheckedRow::of).collect();
    let mut recordable = recordable(&mut tx, &checked).await?;
    // Of two records of one product the first counts: the second was decided without it.
    let is_recordable: Vec<bool> = records.iter().map(|record| recordable.remove(&record.product_id)).collect();
    let apply: Vec<&CheckRecord> = records.iter().zip(&is_recordable).filter_map(|(record, is)| is.then_some(record)).collect();
    let runs: Vec<_> = apply.iter().filter_map(|record| RunRow::of(record)).collect();
    batch(&mut tx, &[CLOSE_RUNS, INSERT_RUNS, BEGIN_RUNS], &runs).await?;
    let events: Vec<_> = apply.iter().filter_map(|record| record.event.as_ref()).map(EventRow::of).collect();
    batch(&mut tx, &[INSERT_EVENTS, POINT_TO_EVENTS], &events).await?;
    let facts: Vec<_> = apply.iter().filter_map(|record| FactsRow::of(record)).collect();
    batch(&mut tx, &[UPDATE_FACTS, UPDATE_TEXTS], &facts).await?;
    let evidence: Vec<_> = apply.iter().filter_map(|record| EvidenceRow::of(record)).collect();
    batch(&mut tx, &[KEEP_EVIDENCE], &evidence).await?;
    let checked: Vec<_> = checked.into_iter().zip(&is_recordable).filter_map(|(row, is)| is.then_some(row)).collect();
    batch(&mut tx, &[UPDATE_CHECKED], &checked).await?;
    tx.commit().await?;
    Ok(records.iter().zip(is_recordable).filter_map(|(record, is)| (!is).then_some(record.product_id)).collect())
}

/// The products whose records were decided from what is there now.
async fn recordable(tx: &mut SqliteConnection, checked: &[CheckedRow<'_>]) -> Result<HashSet<ProductId>> {
    let keys: Vec<_> = checked.iter().map(|row| (params::hex(row.product_id), row.revision, row.at)).collect();
    let rows = json_rows(include_str!("../sql/sqlite/recordable_checks.sql"), &keys).fetch_all(tx).await?;
    rows.iter().map(|row| Ok(ProductId(rows::uuid(row, "product_id")?))).collect()
}

/// Runs statements over the same rows, one after the other.
async fn batch<T: serde::Serialize>(tx: &mut SqliteConnection, statements: &[&'static str], rows: &[T]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    for sql in statements {
        json_rows(sql, rows).execute(&mut *tx).await?;
    }
    Ok(())
}
