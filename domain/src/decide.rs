//! Whether to tell: the state machine of a tracking.
//!
//! armed → fired → re-armed. A tracking fires when a rule is met, then stays silent until the price rises clear of its rules by
//! [`REARM_BASIS_POINTS`], or falls to [`CLEARLY_LOWER_BASIS_POINTS`] below the price told. At most one alert an hour; what comes
//! sooner is held, and looked at again when the hour is over.

use serde::{Deserialize, Serialize};

use crate::event::PriceEvent;
use crate::money::Money;
use crate::time::{HOUR, Timestamp};
use crate::tracking::{Alert, Tracking, WatchKeys};

/// A price must rise this far above a rule's threshold before the rule can fire again: 1 %.
pub const REARM_BASIS_POINTS: u32 = 100;
/// A price this far below the one told is news again: 5 %.
pub const CLEARLY_LOWER_BASIS_POINTS: u32 = 500;
/// A change smaller than this is noise: 1 %.
pub const NOISE_BASIS_POINTS: i64 = 100;
/// At most one alert per tracking in this time.
pub const QUIET_MICROS: i64 = HOUR;

/// Which rule fired, and against what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Reason {
    /// The price is at or below the target.
    Target {
        /// The target.
        target: Money,
        /// Whether it was so when the person set the target: nothing fell, it is said once.
        already_met: bool,
    },
    /// The price fell by at least the wished share of the price before.
    DropFromPrevious {
        /// The wished share, in ten-thousandths.
        basis_points: u32,
        /// The price before.
        previous: Money,
    },
    /// The price fell by at least the wished share of the price when tracking began or when last told: catches slow slides.
    DropFromReference {
        /// The wished share, in ten-thousandths.
        basis_points: u32,
        /// The price compared with.
        reference: Money,
    },
}

/// Why nothing is told although a rule is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HoldReason {
    /// The tracking told something within the hour.
    OneAnHour,
    /// The listing cannot be bought at this price now.
    NotBuyable,
}

/// What to do about one tracking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Tell the person.
    Notify(Reason),
    /// A rule is met, but not now.
    Hold(HoldReason),
    /// No rule is met, or the person knows.
    Nothing,
}

/// A decision, and the tracking as it is to be stored with it. The store writes both in one transaction, or neither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// What to do.
    pub decision: Decision,
    /// The tracking after it; `revision` is left to the store.
    pub tracking: Tracking,
}

/// Why a tracking is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The event has just happened.
    Event,
    /// The person changed the rules, or a held alert's time has come; the event is the product's last one.
    Revisit,
}

/// Decides about one tracking at one event. Pure: the same arguments give the same answer, so deciding twice is harmless.
pub fn decide(tracking: &Tracking, event: &PriceEvent, occasion: Occasion, now: Timestamp) -> Decided {
    let mut after = tracking.clone();
    after.revisit_at = None;
    let Some(price) = event.new_price else {
        return Decided { decision: Decision::Nothing, tracking: after };
    };
    if let Some(target) = &tracking.rules.target {
        after.rules.target = Some(target.in_currency_if_unknown(price.currency));
    }
    // The first price is what later ones are compared with.
    let reference = after.reference.filter(|reference| reference.currency == price.currency);
    after.reference = Some(reference.unwrap_or(price));
    if let Alert::Fired { price: told } = after.alert
        && (told.currency != price.currency || is_clear_of_rules(&after, price))
    {
        after.alert = Alert::Armed;
        // After a rise, a slide is measured from the height it starts at.
        after.reference = Some(price);
    }
    if !tracking.active {
        return Decided { decision: Decision::Nothing, tracking: after };
    }
    let Some(reason) = met_rule(&after, event, price, occasion) else {
        return Decided { decision: Decision::Nothing, tracking: after };
    };
    if !event.is_buyable() {
        return Decided { decision: Decision::Hold(HoldReason::NotBuyable), tracking: after };
    }
    if let Some(told_at) = tracking.told_at
        && now.micros_since(told_at) < QUIET_MICROS
    {
        after.revisit_at = Some(told_at.plus_micros(QUIET_MICROS));
        return Decided { decision: Decision::Hold(HoldReason::OneAnHour), tracking: after };
    }
    after.alert = Alert::Fired { price };
    after.told_at = Some(now);
    after.reference = Some(price);
    Decided { decision: Decision::Notify(reason), tracking: after }
}

/// The first rule that is met at `price` and not yet told.
fn met_rule(tracking: &Tracking, event: &PriceEvent, price: Money, occasion: Occasion) -> Option<Reason> {
    if let Alert::Fired { price: told } = tracking.alert
        && price > told.less_basis_points(CLEARLY_LOWER_BASIS_POINTS)
    {
        return None;
    }
    let target = tracking.rules.target.as_ref().and_then(|target| target.money());
    if let Some(target) = target
        && price <= target
    {
        let already_met = match occasion {
            Occasion::Event => event.is_first(),
            Occasion::Revisit => tracking.updated_at > event.at || event.is_first(),
        };
        return Some(Reason::Target { target, already_met });
    }
    let wished = tracking.rules.drop?.get();
    if occasion == Occasion::Event
        && let Some(fall) = event.fall_basis_points()
        && fall >= i64::from(wished)
    {
        return Some(Reason::DropFromPrevious { basis_points: wished, previous: event.old_price? });
    }
    let reference = tracking.reference?;
    let fallen = price <= reference.less_basis_points(wished) && price.basis_points_below(reference)? >= NOISE_BASIS_POINTS;
    fallen.then_some(Reason::DropFromReference { basis_points: wished, reference })
}

/// Whether `price` lies above every threshold by the margin that re-arms.
fn is_clear_of_rules(tracking: &Tracking, price: Money) -> bool {
    rearm_above(tracking).is_none_or(|above| price.minor >= above)
}

/// The lowest price, in minor units, at which a fired tracking is armed again.
fn rearm_above(tracking: &Tracking) -> Option<i64> {
    let Alert::Fired { price: told } = tracking.alert else { return None };
    let target = tracking.rules.target.as_ref().and_then(|target| target.money());
    let threshold =
        target.filter(|target| target.currency == told.currency).map_or(told.minor, |target| target.minor.max(told.minor));
    let margin = i128::from(threshold) * i128::from(REARM_BASIS_POINTS) / 10_000;
    Some(threshold.saturating_add(i64::try_from(margin).unwrap_or(i64::MAX)).saturating_add(1))
}

/// The prices at which [`decide`] could do anything but nothing for this tracking: what the store indexes, so that a product's
/// million trackings cost only those that may fire. Every price outside of the keys leaves tracking and person undisturbed.
pub fn keys(tracking: &Tracking) -> WatchKeys {
    const NEVER: WatchKeys = WatchKeys { below: i64::MIN, above: i64::MAX, fall: u32::MAX };
    let unsettled =
        tracking.reference.is_none() || tracking.rules.target.as_ref().is_some_and(|target| target.currency().is_none());
    if !tracking.active || (tracking.rules.target.is_none() && tracking.rules.drop.is_none()) {
        return NEVER;
    }
    if unsettled {
        return WatchKeys { below: i64::MAX, ..NEVER };
    }
    if let Alert::Fired { price } = tracking.alert {
        return WatchKeys {
            below: price.less_basis_points(CLEARLY_LOWER_BASIS_POINTS).minor,
            above: rearm_above(tracking).unwrap_or(i64::MAX),
            fall: u32::MAX,
        };
    }
    let target = tracking.rules.target.as_ref().and_then(|target| target.money()).map(|target| target.minor);
    let wished = tracking.rules.drop.map(|drop| drop.get());
    let slide = tracking.reference.zip(wished).map(|(reference, wished)| reference.less_basis_points(wished).minor);
    WatchKeys { below: target.max(slide).unwrap_or(i64::MIN), above: i64::MAX, fall: wished.unwrap_or(u32::MAX) }
}
