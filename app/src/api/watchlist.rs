//! The watchlist.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::{ChangeText, PriceText, SparkView, StateText, TimeText};

#[cfg(feature = "ssr")]
use super::{show::Show, spark, state};
#[cfg(feature = "ssr")]
use crate::context;

/// How many rows a page of the list has.
pub const PAGE_ROWS: u32 = 50;

/// The watchlist page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchlistView {
    /// The filters, in their order.
    pub filters: Vec<FilterView>,
    /// The rows of this page and all before it.
    pub rows: Vec<RowView>,
    /// How many rows the filter has in all.
    pub total: u64,
    /// How many products are tracked in all.
    pub tracked: u64,
}

/// One filter with its count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FilterView {
    /// Its word in the query.
    pub word: String,
    /// What it says.
    pub label: String,
    /// How many rows it shows.
    pub count: u64,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowView {
    /// The product's id.
    pub product_id: String,
    /// The tracking's id.
    pub tracking_id: String,
    /// The product's name, or its URL while it has none.
    pub name: String,
    /// The shop.
    pub shop: String,
    /// The shop's page.
    pub url: String,
    /// Last good price.
    pub price: Option<PriceText>,
    /// Whether that price is not in force: sold out, or not seen for long.
    pub is_held: bool,
    /// What changed last.
    pub change: Option<ChangeText>,
    /// 90 days.
    pub spark: Option<SparkView>,
    /// The target, if there is one.
    pub target: Option<PriceText>,
    /// `€14.00 to go`, `reached`, `fall of 10%`.
    pub distance: String,
    /// The state to be said, worst first; none if all is well.
    pub state: Option<StateText>,
    /// Last good reading.
    pub seen: Option<TimeText>,
    /// Its age, in short.
    pub age: String,
    /// False while paused.
    pub is_active: bool,
}

/// The viewer's watchlist: filter `show`, order `sort`, up to page `page`, counted from 1.
#[server]
pub async fn list_trackings(
    /// The filter's word.
    show: String,
    /// The order's word.
    sort: String,
    /// How many pages, counted from 1.
    page: u32,
) -> Result<WatchlistView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    // Twenty pages are a thousand rows: whoever wants more filters. A page holds all before it, so that "more" only adds.
    let window = store::Window { limit: PAGE_ROWS * page.clamp(1, 20), offset: 0 };
    let found = actions::watchlist(&plummet, &viewer, filter_of(&show), sort_of(&sort), window).await.map_err(context::fail)?;
    Ok(watchlist_view(&found, &context::show()))
}

#[cfg(feature = "ssr")]
fn filter_of(word: &str) -> store::TrackingFilter {
    FILTERS.iter().find(|(known, ..)| *known == word).map(|(_, filter, _)| *filter).unwrap_or_default()
}

#[cfg(feature = "ssr")]
fn sort_of(word: &str) -> store::TrackingSort {
    match word {
        "name" => store::TrackingSort::Name,
        "price" => store::TrackingSort::Price,
        "newest" => store::TrackingSort::Newest,
        _ => store::TrackingSort::Drop,
    }
}

#[cfg(feature = "ssr")]
const FILTERS: [(&str, store::TrackingFilter, &str); 6] = [
    ("all", store::TrackingFilter::All, "All"),
    ("target", store::TrackingFilter::AtTarget, "At target"),
    ("fell", store::TrackingFilter::Fell, "Fell"),
    ("sold-out", store::TrackingFilter::OutOfStock, "Out of stock"),
    ("needs-me", store::TrackingFilter::NeedsMe, "Need me"),
    ("paused", store::TrackingFilter::Paused, "Paused"),
];

#[cfg(feature = "ssr")]
fn watchlist_view(found: &actions::WatchlistView, show: &Show) -> WatchlistView {
    let counts = &found.counts;
    let count = |filter| match filter {
        store::TrackingFilter::All => counts.all,
        store::TrackingFilter::AtTarget => counts.at_target,
        store::TrackingFilter::Fell => counts.fell,
        store::TrackingFilter::OutOfStock => counts.out_of_stock,
        store::TrackingFilter::NeedsMe => counts.needs_me,
        store::TrackingFilter::Paused => counts.paused,
    };
    let filter = |(word, filter, label): (&str, store::TrackingFilter, &str)| FilterView {
        word: word.into(),
        label: label.into(),
        count: count(filter),
    };
    let rows = found.page.rows.iter().map(|tracked| {
        let runs = found.runs.iter().find(|runs| runs.product_id == tracked.product.id);
        row(tracked, runs.map_or(&[], |runs| &runs.runs), show)
    });
    WatchlistView { filters: FILTERS.map(filter).to_vec(), rows: rows.collect(), total: found.page.total, tracked: counts.all }
}

#[cfg(feature = "ssr")]
fn row(tracked: &store::TrackedProduct, runs: &[domain::PriceRun], show: &Show) -> RowView {
    let (product, tracking) = (&tracked.product, &tracked.tracking);
    let target = tracking.rules.target.as_ref().and_then(|target| target.money());
    RowView {
        product_id: product.id.to_string(),
        tracking_id: tracking.id.to_string(),
        name: state::name(product),
        shop: product.host.clone(),
        url: product.url.clone(),
        price: product.price.map(|price| show.price(price)),
        is_held: state::is_held(product, show.now),
        change: show.change(product.previous_price, product.price, product.run_from),
        spark: spark::sparkline(runs, target, show.now),
        target: target.map(|target| show.price(target)),
        distance: state::distance(tracking, product, show),
        state: state::worst(product, Some(tracking), show),
        seen: product.last_ok_at.map(|at| show.time(at)),
        age: product.last_ok_at.map(|at| show.age(at)).unwrap_or_default(),
        is_active: tracking.active,
    }
}
