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

/// The ranges that are offered: their word in the query, their days.
#[cfg(feature = "ssr")]
const RANGES: [(&str, u32); 4] = [("7d", 7), ("30d", 30), ("90d", 90), ("1y", 365)];

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
    /// The two days that were asked for, as the form has them.
    pub days: Option<(String, String)>,
    /// The tracking whose target the chart's handle moves.
    pub tracking_id: Option<String>,
    /// The product's name, for a picture of the chart.
    pub name: String,
    /// Texts of the part that lives in the browser, which knows one language only: the reader's.
    pub words: HistoryWords,
}

/// Texts of the history in the reader's language.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct HistoryWords {
    /// Name of the switch of ranges.
    pub range: String,
    /// While there is no price.
    pub none: String,
    /// While there is one price only.
    pub young: String,
    /// The fold with the two days.
    pub days: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The button of that form.
    pub show: String,
    /// The button that saves a picture.
    pub png: String,
    /// Name of the cursor.
    pub position: String,
    /// Name of the target's handle.
    pub target: String,
    /// How the handle is used.
    pub target_hint: String,
    /// The fold with the table.
    pub table: String,
    /// The table's caption.
    pub caption: String,
    /// Columns of the table: from, last seen, price, stock, checks.
    pub columns: [String; 5],
    /// The link to the file.
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
    /// When the viewer was told: when, at which price.
    pub told: Vec<(i64, i64)>,
    /// How an amount is written: what stands before it, the decimal separator, what stands after it.
    pub money: (String, char, String),
}

/// A step: the price holds from here to the next. Sent as a bare triple: a long history has hundreds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "(i64, Option<i64>, String)", into = "(i64, Option<i64>, String)")]
pub struct StepView {
    /// Since when.
    pub at: i64,
    /// The price; none begins a break.
    pub minor: Option<i64>,
    /// The same in words.
    pub text: String,
}

impl From<(i64, Option<i64>, String)> for StepView {
    fn from((at, minor, text): (i64, Option<i64>, String)) -> Self {
        StepView { at, minor, text }
    }
}

impl From<StepView> for (i64, Option<i64>, String) {
    fn from(step: StepView) -> Self {
        (step.at, step.minor, step.text)
    }
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

/// A part of a product's history. `range` is `7d`, `30d`, `90d`, `1y`, `all`, two days (`2025-01-31..2025-03-01`), or empty for 90
/// days.
#[server]
pub async fn history(
    /// Its id.
    id: String,
    /// The range's word.
    range: String,
) -> Result<HistoryView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let show = context::show();
    let window = actions::HistoryWindow::parse(&range, &show.zone_name).unwrap_or(actions::HistoryWindow::Days(90));
    let product = product_id(&id)?;
    let found = actions::find_product(&plummet, &viewer, product).await.map_err(context::fail)?;
    let part = actions::history(&plummet, &viewer, product, window).await.map_err(context::fail)?;
    let alerts = actions::alerts_of(&plummet, &viewer, product).await.map_err(context::fail)?;
    let tracking = found.tracked.as_ref().map(|tracked| &tracked.tracking);
    let target = tracking.and_then(|tracking| tracking.rules.target.as_ref()).and_then(|target| target.money());
    let told: Vec<_> = alerts.iter().map(|alert| (alert.created_at, alert.alerted.new_price)).collect();
    let mut view = history_view(&part, found.since, target, &told, &range, &show);
    view.tracking_id = tracking.map(|tracking| tracking.id.to_string());
    Ok(view)
}

/// The times on the axis of a part of a chart, which the reader zoomed into: milliseconds since 1970.
#[server]
pub async fn ticks_between(
    /// Start.
    from: i64,
    /// End.
    to: i64,
) -> Result<Vec<TickView>, ApiError> {
    let at = |ms: i64| domain::Timestamp::from_micros(ms.clamp(0, 4_102_444_800_000) * 1_000);
    let (from, to) = (at(from.min(to)), at(from.max(to)));
    Ok(super::ticks::time_ticks(from, to, &context::show()))
}

/// A part of a history as anybody may see it: no target, no alerts.
#[cfg(feature = "ssr")]
pub(crate) fn public_view(part: &actions::History, range: &str, show: &Show) -> HistoryView {
    history_view(part, Some(part.from), None, &[], range, show)
}

#[cfg(feature = "ssr")]
fn history_view(
    part: &actions::History,
    since: Option<domain::Timestamp>,
    target: Option<domain::Money>,
    told: &[(domain::Timestamp, domain::Money)],
    range: &str,
    show: &Show,
) -> HistoryView {
    let from = since.map_or(part.from, |since| since.max(part.from));
    let total = part.runs.len();
    HistoryView {
        ranges: ranges(range, since, show),
        caption: caption(&part.statistics, from, part.to, show),
        plot: plot::plot(part, from, target, told, show),
        runs: part.runs.iter().rev().take(TABLE_ROWS).map(|run| run_view(run, show)).collect(),
        total,
        csv: format!("/products/{}/history.csv?range={}", part.product.id, if range.is_empty() { "90d" } else { range }),
        days: range.split_once("..").map(|(from, to)| (from.into(), to.into())),
        tracking_id: None,
        name: super::state::name(&part.product),
        words: words(total),
    }
}

#[cfg(feature = "ssr")]
fn words(total: usize) -> HistoryWords {
    use crate::context::{fill, t};
    let caption = if TABLE_ROWS < total {
        fill("The last {shown} of {total} price runs, newest first", &[("shown", &TABLE_ROWS), ("total", &total)])
    } else {
        t("Price runs, newest first").into()
    };
    HistoryWords {
        range: t("Range").into(),
        none: t("The history starts with the first price. You may leave this page.").into(),
        young: t("The history has just begun: the line grows with every check.").into(),
        days: t("Dates").into(),
        from: t("From").into(),
        to: t("To").into(),
        show: t("Show").into(),
        png: t("Save as picture").into(),
        position: t("Position in price history").into(),
        target: t("Target price").into(),
        target_hint: t("Drag the target, or use the arrow keys; Enter saves, Escape takes it back.").into(),
        table: t("Show as table").into(),
        caption,
        columns: [t("From"), t("Last seen"), t("Price"), t("Stock"), t("Checks")].map(String::from),
        csv: t("Download as CSV").into(),
    }
}

/// Ranges shorter than the history, and all of it.
#[cfg(feature = "ssr")]
fn ranges(chosen: &str, since: Option<domain::Timestamp>, show: &Show) -> Vec<RangeView> {
    let known = since.map_or(0, |since| show.now.micros_since(since));
    let is_offered = |days: u32| known > i64::from(days) * domain::time::DAY;
    let chosen = match chosen {
        "all" => "all",
        dates if dates.contains("..") => "",
        "" if is_offered(90) => "90d",
        other => RANGES.iter().find(|(word, days)| *word == other && is_offered(*days)).map_or("all", |(word, ..)| *word),
    };
    let label = |word: &str| match word {
        "7d" => context::t("7d"),
        "30d" => context::t("30d"),
        "90d" => context::t("90d"),
        "1y" => context::t("1y"),
        _ => context::t("All"),
    };
    let offered = RANGES.iter().filter(|(_, days)| is_offered(*days)).map(|(word, _)| *word);
    let view = |word: &str| RangeView { word: word.into(), label: label(word).into(), is_current: word == chosen };
    offered.chain(["all"]).map(view).collect()
}

/// `Between €129.99 on 3 Sep and €179.99 on 1 Aug, now €139.99.`
#[cfg(feature = "ssr")]
fn caption(statistics: &domain::Statistics, from: domain::Timestamp, to: domain::Timestamp, show: &Show) -> String {
    let Some(((low, high), now)) = statistics.lowest.zip(statistics.highest).zip(statistics.current) else {
        return context::t("No price yet.").into();
    };
    let period = to.micros_since(from);
    if period < 2 * domain::time::MINUTE {
        return context::t("The history has just begun.").into();
    }
    let period = show.lasting(period);
    let now = show.locale.money(now.price);
    if low.price == high.price {
        return context::fill("{now} for the whole time shown, {period}.", &[("now", &now), ("period", &period)]);
    }
    let at = |at: domain::history::PriceAt| {
        context::fill("{price} on {day}", &[("price", &show.locale.money(at.price)), ("day", &show.day(at.at))])
    };
    let values: [(&str, &dyn std::fmt::Display); 4] =
        [("period", &period), ("low", &at(low)), ("high", &at(high)), ("now", &now)];
    context::fill("{period}: between {low} and {high}, now {now}.", &values)
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
