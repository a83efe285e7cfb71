//! The chart's line: price runs cut to a window and thinned to a width, the one source for SVG, canvas, table and CSV.

use serde::{Deserialize, Serialize};

use crate::history::{PriceRun, is_gap};
use crate::money::Currency;
use crate::time::Timestamp;

/// One point of a step line. The price holds from `at` to the next point.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Since when.
    pub at: Timestamp,
    /// Minor units; `None` begins a break in the line: sold out, or unknown.
    pub minor: Option<i64>,
}

/// Why a stretch of the line is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum BandKind {
    /// Could not be bought.
    SoldOut,
    /// Was not checked, or not with a clean reading.
    NotChecked,
}

/// A stretch in which the line is missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Band {
    /// Why.
    pub kind: BandKind,
    /// Since when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
}

/// A window of a history, ready to be drawn.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Steps {
    /// Start of the window.
    pub from: Timestamp,
    /// End of the window.
    pub to: Timestamp,
    /// The currency of all points; `None` if there is no priced run.
    pub currency: Option<Currency>,
    /// Oldest first. The first may lie at `from`: the price in force when the window opens is carried in.
    pub steps: Vec<Step>,
    /// Stretches without a line, oldest first.
    pub bands: Vec<Band>,
    /// The last good reading in the window: the line ends there.
    pub last_seen: Option<Timestamp>,
}

/// Cuts runs (oldest first) to a window and thins them to at most about `points` steps: per column of time its first, lowest,
/// highest and last price stay, so that no extreme is lost. Runs in another currency than the last are another series.
pub fn steps(runs: &[PriceRun], from: Timestamp, to: Timestamp, points: usize) -> Steps {
    let currency = runs.iter().rev().find_map(|run| run.price).map(|price| price.currency);
    let mut all = Steps { from, to, currency, steps: Vec::new(), bands: Vec::new(), last_seen: None };
    for (index, run) in runs.iter().enumerate() {
        let next = runs.get(index + 1).map(|next| next.from);
        let broken = next.is_some_and(|next| is_gap(run, next));
        let end = if broken { run.last_seen } else { next.unwrap_or(run.last_seen) };
        let until = next.unwrap_or(end);
        if until < from || run.from > to {
            continue;
        }
        let start = run.from.max(from);
        let price = run.price.filter(|price| Some(price.currency) == currency);
        let sold_out = run.availability.is_buyable() == Some(false);
        let minor = price.filter(|_| !sold_out).map(|price| price.minor);
        if end >= from {
            push(&mut all.steps, Step { at: start, minor });
            all.last_seen = Some(end.min(to));
        }
        if sold_out && end > start {
            all.bands.push(Band { kind: BandKind::SoldOut, from: start, to: end.min(to) });
        }
        if let Some(next) = next.filter(|_| broken) {
            push(&mut all.steps, Step { at: end.max(from), minor: None });
            all.bands.push(Band { kind: BandKind::NotChecked, from: end.max(from), to: next.min(to) });
        }
    }
    all.steps = thin(&all.steps, from, to, points);
    all
}

/// Adds a step, unless the line is already at that height.
fn push(steps: &mut Vec<Step>, step: Step) {
    if steps.last().is_none_or(|last| last.minor != step.minor) {
        steps.push(step);
    }
}

/// At most four steps per column: first, lowest, highest, last, in order of time.
fn thin(steps: &[Step], from: Timestamp, to: Timestamp, points: usize) -> Vec<Step> {
    let columns = (points / 4).max(1);
    if steps.len() <= points.max(4) {
        return steps.to_vec();
    }
    let width = (to.micros_since(from) / columns as i64).max(1);
    let mut thinned = Vec::with_capacity(points);
    for column in steps.chunk_by(|a, b| a.at.micros_since(from) / width == b.at.micros_since(from) / width) {
        let index_by = |better: fn(i64, i64) -> bool| {
            let mut best: Option<(usize, i64)> = None;
            for (index, step) in column.iter().enumerate() {
                if let Some(minor) = step.minor
                    && best.is_none_or(|(_, known)| better(minor, known))
                {
                    best = Some((index, minor));
                }
            }
            best.map(|(index, _)| index)
        };
        let mut kept = vec![0, column.len() - 1];
        kept.extend(index_by(|new, known| new < known));
        kept.extend(index_by(|new, known| new > known));
        kept.sort_unstable();
        kept.dedup();
        for index in kept {
            push(&mut thinned, column[index]);
        }
    }
    thinned
}
