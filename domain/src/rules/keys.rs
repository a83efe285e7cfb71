//! Index keys: which trackings an event may concern, so that a product's million trackings cost only those that may fire.

use super::met::is_restock;
use super::step::rearms_at;
use super::{AverageOf, Memory, Past, RuleSet};
use crate::decide::{CLEARLY_LOWER_BASIS_POINTS, NOISE_BASIS_POINTS};
use crate::event::PriceEvent;
use crate::money::Money;
use crate::tracking::Alert;

/// What the store indexes of a tracking. An event outside of all its keys leaves tracking and person undisturbed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keys {
    /// Look when a price is at or below this many minor units. `i64::MAX`: at any price. `i64::MIN`: at none.
    pub below: i64,
    /// Look when a price is at or above this many minor units. `i64::MAX`: at none.
    pub above: i64,
    /// Look when a price fell by at least so many ten-thousandths at once. `u32::MAX`: never.
    pub fall: u32,
    /// Look when a price is lower than ever.
    pub lowest_ever: bool,
    /// Look when a price is lower than in 30 days.
    pub lowest_in_30_days: bool,
    /// Look when a price is at least so many ten-thousandths below this average.
    pub below_average: Option<(AverageOf, u32)>,
    /// Look when the product can be bought again.
    pub restock: bool,
}

const NEVER: Keys = Keys {
    below: i64::MIN,
    above: i64::MAX,
    fall: u32::MAX,
    lowest_ever: false,
    lowest_in_30_days: false,
    below_average: None,
    restock: false,
};

/// The keys of a tracking.
pub fn keys(rules: &RuleSet, active: bool, memory: &Memory) -> Keys {
    if !active || !rules.has_any() {
        return NEVER;
    }
    let unsettled = memory.reference.is_none() || rules.target.as_ref().is_some_and(|target| target.currency().is_none());
    // What is owed ends with a rise: it must be looked at whatever happens.
    if unsettled || memory.owed.is_some() {
        return Keys { below: i64::MAX, ..NEVER };
    }
    let restock = rules.back_in_stock;
    if let Alert::Fired { price } = memory.alert {
        return Keys {
            below: price.less_basis_points(CLEARLY_LOWER_BASIS_POINTS).minor,
            above: rearms_at(rules, price).unwrap_or(i64::MAX),
            restock,
            ..NEVER
        };
    }
    let target = rules.target.as_ref().and_then(|target| target.money()).map(|target| target.minor);
    let slide = |points: u32| memory.reference.map(|reference| reference.less_basis_points(points).minor);
    let noise = NOISE_BASIS_POINTS as u32;
    let from_start = rules.fall_from_start.and_then(|wished| slide(wished.get()));
    let any = if rules.any_fall { slide(noise) } else { None };
    let fall = rules.fall.map_or(u32::MAX, |wished| wished.get());
    Keys {
        below: target.max(from_start).max(any).unwrap_or(i64::MIN),
        above: i64::MAX,
        fall: if rules.any_fall { fall.min(noise) } else { fall },
        lowest_ever: rules.lowest_ever,
        lowest_in_30_days: rules.lowest_in_30_days,
        below_average: rules.below_average.map(|wish| (wish.of, wish.by.get())),
        restock,
    }
}

/// Whether an event touches the keys: what the store's candidate queries find, one index range for each line.
pub fn touches(keys: &Keys, event: &PriceEvent, past: &Past) -> bool {
    let Some(price) = event.new_price else { return false };
    let lower = |low: Option<Money>| low.is_some_and(|low| price < low);
    let below_average =
        |(of, points): (AverageOf, u32)| past.average(of).is_some_and(|average| price <= average.less_basis_points(points));
    price.minor <= keys.below
        || (keys.above < i64::MAX && price.minor >= keys.above)
        || event.fall_basis_points().is_some_and(|fall| fall > 0 && fall >= i64::from(keys.fall))
        || (keys.lowest_ever && lower(past.lowest_ever))
        || (keys.lowest_in_30_days && lower(past.lowest_in_30_days))
        || keys.below_average.is_some_and(below_average)
        || (keys.restock && is_restock(event))
}
