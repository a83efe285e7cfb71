//! Products and their histories.

use anyhow::Context;
use domain::history::PriceRun;
use domain::{ProductId, ProductState, Timestamp};
use sqlx::{PgConnection, PgPool, Row, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::error::Result;
use crate::model::{KeptEvidence, RecentRuns};
use crate::rows;

pub(super) async fn find_product(store: &PostgresStore, product: ProductId) -> Result<Option<ProductState>> {
    read_product(&mut *store.pool.acquire().await?, product).await
}

/// One product, inside of a transaction.
pub(super) async fn read_product(connection: &mut PgConnection, product: ProductId) -> Result<Option<ProductState>> {
    let row = query(sql::FIND_PRODUCT).bind(product.0).fetch_optional(connection).await?;
    row.as_ref().map(rows::product).transpose()
}

pub(super) async fn price_runs(
    store: &PostgresStore,
    product: ProductId,
    from: Timestamp,
    to: Timestamp,
) -> Result<Vec<PriceRun>> {
    let read = |pool| read_price_runs(pool, product, from, to);
    store.read_behind(read, |runs| !runs.is_empty()).await
}

async fn read_price_runs(pool: &PgPool, product: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>> {
    type Column<T> = Option<Vec<T>>;
    let row = query(sql::PRICE_RUNS).bind(product.0).bind(from.as_micros()).bind(to.as_micros()).fetch_one(pool).await?;
    let Some(starts) = row.try_get::<Column<i64>, _>(0)? else { return Ok(Vec::new()) };
    let (ends, checks): (Vec<i64>, Vec<i64>) = (row.try_get(1)?, row.try_get(2)?);
    let (prices, currencies): (Vec<Option<i64>>, Vec<Option<String>>) = (row.try_get(3)?, row.try_get(4)?);
    let availabilities: Vec<String> = row.try_get(5)?;
    let run =
        |n: usize| rows::price_run((starts[n], ends[n], checks[n], prices[n], currencies[n].as_deref(), &availabilities[n]));
    let runs: anyhow::Result<_> = (0..starts.len()).map(run).collect();
    Ok(runs.with_context(|| format!("the history of product {product} cannot be read from the database"))?)
}

pub(super) async fn recent_runs(
    store: &PostgresStore,
    products: &[ProductId],
    from: Timestamp,
    most: u32,
) -> Result<Vec<RecentRuns>> {
    if products.is_empty() || most == 0 {
        return Ok(without_runs(products));
    }
    store.read_behind(|pool| read_recent_runs(pool, products, from, most), |_| true).await
}

fn without_runs(products: &[ProductId]) -> Vec<RecentRuns> {
    products.iter().map(|product| RecentRuns { product_id: *product, runs: Vec::new() }).collect()
}

async fn read_recent_runs(pool: &PgPool, products: &[ProductId], from: Timestamp, most: u32) -> Result<Vec<RecentRuns>> {
    let ids: Vec<Uuid> = products.iter().map(|product| product.0).collect();
    let rows = query(sql::RECENT_RUNS).bind(ids).bind(from.as_micros()).bind(i64::from(most)).fetch_all(pool).await?;
    let mut recent = without_runs(products);
    for row in &rows {
        // Positions count from one here.
        let position = usize::try_from(row.try_get::<i64, _>("position")? - 1).unwrap_or(usize::MAX);
        if let Some(of_product) = recent.get_mut(position) {
            of_product.runs.push(rows::recent_run(row)?);
        }
    }
    Ok(recent)
}

pub(super) async fn find_evidence(store: &PostgresStore, product: ProductId) -> Result<Option<KeptEvidence>> {
    let row = query(sql::FIND_EVIDENCE).bind(product.0).fetch_optional(&store.pool).await?;
    row.map(|row| rows::evidence(&row, product)).transpose()
}
