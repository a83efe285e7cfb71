//! The state machine of one tracking: armed → fired → armed again.
//!
//! A tracking that fired stays silent until the price rises clear of its rules, or falls clearly lower than what was told. Stock is an
//! edge of its own: exactly one message for each. What is held back, for whatever reason, is owed: it is told when the reason is
//! gone, if it is still true.

use super::met::{is_restock, is_told, met_by_price};
use super::{Memory, Met, Owed, Past, RuleSet};
use crate::decide::{QUIET_MICROS, REARM_BASIS_POINTS};
use crate::event::PriceEvent;
use crate::money::Money;
use crate::time::Timestamp;
use crate::tracking::Alert;

/// Why a tracking is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// The event has just happened.
    Event,
    /// The person changed something, or the time of what is owed has come; the event is the product's last one.
    Revisit,
}

/// How a tracking stands when it is looked at, beside its rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// False while paused.
    pub active: bool,
    /// Silent until then.
    pub snoozed_until: Option<Timestamp>,
    /// When the rules were last changed.
    pub rules_changed_at: Timestamp,
    /// How many alerts the person had today, if there is a limit.
    pub cap: Option<Cap>,
}

/// A person's daily limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cap {
    /// Alerts told today, of all trackings.
    pub told_today: u32,
    /// Most alerts a day.
    pub most: u32,
    /// When the next day begins for that person.
    pub ends_at: Timestamp,
}

/// Why nothing is told although a rule is met. Shown to the owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Hold {
    /// The tracking is paused.
    Paused,
    /// The tracking is snoozed.
    Snoozed,
    /// The listing cannot be bought at this price now.
    NotBuyable,
    /// The tracking told something within the hour.
    OneAnHour,
    /// The person had as many alerts today as they want.
    DailyCap,
}

/// What to do about one tracking.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// Tell the person which rules are met, the most telling first.
    Tell(Vec<Met>),
    /// Rules are met, but not now; it is owed.
    Hold(Hold),
    /// No rule is met, or the person knows.
    Nothing,
}

/// What to do, and what to remember.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What to do.
    pub outcome: Outcome,
    /// What to remember.
    pub memory: Memory,
    /// Look again then, event or not.
    pub revisit_at: Option<Timestamp>,
}

/// Decides about one tracking at one event. Pure: the same arguments give the same answer.
pub fn step(
    rules: &RuleSet,
    standing: Standing,
    memory: &Memory,
    event: &PriceEvent,
    past: &Past,
    occasion: Occasion,
    now: Timestamp,
) -> Step {
    let mut after = memory.clone();
    let nothing = |memory| Step { outcome: Outcome::Nothing, memory, revisit_at: None };
    let Some(price) = event.new_price else { return nothing(after) };
    let rules = &settled(rules, price);
    // The first price is what later ones are compared with.
    let reference = after.reference.filter(|reference| reference.currency == price.currency);
    after.reference = Some(reference.unwrap_or(price));
    if let Alert::Fired { price: told } = after.alert
        && (told.currency != price.currency || rearms_at(rules, told).is_none_or(|above| price.minor >= above))
    {
        after.alert = Alert::Armed;
        // After a rise, a slide is measured from the height it starts at.
        after.reference = Some(price);
    }
    let owed = still_owed(after.owed.take(), event, after.alert, standing.rules_changed_at);
    let since = owed.as_ref().map_or(now, |owed| owed.since);
    let mut met = met_by_price(rules, &after, event, past, occasion, standing.rules_changed_at);
    if rules.back_in_stock && occasion == Occasion::Event && is_restock(event) {
        met.push(Met::BackInStock);
    }
    for earlier in owed.into_iter().flat_map(|owed| owed.met) {
        if met.iter().all(|here| here.rule() != earlier.rule()) {
            met.push(earlier);
        }
    }
    met.sort_by_key(Met::rule);
    if met.is_empty() {
        return nothing(after);
    }
    if let Some((hold, revisit_at)) = held(standing, event, after.told_at, now) {
        after.owed = Some(Owed { met, since });
        return Step { outcome: Outcome::Hold(hold), memory: after, revisit_at };
    }
    after.told_at = Some(now);
    if met.iter().any(Met::is_of_the_price) {
        after.alert = Alert::Fired { price };
        after.reference = Some(price);
    }
    Step { outcome: Outcome::Tell(met), memory: after, revisit_at: None }
}

/// The rules with the target in the product's currency, if it was not known when they were made.
fn settled(rules: &RuleSet, price: Money) -> RuleSet {
    let target = rules.target.as_ref().map(|target| target.in_currency_if_unknown(price.currency));
    RuleSet { target, ..rules.clone() }
}

/// What holds a message back, and when to look again.
fn held(standing: Standing, event: &PriceEvent, told_at: Option<Timestamp>, now: Timestamp) -> Option<(Hold, Option<Timestamp>)> {
    if !standing.active {
        return Some((Hold::Paused, None));
    }
    if let Some(until) = standing.snoozed_until.filter(|until| *until > now) {
        return Some((Hold::Snoozed, Some(until)));
    }
    if !event.is_buyable() {
        return Some((Hold::NotBuyable, None));
    }
    // A clock that was set back must not make the hour longer than an hour.
    if let Some(over) = told_at.map(|told| told.plus_micros(QUIET_MICROS)).filter(|over| *over > now) {
        return Some((Hold::OneAnHour, Some(over.min(now.plus_micros(QUIET_MICROS)))));
    }
    let cap = standing.cap.filter(|cap| cap.told_today >= cap.most)?;
    Some((Hold::DailyCap, Some(cap.ends_at)))
}

/// What was held back and is still true at the price of now; a change of the rules makes all of it void, as they are looked at
/// afresh then.
fn still_owed(owed: Option<Owed>, event: &PriceEvent, alert: Alert, rules_changed_at: Timestamp) -> Option<Owed> {
    let Owed { met, since } = owed.filter(|owed| rules_changed_at <= owed.since)?;
    let met: Vec<Met> =
        met.into_iter().filter(|met| met.holds(event) && !(met.is_of_the_price() && is_told(alert, event))).collect();
    (!met.is_empty()).then_some(Owed { met, since })
}

/// The lowest price, in minor units, at which a tracking that told `told` is armed again.
pub(super) fn rearms_at(rules: &RuleSet, told: Money) -> Option<i64> {
    let target = rules.target.as_ref().and_then(|target| target.money()).filter(|target| target.currency == told.currency);
    Some(above(target.map_or(told.minor, |target| target.minor.max(told.minor))))
}

/// The lowest price that lies above `minor` by the margin.
fn above(minor: i64) -> i64 {
    let margin = i128::from(minor) * i128::from(REARM_BASIS_POINTS) / 10_000;
    minor.saturating_add(i64::try_from(margin).unwrap_or(i64::MAX)).saturating_add(1)
}
