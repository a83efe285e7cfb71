//! Taking a wrong point back: it leaves price, history and statistics as if it had never been read, and alerts nobody.

use crate::check::{ProductState, RecentPrice};
use crate::history::PriceRun;
use crate::judge::RECENT_PRICES;
use crate::money::Money;
use crate::rules::{Memory, Met};
use crate::time::Timestamp;
use crate::tracking::Alert;

/// The history without the runs that began at the given moments, which the store keeps and marks. Runs are oldest first. What was
/// equal before and after a wrong point is one run again.
pub fn without(runs: &[PriceRun], retracted: &[Timestamp]) -> Vec<PriceRun> {
    let mut kept: Vec<PriceRun> = Vec::with_capacity(runs.len());
    let mut after_gap = false;
    for run in runs {
        if retracted.contains(&run.from) {
            after_gap = true;
            continue;
        }
        match kept.last_mut() {
            // Only where a retraction made neighbours of them: runs that were apart before, for an outage, stay so.
            Some(last) if after_gap && last.price == run.price && last.availability == run.availability => {
                last.last_seen = run.last_seen;
                last.checks = last.checks.saturating_add(run.checks);
            }
            _ => kept.push(*run),
        }
        after_gap = false;
    }
    kept
}

/// What a product's row says after a retraction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Corrected {
    /// [`ProductState::price`].
    pub price: Option<Money>,
    /// [`ProductState::previous_price`].
    pub previous_price: Option<Money>,
    /// [`ProductState::availability`]; `None` if nothing is left that says it.
    pub availability: Option<crate::offer::Availability>,
    /// [`ProductState::run_from`].
    pub run_from: Option<Timestamp>,
    /// [`ProductState::run_checks`].
    pub run_checks: u32,
    /// [`ProductState::last_ok_at`].
    pub last_ok_at: Option<Timestamp>,
    /// [`ProductState::recent`].
    pub recent: Vec<RecentPrice>,
}

/// The row that follows from a history without its wrong points. There is no event: a correction tells nobody anything.
pub fn corrected(kept: &[PriceRun]) -> Corrected {
    let priced = |run: &&PriceRun| run.price.is_some();
    let price = kept.iter().rev().find(priced).and_then(|run| run.price);
    let currency = price.map(|price| price.currency);
    let mut recent: Vec<RecentPrice> = Vec::new();
    for run in kept {
        let Some(there) = run.price.filter(|there| Some(there.currency) == currency) else { continue };
        if recent.first().is_none_or(|newest| newest.minor != there.minor) {
            recent.insert(0, RecentPrice { from: run.from, minor: there.minor });
        }
    }
    recent.truncate(RECENT_PRICES);
    let last = kept.last();
    let previous_price = recent.get(1).zip(currency).map(|(before, currency)| Money::new(before.minor, currency));
    Corrected {
        price,
        previous_price,
        availability: last.map(|run| run.availability),
        run_from: last.map(|run| run.from),
        run_checks: last.map_or(0, |run| run.checks),
        last_ok_at: last.map(|run| run.last_seen),
        recent,
    }
}

impl Corrected {
    /// Writes it into a product's row.
    pub fn write_to(self, product: &mut ProductState) {
        product.price = self.price;
        product.previous_price = self.previous_price;
        product.availability = self.availability.unwrap_or_default();
        product.run_from = self.run_from;
        product.run_checks = self.run_checks;
        product.last_ok_at = self.last_ok_at;
        product.recent = self.recent;
        product.suspect = None;
    }
}

/// A tracking's memory after `wrong` was retracted and `price` is the last right one. Who was told the wrong price is armed again,
/// so that the next true fall is not swallowed; what was owed because of it is void; and slides are measured from what was true.
pub fn forget(memory: &Memory, wrong: Money, price: Option<Money>) -> Memory {
    let mut after = memory.clone();
    if after.alert == (Alert::Fired { price: wrong }) {
        after.alert = Alert::Armed;
    }
    if after.reference == Some(wrong) {
        after.reference = price;
    }
    if let Some(owed) = after.owed.as_mut() {
        // Prices that were owed cannot be told apart from the wrong one; they come again at the next event, if they are true.
        owed.met.retain(|met| !Met::is_of_the_price(met));
    }
    after.owed = after.owed.filter(|owed| !owed.met.is_empty());
    after
}
