//! Sparklines: 90 days of a price as a step line in a box of 100 by 28.

use std::fmt::Write;

use domain::chart::steps;
use domain::time::DAY;
use domain::{Money, PriceRun, Timestamp};

use super::text::SparkView;

const WIDTH: i64 = 100;
const HEIGHT: i64 = 28;
/// Free rows above and below the line, so that its stroke is never cut.
const PADDING: i64 = 3;
/// More steps than this would not be seen at this size.
const POINTS: usize = 48;

/// The line of the last 90 days. `None` if nothing was seen in them.
pub fn sparkline(runs: &[PriceRun], target: Option<Money>, now: Timestamp) -> Option<SparkView> {
    // A young history fills the box: an empty box would say that there was no price before.
    let first = runs.first()?.from;
    let from = first.max(now.plus_micros(-90 * DAY));
    let line = steps(runs, from, now, POINTS);
    let prices: Vec<i64> = line.steps.iter().filter_map(|step| step.minor).collect();
    let (low, high) = (*prices.iter().min()?, *prices.iter().max()?);
    let target = target.filter(|target| Some(target.currency) == line.currency).map(|target| target.minor);
    let near = target.filter(|target| (low - (high - low).max(low / 10)..=high).contains(target));
    let bottom = near.unwrap_or(low).min(low);
    let y = |minor: i64| {
        if high == bottom { HEIGHT / 2 } else { PADDING + (high - minor) * (HEIGHT - 2 * PADDING) / (high - bottom) }
    };
    let length = now.micros_since(from).max(1);
    let x = |at: Timestamp| (i128::from(at.micros_since(from)) * i128::from(WIDTH) / i128::from(length)) as i64;
    let mut path = String::new();
    let mut pen_down = false;
    for step in &line.steps {
        match (step.minor, pen_down) {
            (Some(minor), false) => write!(path, "M{} {}", x(step.at), y(minor)).ok()?,
            (Some(minor), true) => write!(path, "H{}V{}", x(step.at), y(minor)).ok()?,
            (None, true) => write!(path, "H{}", x(step.at)).ok()?,
            (None, false) => {}
        }
        pen_down = step.minor.is_some();
    }
    let last = line.steps.last().and_then(|step| step.minor);
    if last.is_some() {
        write!(path, "H{WIDTH}").ok()?;
    }
    Some(SparkView { path, target_y: near.map(y), end_y: last.map(y) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{Availability, Currency};

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(day * DAY)
    }

    fn run(from: i64, to: i64, minor: i64, availability: Availability) -> PriceRun {
        let price = Some(Money::new(minor, Currency::from_code("EUR").unwrap()));
        PriceRun { from: at(from), last_seen: at(to), checks: 10, price, availability }
    }

    #[test]
    fn a_fall_is_drawn_as_a_step_down() {
        let runs = [run(0, 5, 2000, Availability::InStock), run(5, 10, 1000, Availability::InStock)];
        let spark = sparkline(&runs, None, at(10)).unwrap();
        assert_eq!(spark.path, "M0 3H50V25H100");
        assert_eq!(spark.end_y, Some(25));
    }

    #[test]
    fn one_price_is_a_flat_line_and_none_is_no_line() {
        assert_eq!(sparkline(&[run(0, 5, 2000, Availability::InStock)], None, at(5)).unwrap().path, "M0 14H100");
        assert_eq!(sparkline(&[], None, at(5)), None);
    }

    #[test]
    fn sold_out_breaks_the_line() {
        let runs = [run(0, 5, 2000, Availability::InStock), run(5, 10, 2000, Availability::OutOfStock)];
        let spark = sparkline(&runs, None, at(10)).unwrap();
        assert_eq!((spark.path.as_str(), spark.end_y), ("M0 14H50", None));
    }
}
