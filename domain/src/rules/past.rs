//! What a product's history was before an event: computed once for all trackings of the product.

use super::AverageOf;
use crate::history::{PriceRun, spans, statistics};
use crate::money::{Currency, Money};
use crate::time::{DAY, Timestamp};

/// A low is no news while hardly anything is known: so much history comes first.
pub const LOWEST_EVER_NEEDS: i64 = 14 * DAY;
const LOWEST_IN_30_DAYS: i64 = 30 * DAY;

/// A product's history before an event, in the event's currency. Prices at which nobody could buy are none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Past {
    /// The lowest price before, if [`LOWEST_EVER_NEEDS`] of history are known.
    pub lowest_ever: Option<Money>,
    /// The lowest price in force in the 30 days before, if they are known whole.
    pub lowest_in_30_days: Option<Money>,
    /// Averages over the times of [`AverageOf::ALL`], each if at least half of its time is known.
    pub averages: [Option<Money>; 4],
}

impl Past {
    /// The average of some time.
    pub fn average(&self, of: AverageOf) -> Option<Money> {
        self.averages[of as usize]
    }
}

/// What was before `at`. Runs are oldest first; the one that begins at `at`, and later ones, do not count.
pub fn past(runs: &[PriceRun], at: Timestamp, currency: Currency) -> Past {
    let before = &runs[..runs.partition_point(|run| run.from < at)];
    let counts = |run: &PriceRun| {
        run.availability.is_buyable() != Some(false)
            && run.price.is_some_and(|price| price.currency == currency && price.minor > 0)
    };
    let Some(first) = before.iter().find(|run| counts(run)) else { return Past::default() };
    let known = at.micros_since(first.from);
    let lowest = |from: Timestamp| {
        let there = spans(before, from, at).filter(|(run, _, _)| counts(run));
        there.filter_map(|(run, _, _)| run.price).min_by_key(|price| price.minor)
    };
    let ago = |micros: i64| at.plus_micros(-micros);
    // Another currency is another series, and the statistics are of the last one's: after a change back there is no average yet.
    let same_series = before.iter().rev().find_map(|run| run.price).is_some_and(|price| price.currency == currency);
    Past {
        lowest_ever: (known >= LOWEST_EVER_NEEDS).then(|| lowest(first.from)).flatten(),
        lowest_in_30_days: (known >= LOWEST_IN_30_DAYS).then(|| lowest(ago(LOWEST_IN_30_DAYS))).flatten(),
        averages: AverageOf::ALL.map(|of| {
            let enough = same_series && known >= of.micros() / 2;
            enough.then(|| statistics(before, ago(of.micros()), at).average).flatten()
        }),
    }
}
