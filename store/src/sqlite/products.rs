//! Products, their histories, and searching them.

use anyhow::Context;
use domain::history::PriceRun;
use domain::{Platform, ProductId, ProductState, Timestamp};
use sqlx::{Row, SqliteConnection};

use super::{SqliteStore, params, rows};
use crate::error::Result;
use crate::model::{KeptEvidence, Page, RecentRuns, Window};

/// More words than this narrow nothing down.
const MAX_SEARCH_WORDS: usize = 16;

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
    let row = sqlx::query(FIND).bind(product.0.as_bytes().as_slice()).fetch_optional(connection).await?;
    row.as_ref().map(rows::product).transpose()
}

pub(super) async fn price_runs(store: &SqliteStore, product: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>> {
    let runs: String = sqlx::query_scalar(include_str!("../sql/price_runs.sql"))
        .bind(product.0.as_bytes().as_slice())
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
    let rows = sqlx::query(include_str!("../sql/recent_runs.sql"))
        .bind(params::hex_array(products.iter().map(|product| product.0)))
        .bind(from.as_micros())
        .bind(most)
        .fetch_all(&store.readers)
        .await?;
    for row in &rows {
        let position = usize::try_from(row.try_get::<i64, _>(0)?).unwrap_or(usize::MAX);
        if let Some(of_product) = recent.get_mut(position) {
            of_product.runs.push(rows::price_run_at(row, 1)?);
        }
    }
    Ok(recent)
}

pub(super) async fn find_evidence(store: &SqliteStore, product: ProductId) -> Result<Option<KeptEvidence>> {
    let row = sqlx::query("SELECT at, outcome, evidence FROM evidence WHERE product_id = $1")
        .bind(product.0.as_bytes().as_slice())
        .fetch_optional(&store.readers)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let evidence = serde_json::from_str(row.try_get("evidence")?)
        .map_err(|error| anyhow::Error::from(error).context(format!("evidence of product {product} cannot be read")))?;
    Ok(Some(KeptEvidence { at: Timestamp::from_micros(row.try_get("at")?), outcome: row.try_get("outcome")?, evidence }))
}

pub(super) async fn search_products(
    store: &SqliteStore,
    query: &str,
    platform: Option<Platform>,
    window: Window,
) -> Result<Page<ProductState>> {
    const COUNT: &str = concat!("SELECT count(*) FROM products p WHERE ", include_str!("../sql/search_where.sql"));
    const SEARCH: &str = concat!(
        "SELECT ",
        include_str!("../sql/product_columns.sql"),
        " FROM ",
        include_str!("../sql/product_tables.sql"),
        " WHERE ",
        include_str!("../sql/search_where.sql"),
        // The text begins with the name; products without one stand by their URL.
        " ORDER BY p.search_text, p.product_id LIMIT $3 OFFSET $4"
    );
    let query = query.to_lowercase();
    let words = params::json(&query.split_whitespace().take(MAX_SEARCH_WORDS).collect::<Vec<_>>());
    let platform = platform.map(|platform| platform.as_str());
    let mut tx = store.read().await?;
    let total: i64 = sqlx::query_scalar(COUNT).bind(&words).bind(platform).fetch_one(&mut *tx).await?;
    let rows = sqlx::query(SEARCH).bind(&words).bind(platform).bind(window.limit).bind(window.offset).fetch_all(&mut *tx).await?;
    let rows = rows.iter().map(rows::product).collect::<Result<_>>()?;
    Ok(Page { rows, total: total.unsigned_abs() })
}
