//! Moments: UTC, microseconds, the same precision on every engine.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A moment in UTC, in microseconds since 1970-01-01. Serialised as RFC 3339 with a `Z`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Timestamp(i64);

/// A second, in the unit of [`Timestamp`].
pub const SECOND: i64 = 1_000_000;
/// A minute, in the unit of [`Timestamp`].
pub const MINUTE: i64 = 60 * SECOND;
/// An hour, in the unit of [`Timestamp`].
pub const HOUR: i64 = 60 * MINUTE;
/// A day of 24 hours, in the unit of [`Timestamp`].
pub const DAY: i64 = 24 * HOUR;

// 0001-01-01 and 9999-12-31: what RFC 3339 can write.
const MIN_MICROS: i64 = -62_135_596_800 * SECOND;
const MAX_MICROS: i64 = 253_402_207_200 * SECOND - 1;

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Timestamp = Timestamp(0);

    /// The moment `micros` microseconds after 1970-01-01, clamped to the years 1 to 9999.
    pub const fn from_micros(micros: i64) -> Self {
        if micros < MIN_MICROS {
            Timestamp(MIN_MICROS)
        } else if micros > MAX_MICROS {
            Timestamp(MAX_MICROS)
        } else {
            Timestamp(micros)
        }
    }

    /// Microseconds since 1970-01-01.
    pub const fn as_micros(self) -> i64 {
        self.0
    }

    /// This moment moved by `micros` (which may be negative), clamped to the range of the type.
    pub const fn plus_micros(self, micros: i64) -> Self {
        Timestamp::from_micros(self.0.saturating_add(micros))
    }

    /// Microseconds from `earlier` to this moment; negative if `earlier` is later.
    pub const fn micros_since(self, earlier: Timestamp) -> i64 {
        self.0.saturating_sub(earlier.0)
    }

    /// The time from `earlier` to this moment, zero if `earlier` is later.
    pub fn since(self, earlier: Timestamp) -> Duration {
        Duration::from_micros(u64::try_from(self.micros_since(earlier)).unwrap_or(0))
    }

    /// The same moment as a `jiff` timestamp, for calendars and time zones.
    pub fn to_jiff(self) -> jiff::Timestamp {
        jiff::Timestamp::from_microsecond(self.0).expect("clamped to what jiff can hold")
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.to_jiff().fmt(f)
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Timestamp {
    type Err = jiff::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Timestamp::from_micros(text.parse::<jiff::Timestamp>()?.as_microsecond()))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_and_back_loses_nothing(micros in any::<i64>()) {
            let at = Timestamp::from_micros(micros);
            prop_assert_eq!(at.to_string().parse::<Timestamp>().unwrap(), at);
        }
    }

    #[test]
    fn moments_are_written_in_utc() {
        assert_eq!(Timestamp::from_micros(1_763_028_000_000_000).to_string(), "2025-11-13T10:00:00Z");
    }
}
