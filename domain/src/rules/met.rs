//! Which rules an event meets.

use serde::{Deserialize, Serialize};

use super::{AverageOf, Memory, Occasion, Past, RuleSet};
use crate::decide::{CLEARLY_LOWER_BASIS_POINTS, NOISE_BASIS_POINTS};
use crate::event::PriceEvent;
use crate::money::Money;
use crate::time::Timestamp;
use crate::tracking::Alert;

/// A rule that is met, and against what: enough to say why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "rule", rename_all = "snake_case")]
pub enum Met {
    /// At or below the target.
    Target {
        /// The target.
        target: Money,
        /// Whether it was so when the person set the target: nothing fell, it is said once.
        already_met: bool,
    },
    /// Lower than ever seen.
    LowestEver {
        /// The lowest before.
        before: Money,
    },
    /// Lower than in the 30 days before.
    LowestIn30Days {
        /// The lowest before.
        before: Money,
    },
    /// So much below the price before.
    Fall {
        /// The wished share, in ten-thousandths.
        basis_points: u32,
        /// The price before.
        previous: Money,
    },
    /// So much below the price when tracking began or when last told.
    FallFromStart {
        /// The wished share, in ten-thousandths.
        basis_points: u32,
        /// The price compared with.
        reference: Money,
    },
    /// So much below an average.
    BelowAverage {
        /// Of how long.
        of: AverageOf,
        /// The wished share, in ten-thousandths.
        basis_points: u32,
        /// The average.
        average: Money,
    },
    /// Lower than before.
    AnyFall {
        /// The price before, or the one that a slide is measured from.
        from: Money,
    },
    /// Can be bought again.
    BackInStock,
}

/// The kind of a [`Met`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MetRule {
    /// [`Met::Target`].
    Target,
    /// [`Met::LowestEver`].
    LowestEver,
    /// [`Met::LowestIn30Days`].
    LowestIn30Days,
    /// [`Met::Fall`].
    Fall,
    /// [`Met::FallFromStart`].
    FallFromStart,
    /// [`Met::BelowAverage`].
    BelowAverage,
    /// [`Met::AnyFall`].
    AnyFall,
    /// [`Met::BackInStock`].
    BackInStock,
}

impl Met {
    /// Which rule it is.
    pub const fn rule(&self) -> MetRule {
        match self {
            Met::Target { .. } => MetRule::Target,
            Met::LowestEver { .. } => MetRule::LowestEver,
            Met::LowestIn30Days { .. } => MetRule::LowestIn30Days,
            Met::Fall { .. } => MetRule::Fall,
            Met::FallFromStart { .. } => MetRule::FallFromStart,
            Met::BelowAverage { .. } => MetRule::BelowAverage,
            Met::AnyFall { .. } => MetRule::AnyFall,
            Met::BackInStock => MetRule::BackInStock,
        }
    }

    /// Whether it is still true at the price and stock of an event.
    pub fn holds(&self, event: &PriceEvent) -> bool {
        let Some(price) = event.new_price else { return false };
        match self {
            Met::Target { target, .. } => price <= *target,
            Met::LowestEver { before } | Met::LowestIn30Days { before } => price < *before,
            Met::Fall { basis_points, previous: from }
            | Met::FallFromStart { basis_points, reference: from }
            | Met::BelowAverage { basis_points, average: from, .. } => price <= from.less_basis_points(*basis_points),
            Met::AnyFall { from } => is_more_than_noise(price, *from),
            Met::BackInStock => event.is_buyable(),
        }
    }

    /// Whether it speaks of the price, not of the stock.
    pub const fn is_of_the_price(&self) -> bool {
        !matches!(self.rule(), MetRule::BackInStock)
    }
}

/// The price rules that are met at `price` and not yet told, the one that says most first.
pub(super) fn met_by_price(
    rules: &RuleSet,
    memory: &Memory,
    event: &PriceEvent,
    past: &Past,
    occasion: Occasion,
    rules_changed_at: Timestamp,
) -> Vec<Met> {
    let Some(price) = event.new_price else { return Vec::new() };
    if is_told(memory.alert, event) {
        return Vec::new();
    }
    let same = |other: &Money| other.currency == price.currency;
    let target = rules.target.as_ref().and_then(|target| target.money()).filter(same);
    let reference = memory.reference.filter(same);
    let already_met = match occasion {
        Occasion::Event => event.is_first(),
        Occasion::Revisit => rules_changed_at > event.at || event.is_first(),
    };
    let mut met = Vec::new();
    if let Some(target) = target.filter(|target| price <= *target) {
        met.push(Met::Target { target, already_met });
    }
    // From here on something must have fallen, at once or bit by bit, by more than noise: a rise never passes for a fall.
    let from_previous = event.old_price.filter(|from| is_more_than_noise(price, *from));
    let from_reference = reference.filter(|from| is_more_than_noise(price, *from));
    let Some(fell_from) = from_previous.or(from_reference) else { return met };
    let before = |low: Option<Money>| low.filter(same).filter(|low| price < *low);
    if let Some(before) = before(past.lowest_ever).filter(|_| rules.lowest_ever) {
        met.push(Met::LowestEver { before });
    }
    if let Some(before) = before(past.lowest_in_30_days).filter(|_| rules.lowest_in_30_days) {
        met.push(Met::LowestIn30Days { before });
    }
    // A fall is what happens at an event; later it is only told if it was owed.
    if occasion == Occasion::Event
        && let Some((wished, previous)) = rules.fall.zip(from_previous)
        && price.basis_points_below(previous).is_some_and(|fall| fall >= i64::from(wished.get()))
    {
        met.push(Met::Fall { basis_points: wished.get(), previous });
    }
    if let Some((wished, reference)) = rules.fall_from_start.zip(from_reference)
        && price <= reference.less_basis_points(wished.get())
    {
        met.push(Met::FallFromStart { basis_points: wished.get(), reference });
    }
    if let Some(wish) = rules.below_average
        && let Some(average) = past.average(wish.of).filter(same)
        && price <= average.less_basis_points(wish.by.get())
    {
        met.push(Met::BelowAverage { of: wish.of, basis_points: wish.by.get(), average });
    }
    let fell = match occasion {
        Occasion::Event => Some(fell_from),
        Occasion::Revisit => from_reference,
    };
    if let Some(from) = fell.filter(|_| rules.any_fall) {
        met.push(Met::AnyFall { from });
    }
    met
}

/// Whether the person knows the price of an event: it was told, or one that is not clearly higher.
pub(super) fn is_told(alert: Alert, event: &PriceEvent) -> bool {
    match (alert, event.new_price) {
        (Alert::Fired { price: told }, Some(price)) => price > told.less_basis_points(CLEARLY_LOWER_BASIS_POINTS),
        (Alert::Fired { .. } | Alert::Armed, _) => false,
    }
}

/// Whether a price lies below another by more than noise.
fn is_more_than_noise(price: Money, from: Money) -> bool {
    price.basis_points_below(from).is_some_and(|fall| fall >= NOISE_BASIS_POINTS)
}

/// Whether the event is the edge from "cannot be bought" to "can be bought". What was not known before is no edge.
pub(super) fn is_restock(event: &PriceEvent) -> bool {
    event.old_availability.is_buyable() == Some(false) && event.new_availability.is_buyable() == Some(true)
}
