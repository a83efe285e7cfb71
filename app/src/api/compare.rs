//! Histories of the same thing in several shops, on one chart.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::history::TickView;
use super::search::FoundView;

#[cfg(feature = "ssr")]
use super::{plot, product::product_id, search::found_view, show::Show, ticks::time_ticks};
#[cfg(feature = "ssr")]
use crate::context;

/// Lines that can be told apart.
#[cfg(feature = "ssr")]
const MOST_LINES: usize = 6;
/// How far back it goes.
#[cfg(feature = "ssr")]
const DAYS: u32 = 90;

/// Several histories of one thing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CompareView {
    /// The thing's name.
    pub name: String,
    /// `Lowest now: €139.99 at amazon.de.`, or that there is no price of now.
    pub sentence: String,
    /// The lines, the cheapest of now first.
    pub lines: Vec<LineView>,
    /// Listings in another currency: not drawn.
    pub others: Vec<FoundView>,
    /// Prices on the axis: place from the top in hundredths of a per cent, text.
    pub prices: Vec<TickView>,
    /// Times on the axis: place from the left in hundredths of a per cent, text.
    pub times: Vec<TickView>,
}

/// One shop's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineView {
    /// The listing.
    pub listing: FoundView,
    /// The line as a path in a box of 10,000 by 1,000.
    pub path: String,
    /// What it is more than the cheapest; empty for that one.
    pub more: String,
}

/// The histories of a product and of the same thing in other shops.
#[server]
pub async fn compare(
    /// The product.
    id: String,
) -> Result<CompareView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let found = actions::find_product(&plummet, &viewer, product_id(&id)?).await.map_err(context::fail)?;
    let mut all = actions::same_elsewhere(&plummet, &viewer, &found.product).await.map_err(context::fail)?;
    all.insert(0, found.product.clone());
    let mut parts = Vec::new();
    for product in all {
        let window = actions::HistoryWindow::Days(DAYS);
        parts.push(actions::history(&plummet, &viewer, product.id, window).await.map_err(context::fail)?);
    }
    Ok(compare_view(&found.product, parts, &context::show()))
}

#[cfg(feature = "ssr")]
fn compare_view(product: &domain::ProductState, parts: Vec<actions::History>, show: &Show) -> CompareView {
    let currency = product.price.or_else(|| parts.iter().find_map(|part| part.product.price)).map(|price| price.currency);
    let is_drawn = |part: &actions::History| part.product.price.map(|price| price.currency) == currency;
    let (mut drawn, others): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_drawn);
    let is_now = |part: &actions::History| part.product.price.is_some() && !super::state::is_held(&part.product, show.now);
    drawn.sort_by_key(|part| (!is_now(part), part.product.price.map(|price| price.minor)));
    drawn.truncate(MOST_LINES);
    let from = drawn.iter().filter_map(|part| part.runs.first()).map(|run| run.from).min();
    let to = show.now;
    let earliest = to.plus_micros(-i64::from(DAYS) * domain::time::DAY);
    let from = from.map_or(earliest, |from| from.max(earliest)).min(to.plus_micros(-domain::time::HOUR));
    let lines: Vec<_> = drawn.iter().map(|part| domain::chart::steps(&part.runs, from, to, 300)).collect();
    let seen = || lines.iter().flat_map(|line| line.steps.iter().filter_map(|step| step.minor));
    let (low, high) = plot::span(seen().min().unwrap_or(0), seen().max().unwrap_or(1), None);
    let cheapest = drawn.first().filter(|part| is_now(part)).and_then(|part| part.product.price);
    let line = |(part, steps): (&actions::History, &domain::chart::Steps)| LineView {
        listing: found_view(&part.product, show),
        path: path(steps, from, to, (low, high)),
        more: part.product.price.zip(cheapest).and_then(|(price, least)| price.checked_sub(least)).map_or_else(
            String::new,
            |more| {
                if more.minor > 0 { format!("+{}", show.locale.money(more)) } else { String::new() }
            },
        ),
    };
    let sentence = match (cheapest, drawn.first()) {
        (Some(price), Some(part)) => {
            let price = show.locale.money(price);
            context::fill("Lowest now: {price} at {shop}.", &[("price", &price), ("shop", &part.product.host)])
        }
        _ => context::t("No shop has a price of now.").into(),
    };
    let place = |part: i64, whole: i64| i64::try_from(i128::from(part) * 10_000 / i128::from(whole.max(1))).unwrap_or(0);
    let width = plot::ms(to) - plot::ms(from);
    let times =
        time_ticks(from, to, show).into_iter().map(|tick| TickView { at: place(tick.at - plot::ms(from), width), ..tick });
    let prices = currency.map(|currency| {
        let text = |minor| show.locale.money(domain::Money::new(minor, currency));
        let ticks = plot::price_ticks(low, high, currency.minor_per_major(), text, show);
        ticks.into_iter().map(|tick| TickView { at: place(high - tick.at, high - low), ..tick }).collect()
    });
    CompareView {
        name: super::state::name(product),
        sentence,
        lines: drawn.iter().zip(&lines).map(line).collect(),
        others: others.iter().map(|part| found_view(&part.product, show)).collect(),
        prices: prices.unwrap_or_default(),
        times: times.collect(),
    }
}

/// A step line in a box of 10,000 by 1,000, as that of the chart.
#[cfg(feature = "ssr")]
fn path(line: &domain::chart::Steps, from: domain::Timestamp, to: domain::Timestamp, (low, high): (i64, i64)) -> String {
    let scale = |part: i64, whole: i64, size: i128| (i128::from(part) * size / i128::from(whole.max(1))).clamp(0, size);
    let x = |at: domain::Timestamp| scale(at.micros_since(from), to.micros_since(from), 10_000);
    let y = |minor: i64| scale(high - minor, high - low, 1_000);
    let mut path = String::new();
    let mut is_down = false;
    for step in &line.steps {
        path.push_str(&match (step.minor, is_down) {
            (Some(minor), false) => format!("M{} {}", x(step.at), y(minor)),
            (Some(minor), true) => format!("H{}V{}", x(step.at), y(minor)),
            (None, true) => format!("H{}", x(step.at)),
            (None, false) => String::new(),
        });
        is_down = step.minor.is_some();
    }
    if is_down {
        path.push_str(&format!("H{}", x(line.last_seen.unwrap_or(to))));
    }
    path
}
