//! Products and their histories.

use anyhow::Context;
use domain::history::PriceRun;
use domain::{ProductId, ProductState, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::SqliteStore;
use crate::error::Result;
use crate::model::{KeptEvidence, RecentRuns};
use crate::{params, rows};

pub(super) async fn find_product(store: &SqliteStore, product: ProductId) -> Result<Option<ProductState>> {
    read_product(&mut *store.readers.acquire().await?, product).await
}

/// One product, inside of a transaction.
pub(super) async fn read_product(connection: &mut SqliteConnection, product: ProductId) -> Result<Option<ProductState>> {
    const FIND: &str = concat!(
        "SELECT ",
        include_str!("../sql/product_columns.sql"),
        " FROM ",
        include_str!("../sql/product_tables.sql"),
        " WHERE p.product_id = $1"
    );
    let row = sqlx::query(FIND).bind(product.0).fetch_optional(connection).await?;
    row.as_ref().map(rows::product).transpose()
}

pub(super) async fn price_runs(store: &SqliteStore, product: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>> {
    let runs: String = sqlx::query_scalar(include_str!("../sql/sqlite/price_runs.sql"))
        .bind(product.0)
        .bind(from.as_micros())
        .bind(to.as_micros())
        .fetch_one(&store.readers)
        .await?;
    Ok(rows::price_runs(&runs).with_context(|| format!("the history of product {product} cannot be read from the database"))?)
}

pub(super) async fn recent_runs(
    store: &SqliteStore,
    products: &[ProductId],
    from: Timestamp,
    most: u32,
) -> Result<Vec<RecentRuns>> {
    let mut recent: Vec<RecentRuns> =
        products.iter().map(|product| RecentRuns { product_id: *product, runs: Vec::new() }).collect();
    if recent.is_empty() || most == 0 {
        return Ok(recent);
    }
    let rows = sqlx::query(include_str!("../sql/sqlite/recent_runs.sql"))
        .bind(params::hex_array(products.iter().map(|product| product.0)))
        .bind(from.as_micros())
        .bind(most)
        .fetch_all(&store.readers)
        .await?;
    for row in &rows {
        let position = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(usize::MAX);
        if let Some(of_product) = recent.get_mut(position) {
            of_product.runs.push(rows::recent_run(row)?);
        }
    }
    Ok(recent)
}

pub(super) async fn find_evidence(store: &SqliteStore, product: ProductId) -> Result<Option<KeptEvidence>> {
    let row = sqlx::query("SELECT at, outcome, evidence FROM evidence WHERE product_id = $1")
        .bind(product.0)
        .fetch_optional(&store.readers)
        .await?;
    row.map(|row| rows::evidence(&row, product)).transpose()
}
