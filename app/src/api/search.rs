//! Search over all known products.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::{ChangeText, PriceText, TimeText};

#[cfg(feature = "ssr")]
use super::{show, state};
#[cfg(feature = "ssr")]
use crate::context;

/// How many products a page has.
pub const PAGE_PRODUCTS: u32 = 24;

/// The search page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SearchView {
    /// The products found.
    pub products: Vec<FoundView>,
    /// How many there are.
    pub total: u64,
}

/// One product found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundView {
    /// Its id.
    pub product_id: String,
    /// Its name.
    pub name: String,
    /// The shop.
    pub shop: String,
    /// Last good price.
    pub price: Option<PriceText>,
    /// Whether that price is not in force.
    pub is_held: bool,
    /// The stock state in words.
    pub availability: String,
    /// Last good reading.
    pub seen: Option<TimeText>,
    /// What changed last.
    pub change: Option<ChangeText>,
}

/// Known products whose name, shop or link holds the words. Nothing is asked for an empty query.
#[server]
pub async fn search(
    /// Words.
    query: String,
    /// A platform's word, or nothing for all.
    platform: String,
    /// The order: `price`, `fall`, or nothing for the best match.
    sort: String,
    /// How many pages, counted from 1.
    page: u32,
) -> Result<SearchView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    if query.trim().is_empty() {
        return Ok(SearchView { products: Vec::new(), total: 0 });
    }
    let window = store::Window { limit: PAGE_PRODUCTS * page.clamp(1, 20), offset: 0 };
    let platform = domain::Platform::parse(&platform);
    let sort = match sort.as_str() {
        "price" => actions::SearchSort::Price,
        "fall" => actions::SearchSort::Fall,
        _ => actions::SearchSort::Best,
    };
    let found = actions::search_sorted(&plummet, &viewer, query.trim(), platform, sort, window).await.map_err(context::fail)?;
    let reader = context::show();
    let products = found.rows.iter().map(|product| found_view(product, &reader)).collect();
    Ok(SearchView { products, total: found.total })
}

#[cfg(feature = "ssr")]
pub(crate) fn found_view(product: &domain::ProductState, reader: &show::Show) -> FoundView {
    FoundView {
        product_id: product.id.to_string(),
        name: state::name(product),
        shop: product.host.clone(),
        price: product.price.map(|price| reader.price(price)),
        is_held: state::is_held(product, reader.now),
        availability: show::availability(product.availability).into(),
        seen: product.last_ok_at.map(|at| reader.time(at)),
        change: reader.change(product.previous_price, product.price, product.run_from),
    }
}
