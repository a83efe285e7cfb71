//! From times and prices to places in a chart. Integers only: server and browser must write the same digits.

use crate::api::history::{BandView, PlotView};

/// Width of the box in which the line is drawn; it is stretched to the figure's.
pub const WIDTH: i64 = 10_000;
/// Height of that box.
pub const HEIGHT: i64 = 1_000;

/// A time as a share of the width: `12.34%`.
pub fn x_percent(plot: &PlotView, at: i64) -> String {
    percent(at - plot.from, plot.to - plot.from)
}

/// A price as a share of the height, from the top.
pub fn y_percent(plot: &PlotView, minor: i64) -> String {
    percent(plot.high - minor, plot.high - plot.low)
}

fn percent(part: i64, whole: i64) -> String {
    let hundredths = scaled(part, whole, 10_000);
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

/// The step line as a path in the box. Where the price is unknown the pen is lifted.
pub fn line_path(plot: &PlotView) -> String {
    let x = |at: i64| scaled(at - plot.from, plot.to - plot.from, WIDTH);
    let y = |minor: i64| scaled(plot.high - minor, plot.high - plot.low, HEIGHT);
    let mut path = String::with_capacity(plot.steps.len() * 12);
    let mut is_down = false;
    for step in &plot.steps {
        let at = x(step.at);
        match (step.minor, is_down) {
            (Some(minor), false) => path.push_str(&format!("M{at} {}", y(minor))),
            (Some(minor), true) => path.push_str(&format!("H{at}V{}", y(minor))),
            (None, true) => path.push_str(&format!("H{at}")),
            (None, false) => {}
        }
        is_down = step.minor.is_some();
    }
    if is_down {
        path.push_str(&format!("H{}", x(plot.seen)));
    }
    path
}

/// From the last good reading to now, if the price still holds as far as we know.
pub fn rest_path(plot: &PlotView) -> Option<String> {
    let minor = plot.steps.last()?.minor.filter(|_| plot.is_fresh)?;
    let x = scaled(plot.seen - plot.from, plot.to - plot.from, WIDTH);
    let y = scaled(plot.high - minor, plot.high - plot.low, HEIGHT);
    (x < WIDTH).then(|| format!("M{x} {y}H{WIDTH}"))
}

/// Whether the word of a band fits into it.
pub fn is_wide(plot: &PlotView, band: &BandView) -> bool {
    (band.to - band.from) * 12 > plot.to - plot.from
}

/// The index of the step that is in force at a time.
pub fn step_at(plot: &PlotView, at: i64) -> usize {
    plot.steps.partition_point(|step| step.at <= at).saturating_sub(1)
}

/// A price in the middle of being chosen, as the reader writes it, without groups.
pub fn amount(plot: &PlotView, minor: i64) -> String {
    let (before, point, after) = &plot.money;
    let digits = plot.per_major.max(1).ilog10() as usize;
    let (whole, rest) = (minor / plot.per_major.max(1), minor % plot.per_major.max(1));
    let number = if digits == 0 { whole.to_string() } else { format!("{whole}{point}{rest:0digits$}") };
    format!("{before}{number}{after}")
}

/// The price at a height of the plot, in pixels from its top, on a grid that fits the axis.
pub fn minor_at(plot: &PlotView, from_top: i64, height: i64) -> i64 {
    let span = plot.high - plot.low;
    let exact = plot.high - span * from_top.clamp(0, height.max(1)) / height.max(1);
    // A hundredth of the axis: finer cannot be aimed at.
    let grid = [plot.per_major * 10, plot.per_major, plot.per_major / 2, plot.per_major / 10, 1];
    let step = grid.into_iter().find(|step| *step > 0 && step * 100 <= span).unwrap_or(1);
    ((exact + step / 2) / step * step).max(1)
}

fn scaled(part: i64, whole: i64, to: i64) -> i64 {
    let exact = i128::from(part) * i128::from(to) / i128::from(whole.max(1));
    i64::try_from(exact).unwrap_or(0).clamp(0, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::history::StepView;

    fn plot(steps: &[(i64, Option<i64>)], seen: i64) -> PlotView {
        let step = |(at, minor): &(i64, Option<i64>)| StepView { at: *at, minor: *minor, text: String::new() };
        PlotView {
            from: 0,
            to: 1_000,
            low: 0,
            high: 100,
            currency: "EUR".into(),
            per_major: 100,
            locale: "en".into(),
            zone: "UTC".into(),
            steps: steps.iter().map(step).collect(),
            seen,
            is_fresh: true,
            bands: Vec::new(),
            time_ticks: Vec::new(),
            price_ticks: Vec::new(),
            levels: Vec::new(),
            target: None,
            suspect: None,
            told: Vec::new(),
            money: ("€".into(), '.', String::new()),
        }
    }

    #[test]
    fn the_line_holds_until_the_next_step_and_is_broken_where_nothing_is_known() {
        let plot = plot(&[(0, Some(50)), (200, Some(25)), (400, None), (600, Some(75))], 900);
        assert_eq!(line_path(&plot), "M0 500H2000V750H4000M6000 250H9000");
        assert_eq!(rest_path(&plot).as_deref(), Some("M9000 250H10000"));
    }

    #[test]
    fn a_time_finds_the_step_that_was_in_force() {
        let plot = plot(&[(0, Some(50)), (200, Some(25))], 900);
        assert_eq!([-5, 0, 199, 200, 5_000].map(|at| step_at(&plot, at)), [0, 0, 0, 1, 1]);
    }

    #[test]
    fn a_height_is_a_round_price() {
        let mut plot = plot(&[], 0);
        assert_eq!((minor_at(&plot, 0, 200), minor_at(&plot, 100, 200), minor_at(&plot, 999, 200)), (100, 50, 1));
        plot.high = 20_000;
        assert_eq!(minor_at(&plot, 33, 100), 13_400);
        assert_eq!((amount(&plot, 13_450), amount(&plot, 5)), ("€134.50".into(), "€0.05".into()));
    }

    #[test]
    fn places_are_shares_with_two_decimals() {
        let plot = plot(&[], 0);
        assert_eq!((x_percent(&plot, 333), y_percent(&plot, 25)), ("33.30%".into(), "75.00%".into()));
        assert_eq!(x_percent(&plot, 5_000), "100.00%");
    }
}
