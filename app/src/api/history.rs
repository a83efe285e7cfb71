//! A product's history for its chart and its table.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::PriceText;

#[cfg(feature = "ssr")]
use super::show::{self, Show};
#[cfg(feature = "ssr")]
use super::{plot, product::product_id};
#[cfg(feature = "ssr")]
use crate::context;

/// How many runs the table shows.
#[cfg(feature = "ssr")]
const TABLE_ROWS: usize = 50;

/// The ranges that are offered: their word in the query, their label, their days.
#[cfg(feature = "ssr")]
const RANGES: [(&str, &str, u32); 4] = [("7d", "7d", 7), ("30d", "30d", 30), ("90d", "90d", 90), ("1y", "1y", 365)];

/// A part of a history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryView {
    /// The ranges that this history is long enough for.
    pub ranges: Vec<RangeView>,
    /// What the chart shows, in one sentence.
    pub caption: String,
    /// The chart; none while there is no price.
    pub plot: Option<PlotView>,
    /// The last runs, newest first.
    pub runs: Vec<RunView>,
    /// How many runs there are in the range.
    pub total: usize,
    /// Link to all of them as a file.
    pub csv: String,
}

/// A range to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RangeView {
    /// Its word in the query.
    pub word: String,
    /// What it says.
    pub label: String,
    /// Whether it is shown.
    pub is_current: bool,
}

/// A stretch of equal price and stock state.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunView {
    /// Since when.
    pub from: String,
    /// The same for machines.
    pub from_iso: String,
    /// Until when it was last seen.
    pub to: String,
    /// The price.
    pub price: Option<PriceText>,
    /// The stock state in words.
    pub availability: String,
    /// How many checks saw it.
    pub checks: u32,
}

/// Everything that a chart draws, on the server as SVG and in the browser by ECharts alike. Times are milliseconds since 1970,
/// prices minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlotView {
    /// Start of the window.
    pub from: i64,
    /// End of the window.
    pub to: i64,
    /// Bottom of the price axis.
    pub low: i64,
    /// Top of the price axis.
    pub high: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// How many minor units make a major one.
    pub per_major: i64,
    /// BCP 47 tag for the canvas' own texts.
    pub locale: String,
    /// IANA zone for the canvas' own texts.
    pub zone: String,
    /// The step line, oldest first; without a price it is broken until the next step.
    pub steps: Vec<StepView>,
    /// The last good reading: the line ends there, and goes on dotted if it is fresh.
    pub seen: i64,
    /// Whether the price still holds as far as we know.
    pub is_fresh: bool,
    /// Stretches without a line.
    pub bands: Vec<BandView>,
    /// Times on the axis.
    pub time_ticks: Vec<TickView>,
    /// Prices on the axis.
    pub price_ticks: Vec<TickView>,
    /// Lowest, average and highest.
    pub levels: Vec<TickView>,
    /// The viewer's target.
    pub target: Option<TargetView>,
    /// An implausible reading that waits to be confirmed: when, how much.
    pub suspect: Option<(i64, i64)>,
}

/// A step: the price holds from here to the next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StepView {
    /// Since when.
    pub at: i64,
    /// The price; none begins a break.
    pub minor: Option<i64>,
    /// The same in words.
    pub text: String,
}

/// A stretch without a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BandView {
    /// Why: `sold out` or `not checked`.
    pub label: String,
    /// Whether it could not be bought; otherwise it was not checked.
    pub is_sold_out: bool,
    /// Since when.
    pub from: i64,
    /// Until when.
    pub to: i64,
}

/// A value with its label.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TickView {
    /// Where: a time or a price.
    pub at: i64,
    /// What it says.
    pub text: String,
}

/// The target's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetView {
    /// The target.
    pub minor: i64,
    /// What it says.
    pub text: String,
    /// Whether it lies below the axis, so that only a tag at the edge tells of it.
    pub is_below: bool,
    /// Whether it lies above the axis.
    pub is_above: bool,
}

/// A part of a product's history. `range` is `7d`, `30d`, `90d`, `1y`, `all`, or empty for 90 days.
#[server]
pub async fn history(
    /// Its id.
    id: String,
    /// The range's word.
    range: String,
) -> Result<HistoryView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let days = RANGES.iter().find(|(word, ..)| *word == range).map(|(.., days)| *days);
    let window = match (days, range.as_str()) {
        (Some(days), _) => actions::HistoryWindow::Days(days),
        (None, "all") => actions::HistoryWindow::All,
        (None, _) => actions::HistoryWindow::Days(90),
    };
    let product = product_id(&id)?;
    let found = actions::find_product(&plummet, &viewer, product).await.map_err(context::fail)?;
    let part = actions::history(&plummet, &viewer, product, window).await.map_err(context::fail)?;
    let tracking = found.tracked.as_ref().map(|tracked| &tracked.tracking);
    let target = tracking.and_then(|tracking| tracking.rules.target.as_ref()).and_then(|target| target.money());
    Ok(history_view(&part, found.since, target, &range, &context::show()))
}

#[cfg(feature = "ssr")]
fn history_view(
    part: &actions::History,
    since: Option<domain::Timestamp>,
    target: Option<domain::Money>,
    range: &str,
    show: &Show,
) -> HistoryView {
    let from = since.map_or(part.from, |since| since.max(part.from));
    HistoryView {
        ranges: ranges(range, since, show),
        caption: caption(&part.statistics, from, part.to, show),
        plot: plot::plot(part, from, target, show),
        runs: part.runs.iter().rev().take(TABLE_ROWS).map(|run| run_view(run, show)).collect(),
        total: part.runs.len(),
        csv: format!("/products/{}/history.csv?range={}", part.product.id, if range.is_empty() { "90d" } else { range }),
    }
}

/// Ranges shorter than the history, and all of it.
#[cfg(feature = "ssr")]
fn ranges(chosen: &str, since: Option<domain::Timestamp>, show: &Show) -> Vec<RangeView> {
    let known = since.map_or(0, |since| show.now.micros_since(since));
    let is_offered = |days: u32| known > i64::from(days) * domain::time::DAY;
    let chosen = match chosen {
        "all" => "all",
        "" => {
            if is_offered(90) {
                "90d"
            } else {
                "all"
            }
        }
        other => RANGES.iter().find(|(word, _, days)| *word == other && is_offered(*days)).map_or("all", |(word, ..)| *word),
    };
    let offered = RANGES.iter().filter(|(.., days)| is_offered(*days)).map(|(word, label, _)| (*word, *label));
    let view = |(word, label): (&str, &str)| RangeView { word: word.into(), label: label.into(), is_current: word == chosen };
    offered.chain([("all", "All")]).map(view).collect()
}

/// `Between €129.99 on 3 Sep and €179.99 on 1 Aug, now €139.99.`
#[cfg(feature = "ssr")]
fn caption(statistics: &domain::Statistics, from: domain::Timestamp, to: domain::Timestamp, show: &Show) -> String {
    let Some(((low, high), now)) = statistics.lowest.zip(statistics.highest).zip(statistics.current) else {
        return "No price yet.".into();
    };
    let period = to.micros_since(from);
    if period < 2 * domain::time::MINUTE {
        return "The history has just begun.".into();
    }
    let period = show.lasting(period);
    let now = show.locale.money(now.price);
    if low.price == high.price {
        return format!("{now} for the whole time shown, {period}.");
    }
    let at = |at: domain::history::PriceAt| format!("{} on {}", show.locale.money(at.price), show.day(at.at));
    format!("{period}: between {} and {}, now {now}.", at(low), at(high))
}

#[cfg(feature = "ssr")]
fn run_view(run: &domain::PriceRun, show: &Show) -> RunView {
    let (from, to) = (show.time(run.from), show.time(run.last_seen));
    RunView {
        from: from.text,
        from_iso: from.iso,
        to: to.text,
        price: run.price.map(|price| show.price(price)),
        availability: show::availability(run.availability).into(),
        checks: run.checks,
    }
}
