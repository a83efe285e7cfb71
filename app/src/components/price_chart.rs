//! The price chart: a drawing that needs no scripts, over which the canvas of ECharts appears.

use leptos::prelude::*;

use super::chart_canvas::ChartCanvas;
use super::chart_cursor::ChartCursor;
use super::chart_target::ChartTarget;
use super::plot_scale::{HEIGHT, WIDTH, is_wide, line_path, rest_path, x_percent, y_percent};
use crate::api::history::{BandView, HistoryWords, PlotView, TargetView, TickView};

/// A bell, 14 by 16, that stands on the point at which it is drawn.
pub const BELL: &str = "M-2 -4H2A2 2 0 0 1 -2 -4ZM-6 -6L-5 -8V-12A5 5 0 0 1 5 -12V-8L6 -6Z";

/// A figure with caption, drawing, canvas and cursor. Its height is fixed: nothing moves when the canvas comes.
#[component]
pub fn PriceChart(
    /// What to draw.
    plot: PlotView,
    /// What it shows, in one sentence.
    caption: String,
    /// Texts in the reader's language.
    words: HistoryWords,
    /// Takes a target that was chosen on the chart; without it there is no handle.
    #[prop(optional_no_strip)]
    choose_target: Option<Callback<i64>>,
) -> impl IntoView {
    let (currency, per_major) = (plot.currency.clone(), plot.per_major.to_string());
    let (locale, zone) = (plot.locale.clone(), plot.zone.clone());
    view! {
        // The canvas reads here how to write its times.
        <figure class="price-chart" data-currency=currency data-per-major=per_major data-locale=locale data-zone=zone>
            <figcaption>{caption}</figcaption>
            <div class="chart-box">
                {drawing(&plot)} <LiveChart plot=plot words=words choose_target=choose_target />
            </div>
        </figure>
    }
}

/// What moves: the canvas, the cursor over it, the target's handle.
#[component]
fn LiveChart(
    /// What is drawn.
    plot: PlotView,
    /// Texts in the reader's language.
    words: HistoryWords,
    /// Takes a target that was chosen.
    choose_target: Option<Callback<i64>>,
) -> impl IntoView {
    // The part of time that is shown: the slider under the canvas moves it.
    let window = RwSignal::new((plot.from, plot.to));
    let handle = choose_target.map(|choose| {
        let (label, hint) = (words.target, words.target_hint);
        view! { <ChartTarget plot=plot.clone() label=label hint=hint choose=choose /> }
    });
    view! {
        <ChartCanvas plot=plot.clone() window=window />
        <ChartCursor plot=plot window=window label=words.position />
        {handle}
    }
}

fn drawing(plot: &PlotView) -> AnyView {
    let last = plot.steps.last().and_then(|step| step.minor);
    let ticks = plot.price_ticks.iter().filter(|tick| !is_hidden(plot, tick));
    let lines = plot.price_ticks.iter().map(|tick| {
        let y = y_percent(plot, tick.at);
        view! { <line class="chart-grid" x1="0" x2="100%" y1=y.clone() y2=y /> }
    });
    let prices = ticks.map(|tick| {
        view! {
            <text class="chart-tick" x="100%" dx="8" y=y_percent(plot, tick.at) dy="4">
                {tick.text.clone()}
            </text>
        }
    });
    let times = plot.time_ticks.iter().map(|tick| {
        view! {
            <text class="chart-tick chart-time" x=x_percent(plot, tick.at) y="100%" dy="20">
                {tick.text.clone()}
            </text>
        }
    });
    view! {
        <svg class="chart-drawing" aria-hidden="true">
            {lines.collect_view()} {plot.bands.iter().map(|band| band_view(plot, band)).collect_view()} {prices.collect_view()}
            {times.collect_view()} {plot.levels.iter().map(|level| level_view(plot, level)).collect_view()}
            {plot.target.as_ref().map(|target| target_view(plot, target))}
            <svg class="chart-lines" viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" width="100%" height="100%">
                <path class="chart-line" d=line_path(plot) />
                {rest_path(plot).map(|path| view! { <path class="chart-rest" d=path /> })}
            </svg>
            {last
                .filter(|_| plot.is_fresh)
                .map(|minor| {
                    view! { <circle class="chart-now" cx=x_percent(plot, plot.to) cy=y_percent(plot, minor) r="4" /> }
                })}
            {plot.told.iter().map(|(at, minor)| told_view(plot, *at, *minor)).collect_view()}
            {plot
                .suspect
                .map(|(at, minor)| {
                    view! {
                        <text class="chart-suspect" x=x_percent(plot, at) y=y_percent(plot, minor) dy="5">
                            "◇"
                        </text>
                    }
                })}
        </svg>
    }
    .into_any()
}

/// A price label under the target's tag would be unreadable.
fn is_hidden(plot: &PlotView, tick: &TickView) -> bool {
    plot.target.as_ref().is_some_and(|target| (target.minor - tick.at).abs() * 16 < plot.high - plot.low)
}

fn band_view(plot: &PlotView, band: &BandView) -> AnyView {
    let whole = (plot.to - plot.from).max(1);
    let share = (band.to - band.from) * 10_000 / whole;
    let width = format!("{}.{:02}%", share / 100, share % 100);
    // A word that does not fit its band would stand in another's.
    let label = is_wide(plot, band).then(|| {
        let middle = x_percent(plot, band.from + (band.to - band.from) / 2);
        view! {
            <text class="chart-band-label" x=middle y="12">
                {band.label.clone()}
            </text>
        }
    });
    let kind = if band.is_sold_out { "sold-out" } else { "not-checked" };
    view! {
        <rect class="chart-band" data-kind=kind x=x_percent(plot, band.from) width=width y="0" height="100%" />
        {label}
    }
    .into_any()
}

/// A bell above the line where the viewer was told.
fn told_view(plot: &PlotView, at: i64, minor: i64) -> AnyView {
    view! {
        <svg class="chart-told" x=x_percent(plot, at) y=y_percent(plot, minor)>
            <path d=BELL />
        </svg>
    }
    .into_any()
}

fn level_view(plot: &PlotView, level: &TickView) -> AnyView {
    let y = y_percent(plot, level.at);
    view! {
        <line class="chart-level" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
        <text class="chart-level-label" x="2" y=y dy="-4">
            {level.text.clone()}
        </text>
    }
    .into_any()
}

fn target_view(plot: &PlotView, target: &TargetView) -> AnyView {
    if target.is_below || target.is_above {
        let (y, arrow) = if target.is_below { ("100%", "↓") } else { ("0", "↑") };
        return view! {
            <text class="chart-target-label chart-target-far" x="100%" y=y dy=if target.is_below { "-6" } else { "12" }>
                {format!("target {} {arrow}", target.text)}
            </text>
        }
        .into_any();
    }
    let y = y_percent(plot, target.minor);
    view! {
        <line class="chart-target" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
        <text class="chart-target-label" x="100%" dx="8" y=y dy="4">
            {target.text.clone()}
        </text>
    }
    .into_any()
}
