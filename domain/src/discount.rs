//! Fake discounts: a struck price that was never asked, and a price that was raised before the sale.

use serde::{Deserialize, Serialize};

use crate::history::{PriceRun, spans};
use crate::money::Money;
use crate::time::{DAY, Timestamp};

/// So much history must be known before anybody is suspected.
pub const DISCOUNT_NEEDS: i64 = 30 * DAY;
/// A struck price is measured against the highest price of this time.
pub const LOOKS_BACK: i64 = 365 * DAY;
/// A rise this soon before a sale belongs to it.
pub const RAISED_WITHIN: i64 = 30 * DAY;
/// Differences up to this are forgiven, in ten-thousandths: 1 %.
const FORGIVEN: u32 = 100;

/// What is wrong with a discount.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FakeDiscount {
    /// The struck price was not asked in all the time that is known.
    NeverCharged {
        /// The struck price.
        list: Money,
        /// The highest price that was asked.
        highest: Money,
        /// In how many days.
        days: i64,
    },
    /// Shortly before the fall the price was raised; it now is what it was before, or more.
    RaisedBefore {
        /// The price before the rise.
        from: Money,
        /// The price that the fall began at.
        to: Money,
        /// When it was raised.
        at: Timestamp,
    },
}

/// Looks for a fake discount of the price in force at `now`. Runs are oldest first. A price that was raised says more than a struck
/// one, and is told first.
pub fn fake_discount(runs: &[PriceRun], list: Option<Money>, now: Timestamp) -> Option<FakeDiscount> {
    let known = &runs[..runs.partition_point(|run| run.from <= now)];
    let price = known.last().filter(|run| run.availability.is_buyable() != Some(false))?.price?;
    let counts = |run: &PriceRun| run.price.filter(|there| there.currency == price.currency && there.minor > 0);
    let first = known.iter().find(|run| counts(run).is_some())?.from;
    if now.micros_since(first) < DISCOUNT_NEEDS {
        return None;
    }
    raised_before(known, price).or_else(|| {
        let list = list.filter(|list| list.currency == price.currency && list.minor > price.minor)?;
        let asked = spans(known, now.plus_micros(-LOOKS_BACK), now).filter_map(|(run, _, _)| counts(run));
        let highest = asked.max_by_key(|asked| asked.minor)?;
        let never = highest < list.less_basis_points(FORGIVEN);
        never.then(|| FakeDiscount::NeverCharged { list, highest, days: now.micros_since(first).min(LOOKS_BACK) / DAY })
    })
}

/// The last three prices: low, raised, and now hardly below the first.
fn raised_before(runs: &[PriceRun], price: Money) -> Option<FakeDiscount> {
    let mut prices: Vec<(Money, Timestamp)> = Vec::new();
    for run in runs {
        let Some(there) = run.price.filter(|there| there.currency == price.currency) else { continue };
        if prices.last().is_none_or(|(last, _)| *last != there) {
            prices.push((there, run.from));
        }
    }
    let [.., (from, _), (to, raised_at), (now, fell_at)] = prices[..] else { return None };
    let was_raised = from < to.less_basis_points(FORGIVEN) && fell_at.micros_since(raised_at) <= RAISED_WITHIN;
    let is_no_gain = now < to && now >= from.less_basis_points(FORGIVEN);
    (was_raised && is_no_gain).then_some(FakeDiscount::RaisedBefore { from, to, at: raised_at })
}
