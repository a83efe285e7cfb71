//! Rules of a tracking, all of them together: what is wished, what is met, and the state machine between rules and messages.
//!
//! `past` says what the product's history was before an event, once for all of its trackings; `met` which rules the event meets;
//! `step` what becomes of one tracking; `keys` which trackings need a step at all.

mod keys;
mod met;
mod past;
mod step;

use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::time::{DAY, Timestamp};
use crate::tracking::{Alert, DropBasisPoints, Rules, TargetPrice};

pub use keys::{Keys, keys, touches};
pub use met::{Met, MetRule};
pub use past::{LOWEST_EVER_NEEDS, Past, past};
pub use step::{Cap, Hold, Occasion, Outcome, Standing, Step, step};

/// When to tell: any of these. With none, the product is only watched.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RuleSet {
    /// At or below a price.
    pub target: Option<TargetPrice>,
    /// This much below the price before.
    pub fall: Option<DropBasisPoints>,
    /// This much below the price when tracking began, or when last told: catches slow slides.
    pub fall_from_start: Option<DropBasisPoints>,
    /// Lower than before, by more than noise.
    pub any_fall: bool,
    /// Lower than ever seen.
    pub lowest_ever: bool,
    /// Lower than in the 30 days before: the measure of a real discount in the EU (directive 98/6/EC, article 6a).
    pub lowest_in_30_days: bool,
    /// This much below the average of some time.
    pub below_average: Option<BelowAverage>,
    /// Can be bought again.
    pub back_in_stock: bool,
}

impl RuleSet {
    /// Whether there is any rule.
    pub fn has_any(&self) -> bool {
        *self != RuleSet::default()
    }
}

impl From<&Rules> for RuleSet {
    /// The percentage of a tracking counts against the price before and against the price at the start.
    fn from(rules: &Rules) -> Self {
        RuleSet { target: rules.target.clone(), fall: rules.drop, fall_from_start: rules.drop, ..RuleSet::default() }
    }
}

/// Below an average, weighted by time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BelowAverage {
    /// Of how long.
    pub of: AverageOf,
    /// By how much.
    pub by: DropBasisPoints,
}

/// The time before an event that an average is of. A closed list, so that each event has few averages, computed once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AverageOf {
    /// 30 days.
    Days30,
    /// 90 days.
    Days90,
    /// 180 days.
    Days180,
    /// 365 days.
    Days365,
}

impl AverageOf {
    /// Every value, in the order of [`Past::averages`].
    pub const ALL: [AverageOf; 4] = [AverageOf::Days30, AverageOf::Days90, AverageOf::Days180, AverageOf::Days365];

    /// How many days.
    pub const fn days(self) -> i64 {
        match self {
            AverageOf::Days30 => 30,
            AverageOf::Days90 => 90,
            AverageOf::Days180 => 180,
            AverageOf::Days365 => 365,
        }
    }

    /// The same in microseconds.
    pub const fn micros(self) -> i64 {
        self.days() * DAY
    }
}

/// What a tracking remembers between two events.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Memory {
    /// What slides are measured from: the price when tracking began, when last told, or the height after it.
    pub reference: Option<Money>,
    /// Whether the person was told of a price, and of which.
    pub alert: Alert,
    /// When the person was last told anything.
    pub told_at: Option<Timestamp>,
    /// What was held back and is still to be told.
    pub owed: Option<Owed>,
}

/// What was held back: suppressed means deferred, not forgotten.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owed {
    /// The rules that were met; each is told later only if it still holds.
    pub met: Vec<Met>,
    /// Since when; a later change of the rules makes it void.
    pub since: Timestamp,
}
