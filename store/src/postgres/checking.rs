//! Claiming products for a check, and recording what the checks found.

use std::collections::HashSet;
use std::time::Duration;

use domain::check::CheckRecord;
use domain::{DueProduct, ProductId, ProductState, Timestamp};
use sqlx::{PgConnection, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::batch::{ByColumn, column_rows};
use crate::error::Result;
use crate::records::{CheckedRow, EventRow, EvidenceRow, FactsRow, KeyRow, RunRow};
use crate::{params, rows};

pub(super) async fn claim_due(store: &PostgresStore, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>> {
    if store.is_sharded {
        return scan_and_take(store, now, lease, limit).await;
    }
    let claimed = query(sql::CLAIM_PRODUCTS)
        .bind(now.as_micros())
        .bind(i64::from(limit))
        .bind(params::lease_end(now, lease))
        .fetch_all(&store.pool)
        .await?;
    claimed.iter().map(rows::due_product).collect()
}

/// A claim where a scan cannot lock: what was found due is taken where nobody else took it meanwhile.
async fn scan_and_take(store: &PostgresStore, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>> {
    loop {
        let due = query(sql::DUE_PRODUCTS).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&store.pool).await?;
        let mut due: Vec<DueProduct> = due.iter().map(rows::due_product).collect::<Result<_>>()?;
        // In the order of their keys, so that two takers wait for each other and never in a circle.
        let mut ids: Vec<Uuid> = due.iter().map(|product| product.id.0).collect();
        ids.sort_unstable();
        let taken = query(sql::TAKE_PRODUCTS)
            .bind(&ids)
            .bind(now.as_micros())
            .bind(params::lease_end(now, lease))
            .fetch_all(&store.pool)
            .await?;
        let taken = taken.iter().map(|row| Ok(ProductId(rows::uuid(row, "product_id")?))).collect::<Result<HashSet<_>>>()?;
        let is_empty = due.is_empty();
        due.retain(|product| taken.contains(&product.id));
        // Where another one took them all there may be more behind.
        if is_empty || !due.is_empty() {
            return Ok(due);
        }
    }
}

pub(super) async fn defer(store: &PostgresStore, products: &[(ProductId, Timestamp)]) -> Result<()> {
    let mut products = products.to_vec();
    products.sort_unstable();
    query(sql::DEFER_PRODUCTS)
        .bind(products.iter().map(|(product, _)| product.0).collect::<Vec<_>>())
        .bind(products.iter().map(|(_, at)| at.as_micros()).collect::<Vec<_>>())
        .execute(&store.pool)
        .await?;
    Ok(())
}

pub(super) async fn claim_now(store: &PostgresStore, product: ProductId, now: Timestamp, lease: Duration) -> Result<bool> {
    let done = query(sql::LEASE_PRODUCT)
        .bind(product.0)
        .bind(now.as_micros())
        .bind(params::lease_end(now, lease))
        .execute(&store.pool)
        .await?;
    Ok(done.rows_affected() == 1)
}

pub(super) async fn leased_products(store: &PostgresStore, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductState>> {
    let ids: Vec<Uuid> = products.iter().map(|product| product.0).collect();
    let rows = query(sql::LEASED).bind(ids).bind(now.as_micros()).fetch_all(&store.pool).await?;
    rows.iter().map(rows::leased_product).collect()
}

pub(super) async fn sample_products(store: &PostgresStore, from: ProductId, limit: u32) -> Result<Vec<ProductState>> {
    let rows = query(sql::SAMPLE_PRODUCTS).bind(from.0).bind(i64::from(limit)).fetch_all(&store.pool).await?;
    rows.iter().map(rows::leased_product).collect()
}

pub(super) async fn record_checks(store: &PostgresStore, records: &[CheckRecord]) -> Result<Vec<ProductId>> {
    if records.is_empty() {
        return Ok(Vec::new());
    }
    // Of two records of one product the first counts: the second was decided without it. In the order of their keys, so that two
    // recorders wait for each other and hardly ever in a circle.
    let mut seen = HashSet::new();
    let mut first: Vec<&CheckRecord> = records.iter().filter(|record| seen.insert(record.product_id)).collect();
    first.sort_by_key(|record| record.product_id);
    let mut tx = store.write().await?;
    let mut recorded = update_products(&mut tx, &first).await?;
    first.retain(|record| recorded.contains(&record.product_id));
    batch(&mut tx, &[sql::INSERT_RUNS], &rows_of(&first, RunRow::of)).await?;
    batch(&mut tx, &[sql::INSERT_EVENTS], &rows_of(&first, |record| record.event.as_ref().map(EventRow::of))).await?;
    batch(&mut tx, &[sql::UPDATE_FACTS, sql::UPDATE_TEXTS], &rows_of(&first, FactsRow::of)).await?;
    batch(&mut tx, &[sql::KEEP_EVIDENCE], &rows_of(&first, EvidenceRow::of)).await?;
    tx.commit().await?;
    Ok(records.iter().map(|record| record.product_id).filter(|product| !recorded.remove(product)).collect())
}

/// Closes the runs that end, and writes the products that are still as their records were decided from. Gives these.
async fn update_products(tx: &mut PgConnection, records: &[&CheckRecord]) -> Result<HashSet<ProductId>> {
    let ending: Vec<&CheckRecord> = records.iter().copied().filter(|record| record.new_run.is_some()).collect();
    if !ending.is_empty() {
        query(sql::CLOSE_RUNS)
            .bind(ending.iter().map(|record| record.product_id.0).collect::<Vec<_>>())
            .bind(ending.iter().map(|record| record.revision).collect::<Vec<_>>())
            .execute(&mut *tx)
            .await?;
    }
    let checked = rows_of(records, |record| Some(CheckedRow::of(record)));
    let runs = rows_of(records, RunRow::of);
    let events =
        rows_of(records, |record| record.event.as_ref().map(|event| KeyRow { product_id: record.product_id.0, id: event.id.0 }));
    let update = KeyRow::bind(&events, RunRow::bind(&runs, column_rows(sql::UPDATE_CHECKED, &checked)));
    let updated = update.fetch_all(&mut *tx).await?;
    updated.iter().map(|row| Ok(ProductId(rows::uuid(row, "product_id")?))).collect()
}

fn rows_of<'r, T>(records: &[&'r CheckRecord], row: impl Fn(&'r CheckRecord) -> Option<T>) -> Vec<T> {
    records.iter().filter_map(|record| row(record)).collect()
}

/// Runs statements over the same rows, one after the other.
async fn batch<T: ByColumn>(tx: &mut PgConnection, statements: &[&'static str], rows: &[T]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    for sql in statements {
        column_rows(sql, rows).execute(&mut *tx).await?;
    }
    Ok(())
}
