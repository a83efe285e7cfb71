//! Price history as runs, and its statistics.

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::offer::Availability;
use crate::time::Timestamp;

/// A stretch of equal price and availability.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRun {
    /// Start of the first check that showed it.
    pub from: Timestamp,
    /// Start of the last good check that showed it.
    pub last_seen: Timestamp,
    /// How many good checks showed it.
    pub checks: u32,
    /// The price; `None` if the product was known without one.
    pub price: Option<Money>,
    /// The stock state.
    pub availability: Availability,
}

/// A price and when it was in force first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceAt {
    /// The price.
    pub price: Money,
    /// Since when.
    pub at: Timestamp,
}

/// What a history adds up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Statistics {
    /// The price in force.
    pub current: Option<PriceAt>,
    /// The lowest, where it was first reached.
    pub lowest: Option<PriceAt>,
    /// The highest, where it was first reached.
    pub highest: Option<PriceAt>,
    /// The average over time, in the currency's minor units, rounded half up. Times at which nothing was known do not count.
    pub average: Option<Money>,
    /// How many times the price fell.
    pub drops: u32,
}

/// How long a run lasted within a window: from its start to the start of the next run, or, for the last one, to its last good
/// check. The run in force when the window opens is cut, not dropped. Runs are oldest first.
pub fn spans(runs: &[PriceRun], from: Timestamp, to: Timestamp) -> impl Iterator<Item = (&PriceRun, Timestamp, Timestamp)> {
    runs.iter().enumerate().filter_map(move |(index, run)| {
        // A run that was last seen long before the next one began ended in the unknown: only what was seen counts.
        let next = runs.get(index + 1).map(|next| next.from);
        let end = match next {
            Some(next) if !is_gap(run, next) => next,
            _ => run.last_seen.max(run.from),
        };
        let (start, end) = (run.from.max(from), end.min(to));
        // What ended just as the window opens was not in force in it; what was seen but once, within it, was.
        let is_within = start < end || (run.from >= from && run.from <= to);
        is_within.then_some((run, start, end))
    })
}

/// Whether nothing good was known between a run's last good check and the start of the next: more than two days, and more than
/// twice the run's usual distance between checks.
pub fn is_gap(run: &PriceRun, next_from: Timestamp) -> bool {
    let unseen = next_from.micros_since(run.last_seen);
    let usual = run.last_seen.micros_since(run.from) / i64::from(run.checks.saturating_sub(1).max(1));
    unseen > (2 * usual).max(2 * crate::time::DAY)
}

/// The statistics of a window of a history. Runs are oldest first and of one product; those in another currency than the last
/// priced one are another series and do not count, nor do prices at which nobody could buy.
pub fn statistics(runs: &[PriceRun], from: Timestamp, to: Timestamp) -> Statistics {
    let Some(currency) = runs.iter().rev().find_map(|run| run.price).map(|price| price.currency) else {
        return Statistics::default();
    };
    let mut all = Statistics::default();
    let mut weighted: i128 = 0;
    let mut time: i128 = 0;
    let mut previous: Option<Money> = None;
    for (run, start, end) in spans(runs, from, to) {
        let Some(price) = run.price.filter(|price| price.currency == currency) else { continue };
        // Nobody could have bought at it: as in the chart, a price while sold out is none.
        if run.availability.is_buyable() == Some(false) {
            continue;
        }
        let here = PriceAt { price, at: run.from };
        // A tie is no new low or high: the first stays.
        if all.lowest.is_none_or(|low| price.minor < low.price.minor) {
            all.lowest = Some(here);
        }
        if all.highest.is_none_or(|high| price.minor > high.price.minor) {
            all.highest = Some(here);
        }
        if previous.is_some_and(|before| price.minor < before.minor) {
            all.drops += 1;
        }
        if previous != Some(price) || all.current.is_none() {
            all.current = Some(here);
        }
        previous = Some(price);
        // A run seen once has no length yet; a microsecond keeps a history of one check from having no average.
        let weight = i128::from(end.micros_since(start).max(1));
        weighted += i128::from(price.minor) * weight;
        time += weight;
    }
    if time > 0 {
        let average = (2 * weighted + time).div_euclid(2 * time);
        all.average = i64::try_from(average).ok().map(|minor| Money::new(minor, currency));
    }
    all
}
