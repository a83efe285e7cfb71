//! The watchlist.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::{ChangeText, PriceText, SparkView, StateText, TimeText};

#[cfg(feature = "ssr")]
use super::{show::Show, spark, state, text::Direction};
#[cfg(feature = "ssr")]
use crate::context;

/// How many rows a page of the list has.
pub const PAGE_ROWS: u32 = 50;

/// The watchlist page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WatchlistView {
    /// The filters, in their order.
    pub filters: Vec<FilterView>,
    /// The shops, those with most products first: name, how many.
    pub shops: Vec<(String, u64)>,
    /// The rows of this page.
    pub rows: Vec<RowView>,
    /// How many rows come before this page.
    pub before: u64,
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
    /// What changed since yesterday, else what changed last.
    pub change: Option<ChangeText>,
    /// Against what: `since yesterday`, `since 3 Nov`.
    pub change_words: String,
    /// What changed since it was added, if anything.
    pub added: Option<ChangeText>,
    /// 90 days.
    pub spark: Option<SparkView>,
    /// The target, if there is one.
    pub target: Option<PriceText>,
    /// `€14.00 to go`, `reached`, `fall of 10%`.
    pub distance: String,
    /// Whether the target is met by a price that is fresh and can be bought.
    pub is_reached: bool,
    /// The state to be said, worst first; none if all is well.
    pub state: Option<StateText>,
    /// Last good reading.
    pub seen: Option<TimeText>,
    /// Its age, in short.
    pub age: String,
    /// False while paused.
    pub is_active: bool,
}

/// The viewer's watchlist: filter `show`, order `sort`, the words in name or link, one shop or all, page counted from 1.
#[server]
pub async fn list_trackings(
    /// The filter's word.
    show: String,
    /// The order's word.
    sort: String,
    /// Words in name or link.
    words: String,
    /// A shop, or nothing for all.
    shop: String,
    /// The page, counted from 1.
    page: u32,
) -> Result<WatchlistView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let before = PAGE_ROWS * (page.clamp(1, 10_000) - 1);
    let window = store::Window { limit: PAGE_ROWS, offset: before };
    let host = Some(shop).filter(|shop| !shop.is_empty());
    let asked = store::TrackingQuery { words, host, filter: filter_of(&show), sort: sort_of(&sort) };
    let found = actions::find_watchlist(&plummet, &viewer, &asked, window).await.map_err(context::fail)?;
    Ok(watchlist_view(found, before, &context::show()))
}

/// Changes many trackings at once and comes back. `what` is `pause`, `resume`, `remove` or `target`.
#[server]
pub async fn change_many(
    /// Ids of the trackings.
    ids: Option<Vec<String>>,
    /// What to do.
    what: String,
    /// The target as typed, for `target`.
    target: Option<String>,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let ids: Vec<_> = ids.unwrap_or_default().iter().filter_map(|id| id.parse().ok()).collect();
    if ids.is_empty() {
        return Err(context::fail(actions::ActionError::invalid("ids", "choose products by their boxes first")));
    }
    let typed = target.unwrap_or_default();
    let change = match what.as_str() {
        "pause" => actions::ManyChange::Pause,
        "resume" => actions::ManyChange::Resume,
        "remove" => actions::ManyChange::Remove,
        "target" => actions::ManyChange::Target(super::tracking::plain_amount(&typed, viewer.user.locale, None)?),
        _ => return Err(context::fail(actions::ActionError::invalid("what", "choose what to do"))),
    };
    let changed = actions::change_many(&plummet, &viewer, &ids, &change).await;
    let changed = changed.map_err(|error| context::fail(error).with_typed(&[("target", &typed)]))?;
    context::set_flash(&plummet, &format!("many-{what} {changed}"));
    Ok(())
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
fn watchlist_view(found: (actions::WatchlistView, Vec<(String, u64)>), before: u32, show: &Show) -> WatchlistView {
    let (found, shops) = found;
    let counts = &found.counts;
    let count = |filter| match filter {
        store::TrackingFilter::All => counts.all,
        store::TrackingFilter::AtTarget => counts.at_target,
        store::TrackingFilter::Fell => counts.fell,
        store::TrackingFilter::OutOfStock => counts.out_of_stock,
        store::TrackingFilter::NeedsMe => counts.needs_me,
        store::TrackingFilter::Paused => counts.paused,
    };
    let filter = |(word, filter, label): (&str, store::TrackingFilter, &'static str)| FilterView {
        word: word.into(),
        label: context::t(label).into(),
        count: count(filter),
    };
    let rows = found.page.rows.iter().zip(&found.runs).map(|(tracked, runs)| row(tracked, &runs.runs, show));
    WatchlistView {
        filters: FILTERS.map(filter).to_vec(),
        shops,
        rows: rows.collect(),
        before: before.into(),
        total: found.page.total,
        tracked: counts.all,
    }
}

#[cfg(feature = "ssr")]
fn row(tracked: &store::TrackedProduct, runs: &[domain::PriceRun], show: &Show) -> RowView {
    let (product, tracking) = (&tracked.product, &tracked.tracking);
    let target = tracking.rules.target.as_ref().and_then(|target| target.money());
    let (change, change_words) = change(product, runs, show);
    let added = price_at(runs, tracking.created_at).and_then(|then| show.change(Some(then), product.price, None));
    RowView {
        product_id: product.id.to_string(),
        tracking_id: tracking.id.to_string(),
        name: state::name(product),
        shop: product.host.clone(),
        url: product.url.clone(),
        price: product.price.map(|price| show.price(price)),
        is_held: state::is_held(product, show.now),
        // The same said twice would be two changes to a hasty reader.
        added: added
            .filter(|added| added.direction != Direction::Same && change.as_ref().is_none_or(|c| c.amount != added.amount)),
        change,
        change_words,
        spark: spark::sparkline(runs, target, show.now),
        target: target.map(|target| show.price(target)),
        distance: state::distance(tracking, product, show),
        is_reached: state::is_at_target(tracking, product, show.now),
        state: state::worst(product, Some(tracking), show),
        seen: product.last_ok_at.map(|at| show.time(at)),
        age: product.last_ok_at.map(|at| show.age(at)).unwrap_or_default(),
        is_active: tracking.active,
    }
}

/// What changed since this time yesterday; if nothing did, the last change with its day.
#[cfg(feature = "ssr")]
fn change(product: &domain::ProductState, runs: &[domain::PriceRun], show: &Show) -> (Option<ChangeText>, String) {
    let yesterday = price_at(runs, show.now.plus_micros(-domain::time::DAY));
    let since_yesterday = yesterday.and_then(|then| show.change(Some(then), product.price, None));
    if let Some(change) = since_yesterday.filter(|change| change.direction != Direction::Same) {
        return (Some(change), context::t("since yesterday").into());
    }
    let last = show.change(product.previous_price, product.price, product.run_from);
    let words = product.run_from.map(|at| show.time(at).short).unwrap_or_default();
    (last, words)
}

/// The price in force at a moment, if it is known and could be bought at.
#[cfg(feature = "ssr")]
fn price_at(runs: &[domain::PriceRun], at: domain::Timestamp) -> Option<domain::Money> {
    let run = runs.iter().rev().find(|run| run.from <= at)?;
    run.price.filter(|_| run.availability.is_buyable() != Some(false))
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use domain::{Availability, Money, PriceRun, Timestamp};

    fn run(from: i64, minor: i64, availability: Availability) -> PriceRun {
        let at = |hours: i64| Timestamp::from_micros(hours * domain::time::HOUR);
        let price = Some(Money::new(minor, domain::Currency::from_code("EUR").expect("EUR is a currency")));
        PriceRun { from: at(from), last_seen: at(from + 1), checks: 2, price, availability }
    }

    #[test]
    fn the_price_of_a_moment_is_that_of_the_run_in_force() {
        let runs = [run(1, 100, Availability::InStock), run(5, 90, Availability::InStock), run(9, 80, Availability::OutOfStock)];
        let minor = |hour: i64| price_at(&runs, Timestamp::from_micros(hour * domain::time::HOUR)).map(|price| price.minor);
        assert_eq!([minor(0), minor(1), minor(4), minor(5), minor(10)], [None, Some(100), Some(100), Some(90), None]);
    }
}
