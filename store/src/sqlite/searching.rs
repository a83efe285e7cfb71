//! Searching products: candidates by the index of trigrams, ordered by [`crate::search`].

use std::collections::HashMap;

use domain::{Platform, ProductId, ProductState};
use sqlx::{SqliteConnection, query};

use super::SqliteStore;
use crate::error::Result;
use crate::model::{Page, Window};
use crate::rows::Columns;
use crate::search::{Candidate, MOST, Words};
use crate::{params, rows};

/// Of the rows that the index of trigrams names, where it can name any.
macro_rules! by_index {
    ($sql:literal) => {
        concat!(include_str!($sql), " AND x.text_id IN (SELECT rowid FROM product_search WHERE product_search MATCH $4) LIMIT $3")
    };
}
/// Of all rows.
macro_rules! by_scan {
    ($sql:literal) => {
        concat!(include_str!($sql), " LIMIT $3")
    };
}

pub(super) async fn search_products(
    store: &SqliteStore,
    query: &str,
    platform: Option<Platform>,
    window: Window,
) -> Result<Page<ProductState>> {
    let words = Words::parse(query);
    let platform = platform.as_ref().map(|platform| platform.as_str());
    let mut tx = store.read().await?;
    if words.is_empty() {
        return list(&mut tx, platform, window).await;
    }
    let inside = if words.are_short() {
        sqlx::query(by_scan!("../sql/sqlite/search_inside.sql")).bind(params::json(words.all())).bind(platform).bind(MOST)
    } else {
        sqlx::query(by_index!("../sql/sqlite/search_inside.sql"))
            .bind(params::json(words.all()))
            .bind(platform)
            .bind(MOST)
            .bind(trigrams(words.longest()))
    };
    let mut found = words.exactly(candidates(&inside.fetch_all(&mut *tx).await?)?);
    if found.is_empty() && !words.are_short() {
        let index = words.longest_halves().map(|half| format!("({})", trigrams(&half))).join(" OR ");
        let nearly = sqlx::query(by_index!("../sql/sqlite/search_nearly.sql"))
            .bind(params::json(&words.halves()))
            .bind(platform)
            .bind(MOST)
            .bind(index);
        found = words.nearly(candidates(&nearly.fetch_all(&mut *tx).await?)?);
    }
    let total = found.len() as u64;
    let page: Vec<ProductId> = found.into_iter().skip(window.offset as usize).take(window.limit as usize).collect();
    Ok(Page { rows: products(&mut tx, &page).await?, total })
}

fn candidates(rows: &[sqlx::sqlite::SqliteRow]) -> Result<Vec<Candidate>> {
    let candidate = |row: &sqlx::sqlite::SqliteRow| {
        Ok(Candidate { product_id: ProductId(row.id("product_id")?), text: row.text("search_text")?.to_owned() })
    };
    rows.iter().map(candidate).collect()
}

/// What FTS5 is to look for: every three letters of a text. Without positions in the index it takes no longer ones.
fn trigrams(text: &str) -> String {
    let letters: Vec<char> = text.chars().collect();
    let trigram = |letters: &[char]| format!("\"{}\"", letters.iter().collect::<String>().replace('"', "\"\""));
    letters.windows(3).map(trigram).collect::<Vec<_>>().join(" AND ")
}

/// All products, by name.
async fn list(tx: &mut SqliteConnection, platform: Option<&str>, window: Window) -> Result<Page<ProductState>> {
    const LIST: &str = "SELECT x.product_id FROM product_texts x WHERE ($1 IS NULL OR x.platform = $1)
        ORDER BY substr(x.search_text, 1, 200), x.product_id LIMIT $2 OFFSET $3";
    const COUNT: &str = "SELECT count(*) FROM product_texts x WHERE ($1 IS NULL OR x.platform = $1)";
    let total: i64 = sqlx::query_scalar(COUNT).bind(platform).fetch_one(&mut *tx).await?;
    let rows = query(LIST).bind(platform).bind(window.limit).bind(window.offset).fetch_all(&mut *tx).await?;
    let page: Vec<ProductId> = rows.iter().map(|row| Ok(ProductId(row.id("product_id")?))).collect::<Result<_>>()?;
    Ok(Page { rows: products(tx, &page).await?, total: total.unsigned_abs() })
}

/// These products, in this order.
async fn products(tx: &mut SqliteConnection, page: &[ProductId]) -> Result<Vec<ProductState>> {
    const FIND: &str = concat!(
        "SELECT ",
        include_str!("../sql/product_columns.sql"),
        " FROM json_each($1) AS wanted CROSS JOIN ",
        include_str!("../sql/product_tables.sql"),
        " WHERE p.product_id = unhex(wanted.value)"
    );
    let rows = query(FIND).bind(params::hex_array(page.iter().map(|product| product.0))).fetch_all(tx).await?;
    let found = rows.iter().map(rows::product).collect::<Result<Vec<_>>>()?;
    let mut found: HashMap<ProductId, ProductState> = found.into_iter().map(|product| (product.id, product)).collect();
    Ok(page.iter().filter_map(|product| found.remove(product)).collect())
}
