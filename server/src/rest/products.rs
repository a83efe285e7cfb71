//! Price histories, and searching products.

use actions::HistoryWindow;
use axum::Json;
use axum::extract::State;
use domain::{Platform, PriceRun, ProductId, ProductState, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use super::caller::{Caller, Id};
use super::number::Decimal;
use super::problem::Problem;
use super::query::{Parameters, Rows};
use crate::web::WebState;

/// Longest history in one answer: ten years.
const MOST_DAYS: u32 = 3_660;
/// Fewest and most entries that a history may be thinned to.
const POINTS: std::ops::RangeInclusive<usize> = 4..=10_000;

/// The name of a product, or its URL while it has none.
pub fn product_name(product: &ProductState) -> String {
    product.facts.name.clone().unwrap_or_else(|| product.url.clone())
}

/// Which part of a history.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct HistoryQuery {
    /// So many days up to now: 1 to 3660, by default 30.
    days: Option<u32>,
    /// Thin the history to about so many entries, 4 to 10000, without losing its extremes.
    points: Option<usize>,
}

/// A product's price history.
#[derive(Serialize, ToSchema)]
pub struct HistoryAnswer {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    product_name: String,
    /// One entry a price run, newest first.
    price_history: Vec<HistoryEntry>,
    /// The price now; `null` until the first is read.
    current_price: Option<Decimal>,
    /// The lowest in these days.
    lowest_price: Option<Decimal>,
    /// The highest in these days.
    highest_price: Option<Decimal>,
    /// The average over these days, weighted by time.
    average_price: Option<Decimal>,
    currency: Option<&'static str>,
    availability: &'static str,
}

/// A stretch of equal price and availability.
#[derive(Serialize, ToSchema)]
pub struct HistoryEntry {
    price: Decimal,
    /// When the price was first read.
    #[schema(value_type = String, format = DateTime)]
    checked_at: Timestamp,
    currency: &'static str,
    availability: &'static str,
    /// When the price was last read.
    #[schema(value_type = String, format = DateTime)]
    last_seen_at: Timestamp,
}

/// Price history
#[utoipa::path(
    get,
    path = "/products/{product_id}/history",
    params(("product_id" = Uuid, Path), HistoryQuery),
    responses(
        (status = 200, body = HistoryAnswer),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn history(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    Id(id): Id,
    Parameters(query): Parameters<HistoryQuery>,
) -> Result<Json<HistoryAnswer>, Problem> {
    let days = query.days.unwrap_or(30).clamp(1, MOST_DAYS);
    let history = actions::history(&state.plummet, &viewer, ProductId(id), HistoryWindow::Days(days)).await?;
    let points = query.points.map(|points| points.clamp(*POINTS.start(), *POINTS.end()));
    let runs = thinned(&history.runs, history.from, history.to, points);
    let (product, statistics) = (&history.product, &history.statistics);
    Ok(Json(HistoryAnswer {
        product_id: product.id,
        product_name: product_name(product),
        price_history: runs.into_iter().rev().filter_map(entry).collect(),
        current_price: product.price.map(Decimal::of),
        lowest_price: statistics.lowest.map(|lowest| Decimal::of(lowest.price)),
        highest_price: statistics.highest.map(|highest| Decimal::of(highest.price)),
        average_price: statistics.average.map(Decimal::of),
        currency: product.price.map(|price| price.currency.code()),
        availability: product.availability.as_str(),
    }))
}

/// A run as an entry; one without a price is none.
fn entry(run: &PriceRun) -> Option<HistoryEntry> {
    let price = run.price?;
    Some(HistoryEntry {
        price: Decimal::of(price),
        checked_at: run.from,
        currency: price.currency.code(),
        availability: run.availability.as_str(),
        last_seen_at: run.last_seen,
    })
}

/// At most about `points` runs: of each column of time its first, lowest, highest and last, so that no extreme is lost.
fn thinned(runs: &[PriceRun], from: Timestamp, to: Timestamp, points: Option<usize>) -> Vec<&PriceRun> {
    let Some(points) = points.filter(|points| runs.len() > *points) else { return runs.iter().collect() };
    let columns = i64::try_from(points / 4).unwrap_or(1).max(1);
    // Rounded up, so that the last column is inside.
    let width = (to.micros_since(from) / columns + 1).max(1);
    let column = |run: &PriceRun| run.from.max(from).micros_since(from) / width;
    let mut kept = Vec::with_capacity(points);
    for runs in runs.chunk_by(|a, b| column(a) == column(b)) {
        let minor = |index: &usize| runs[*index].price.map(|price| price.minor);
        let priced = || (0..runs.len()).filter(|index| minor(index).is_some());
        let mut indexes = vec![0, runs.len() - 1];
        indexes.extend(priced().min_by_key(minor));
        indexes.extend(priced().max_by_key(minor));
        indexes.sort_unstable();
        indexes.dedup();
        kept.extend(indexes.into_iter().map(|index| &runs[index]));
    }
    kept
}

/// What to search for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct SearchQuery {
    /// Words of the name or URL, in any case; all must be there. None finds every product.
    q: Option<String>,
    /// Only of this platform: `amazon`, `ebay`, `walmart`, `generic`.
    platform: Option<String>,
    /// At most so many rows: 1 to 100, by default 20. More is taken for 100.
    limit: Option<u32>,
    /// After so many rows.
    offset: Option<u32>,
}

/// A page of products.
#[derive(Serialize, ToSchema)]
pub struct ProductList {
    products: Vec<ProductRow>,
    /// How many there are in all.
    total: u64,
    limit: u32,
    offset: u32,
}

/// A product in a list.
#[derive(Serialize, ToSchema)]
pub struct ProductRow {
    #[schema(value_type = Uuid)]
    product_id: ProductId,
    product_name: String,
    current_price: Option<Decimal>,
    platform: &'static str,
    product_url: String,
    currency: Option<&'static str>,
    availability: &'static str,
    /// When the price was last read.
    #[schema(value_type = Option<String>, format = DateTime)]
    last_checked_at: Option<Timestamp>,
}

/// Search products
#[utoipa::path(
    get,
    path = "/products/search",
    params(SearchQuery),
    responses(
        (status = 200, body = ProductList),
        (status = "4XX", body = Problem, content_type = "application/problem+json"),
    )
)]
pub async fn search(
    State(state): State<WebState>,
    Caller(viewer): Caller,
    Parameters(query): Parameters<SearchQuery>,
) -> Result<Json<ProductList>, Problem> {
    let window = Rows::new(query.limit, query.offset).window();
    let platform = query.platform.as_deref().filter(|word| !word.is_empty()).map(platform).transpose()?;
    let words = query.q.unwrap_or_default();
    let page = actions::search(&state.plummet, &viewer, &words, platform, window).await?;
    let products = page.rows.iter().map(product_row).collect();
    Ok(Json(ProductList { products, total: page.total, limit: window.limit, offset: window.offset }))
}

fn platform(word: &str) -> Result<Platform, Problem> {
    Platform::parse(word).ok_or_else(|| {
        let shown: String = word.chars().take(60).collect();
        let known: Vec<&str> = Platform::all().map(Platform::as_str).collect();
        Problem::of_field("platform", format!("there is no platform `{shown}`; there are {}", known.join(", ")))
    })
}

fn product_row(product: &ProductState) -> ProductRow {
    ProductRow {
        product_id: product.id,
        product_name: product_name(product),
        current_price: product.price.map(Decimal::of),
        platform: product.platform.as_str(),
        product_url: product.url.clone(),
        currency: product.price.map(|price| price.currency.code()),
        availability: product.availability.as_str(),
        last_checked_at: product.last_ok_at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Availability, Currency, Money};

    #[test]
    fn a_thinned_history_keeps_its_extremes_and_its_ends() {
        let eur = Currency::from_code("EUR").unwrap();
        let runs: Vec<PriceRun> = (0..43_800_i64)
            .map(|hour| PriceRun {
                from: Timestamp::from_micros(hour * 3_600_000_000),
                last_seen: Timestamp::from_micros(hour * 3_600_000_000),
                checks: 1,
                price: Some(Money::new(
                    match hour {
                        17_001 => 1,
                        30_003 => 1_000_000,
                        _ => 10_000 + hour % 97,
                    },
                    eur,
                )),
                availability: Availability::InStock,
            })
            .collect();
        let (from, to) = (runs[0].from, runs[runs.len() - 1].from);
        let kept = thinned(&runs, from, to, Some(800));
        assert!(kept.len() <= 800 && kept.len() > 400, "{}", kept.len());
        let prices: Vec<i64> = kept.iter().filter_map(|run| run.price).map(|price| price.minor).collect();
        assert!(prices.contains(&1) && prices.contains(&1_000_000));
        assert_eq!((kept[0].from, kept[kept.len() - 1].from), (from, to));
        assert_eq!(thinned(&runs, from, to, None).len(), runs.len());
    }
}
