//! Values as people read them: the text for the viewer's language and zone beside what it stands for. Written on the server,
//! shown as they are in the browser, so that both always agree.

use serde::{Deserialize, Serialize};

/// An amount of money.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceText {
    /// Minor units.
    pub minor: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// For people: `€1,299.00`.
    pub text: String,
}

/// A moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimeText {
    /// RFC 3339, UTC.
    pub iso: String,
    /// Date and time in the viewer's zone.
    pub text: String,
    /// As short as it is still clear: `2 min ago`, `today, 14:05`, `3 Nov`.
    pub short: String,
    /// Whether that is an age, and no time of day.
    pub is_age: bool,
}

impl TimeText {
    /// `since 14:05`; what is minutes old is `2 min ago` alone.
    pub fn since(&self) -> String {
        // An age is said as it is; a clock time or a day begins something.
        if self.is_age { self.short.clone() } else { crate::context::fill("since {day}", &[("day", &self.short)]) }
    }
}

/// Which way a price went. Sign, word and colour come from this alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Direction {
    /// It fell.
    Drop,
    /// It rose.
    Rise,
    /// It is as it was.
    Same,
}

/// How a price differs from the one before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangeText {
    /// Which way.
    pub direction: Direction,
    /// `€10.00 (6.3%)`; empty if it is the same.
    pub amount: String,
    /// Under 1 %: said, but not in colour.
    pub is_small: bool,
    /// Since when the price is as it is.
    pub since: Option<TimeText>,
}

/// How loud a state is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Tone {
    /// Good news.
    Drop,
    /// A fact.
    Neutral,
    /// Needs a person, or time.
    Warning,
    /// Over.
    Danger,
}

impl Tone {
    /// The value of `data-tone`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Tone::Drop => "drop",
            Tone::Neutral => "neutral",
            Tone::Warning => "warning",
            Tone::Danger => "danger",
        }
    }
}

/// A state that is worth a word. A healthy product has none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StateText {
    /// The icon's name in the sprite.
    pub icon: String,
    /// How loud.
    pub tone: Tone,
    /// One to three words.
    pub label: String,
    /// What, why, what now.
    pub sentence: String,
}

/// A step line for a list, in a box of 100 by 28.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SparkView {
    /// The path's `d`.
    pub path: String,
    /// Height of the target's line, if it is within the box.
    pub target_y: Option<i64>,
    /// Height of the last price, if the line reaches the end.
    pub end_y: Option<i64>,
}

/// What a query's value may not hold as it is, encoded.
pub fn query_value(text: &str) -> String {
    let encoded = text.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B");
    encoded.replace(' ', "+").replace('"', "%22")
}
