//! Searching products: candidates by the indexes of words and of trigrams, ordered by [`crate::search`].

use std::collections::HashMap;

use domain::{Platform, ProductId, ProductState};
use sqlx::postgres::PgRow;
use sqlx::{PgPool, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::error::Result;
use crate::model::{Page, Window};
use crate::rows;
use crate::rows::Columns;
use crate::search::{Candidate, MOST, Words};

pub(super) async fn search_products(
    store: &PostgresStore,
    query: &str,
    platform: Option<Platform>,
    window: Window,
) -> Result<Page<ProductState>> {
    let words = Words::parse(query);
    let platform = platform.as_ref().map(|platform| platform.as_str());
    // What the replica does not know yet is looked for on the primary: one who has just added a product looks for it.
    store.read_behind(|pool| search(pool, &words, platform, window), |page| page.total > 0).await
}

async fn search(pool: &PgPool, words: &Words, platform: Option<&str>, window: Window) -> Result<Page<ProductState>> {
    if words.is_empty() {
        return list(pool, platform, window).await;
    }
    let mut candidates = beginnings(pool, words, platform).await?;
    if candidates.is_empty() || (candidates.len() < MOST as usize && !words.are_short()) {
        candidates.extend(inside(pool, words, platform).await?);
    }
    let mut found = words.exactly(candidates);
    if found.is_empty() && !words.are_short() {
        found = words.nearly(nearly(pool, words, platform).await?);
    }
    let total = found.len() as u64;
    let page: Vec<ProductId> = found.into_iter().skip(window.offset as usize).take(window.limit as usize).collect();
    Ok(Page { rows: products(pool, &page).await?, total })
}

async fn beginnings(pool: &PgPool, words: &Words, platform: Option<&str>) -> Result<Vec<Candidate>> {
    let Some(lexemes) = lexemes(words) else { return Ok(Vec::new()) };
    let rows = query(sql::SEARCH_BEGINNINGS).bind(lexemes).bind(patterns(words)).bind(platform).bind(i64::from(MOST));
    candidates(&rows.fetch_all(pool).await?)
}

async fn inside(pool: &PgPool, words: &Words, platform: Option<&str>) -> Result<Vec<Candidate>> {
    let rows =
        query(sql::SEARCH_INSIDE).bind(pattern(words.longest())).bind(patterns(words)).bind(platform).bind(i64::from(MOST));
    candidates(&rows.fetch_all(pool).await?)
}

async fn nearly(pool: &PgPool, words: &Words, platform: Option<&str>) -> Result<Vec<Candidate>> {
    let [one, other] = words.longest_halves();
    let (ones, others): (Vec<_>, Vec<_>) = words.halves().iter().map(|[one, other]| (pattern(one), pattern(other))).unzip();
    let rows = query(sql::SEARCH_NEARLY)
        .bind(pattern(&one))
        .bind(pattern(&other))
        .bind(ones)
        .bind(others)
        .bind(platform)
        .bind(i64::from(MOST));
    candidates(&rows.fetch_all(pool).await?)
}

fn candidates(rows: &[PgRow]) -> Result<Vec<Candidate>> {
    let candidate =
        |row: &PgRow| Ok(Candidate { product_id: ProductId(row.id("product_id")?), text: row.text("search_text")?.to_owned() });
    rows.iter().map(candidate).collect()
}

/// What the index of words is asked for: that every word's letters and digits begin a word. `None` if there are no such.
fn lexemes(words: &Words) -> Option<String> {
    let parts = words.all().iter().flat_map(|word| word.split(|letter: char| !letter.is_alphanumeric()));
    let lexemes: Vec<_> = parts.filter(|part| !part.is_empty()).map(|part| format!("'{part}':*")).collect();
    (!lexemes.is_empty()).then(|| lexemes.join(" & "))
}

/// A text as LIKE finds it anywhere.
fn pattern(text: &str) -> String {
    format!("%{}%", text.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

fn patterns(words: &Words) -> Vec<String> {
    words.all().iter().map(|word| pattern(word)).collect()
}

/// All products, by name.
async fn list(pool: &PgPool, platform: Option<&str>, window: Window) -> Result<Page<ProductState>> {
    let total: i64 = sqlx::query_scalar(sql::COUNT_PRODUCTS).bind(platform).fetch_one(pool).await?;
    let (limit, offset) = (i64::from(window.limit), i64::from(window.offset));
    let rows = query(sql::LIST_PRODUCTS).bind(platform).bind(limit).bind(offset).fetch_all(pool).await?;
    let page: Vec<ProductId> = rows.iter().map(|row| Ok(ProductId(row.id("product_id")?))).collect::<Result<_>>()?;
    Ok(Page { rows: products(pool, &page).await?, total: total.unsigned_abs() })
}

/// These products, in this order.
async fn products(pool: &PgPool, page: &[ProductId]) -> Result<Vec<ProductState>> {
    let ids: Vec<Uuid> = page.iter().map(|product| product.0).collect();
    let rows = query(sql::FIND_PRODUCTS).bind(ids).fetch_all(pool).await?;
    let found = rows.iter().map(rows::product).collect::<Result<Vec<_>>>()?;
    let mut found: HashMap<ProductId, ProductState> = found.into_iter().map(|product| (product.id, product)).collect();
    Ok(page.iter().filter_map(|product| found.remove(product)).collect())
}
