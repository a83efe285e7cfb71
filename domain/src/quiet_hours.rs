//! Times of day in a person's own zone: quiet hours, and when a daily digest goes out. Right on both nights of a clock change.

use std::fmt;
use std::str::FromStr;

use jiff::Span;
use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::ids::UserId;
use crate::time::{MINUTE, Timestamp};

/// A time of day, to the minute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DayTime(u16);

/// What is no time of day.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no time of day; write it as 07:30")]
pub struct DayTimeError(String);

/// From one time of day to another, perhaps across midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuietHours {
    /// The first quiet minute.
    pub from: DayTime,
    /// The first minute that is not quiet any more.
    pub to: DayTime,
}

impl DayTime {
    fn time(self) -> Time {
        let part = |value: u16| i8::try_from(value).unwrap_or(0);
        Time::constant(part(self.0 / 60), part(self.0 % 60), 0, 0)
    }

    /// This time of day on a date. In the hour that a clock change leaves out it is that much later; of one that comes twice it
    /// is the first.
    fn on(self, date: Date, zone: &TimeZone) -> Timestamp {
        let at = zone.to_ambiguous_timestamp(date.to_datetime(self.time())).compatible();
        Timestamp::from_micros(at.map_or(0, |at| at.as_microsecond()))
    }

    /// The same, but of two the second.
    fn last_on(self, date: Date, zone: &TimeZone) -> Timestamp {
        let at = zone.to_ambiguous_timestamp(date.to_datetime(self.time())).later();
        Timestamp::from_micros(at.map_or(0, |at| at.as_microsecond()))
    }

    /// The first moment after `now` at which it is this time of day.
    pub fn next_after(self, now: Timestamp, zone: &TimeZone) -> Timestamp {
        let today = zone.to_datetime(now.to_jiff()).date();
        // Two days on: a zone may leave out a whole day.
        (0..=2).map(|days| self.on(plus_days(today, days), zone)).find(|at| *at > now).unwrap_or(now)
    }
}

impl QuietHours {
    /// When the quiet ends, if it is quiet now.
    pub fn end(self, now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
        let today = zone.to_datetime(now.to_jiff()).date();
        let across = i64::from(self.to <= self.from);
        (-1..=0)
            .map(|days| {
                let day = plus_days(today, days);
                (self.from.on(day, zone), self.to.last_on(plus_days(day, across), zone))
            })
            .find(|(start, end)| *start <= now && now < *end)
            .map(|(_, end)| end)
    }
}

/// When a person's digest goes out that holds what was told at `told_at`: at their time of day, and a part of a minute later that
/// is their own: all of one person's alerts wait for the same moment, and not all people's for the same one.
pub fn digest_at(at: DayTime, told_at: Timestamp, zone: &TimeZone, user: UserId) -> Timestamp {
    let share = u64::from_be_bytes(user.0.as_bytes()[8..].try_into().unwrap_or_default()) % MINUTE.unsigned_abs();
    at.next_after(told_at, zone).plus_micros(i64::try_from(share).unwrap_or(0))
}

fn plus_days(date: Date, days: i64) -> Date {
    date.saturating_add(Span::new().days(days))
}

impl fmt::Display for DayTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl FromStr for DayTime {
    type Err = DayTimeError;

    /// Reads `7:30`, `07:30` and, as some browsers send it, `07:30:00`.
    fn from_str(text: &str) -> Result<Self, DayTimeError> {
        let wrong = || DayTimeError(text.trim().chars().take(20).collect());
        let mut parts = text.trim().split(':');
        let mut part = |most: u16| {
            let digits = parts.next()?;
            let fits = (1..=2).contains(&digits.len()) && digits.bytes().all(|digit| digit.is_ascii_digit());
            digits.parse::<u16>().ok().filter(|value| fits && *value <= most)
        };
        let (hours, minutes) = (part(23).ok_or_else(wrong)?, part(59).ok_or_else(wrong)?);
        match (parts.next(), parts.next()) {
            (None | Some("00"), None) => Ok(DayTime(hours * 60 + minutes)),
            _ => Err(wrong()),
        }
    }
}

impl Serialize for DayTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DayTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::locale::time_zone;
    use crate::time::{DAY, HOUR, SECOND};
    use proptest::prelude::*;

    fn hours(from: &str, to: &str) -> QuietHours {
        QuietHours { from: from.parse().unwrap(), to: to.parse().unwrap() }
    }

    fn end(quiet: QuietHours, now: &str) -> Option<String> {
        quiet.end(now.parse().unwrap(), &time_zone("Europe/Berlin")).map(|at| at.to_string())
    }

    #[test]
    fn times_of_day_are_read_and_nonsense_is_refused() {
        for (text, expect) in [("7:05", Some("07:05")), (" 22:30 ", Some("22:30")), ("00:00:00", Some("00:00"))] {
            assert_eq!(text.parse::<DayTime>().ok().map(|time| time.to_string()).as_deref(), expect, "{text}");
        }
        for wrong in ["", "24:00", "7", "7:60", "-1:00", "07:30:15", "7h30", "007:30", "+7:30"] {
            assert!(wrong.parse::<DayTime>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn quiet_hours_reach_across_midnight() {
        let night = hours("22:00", "07:00");
        for (now, expect) in [
            ("2026-01-05T20:59:59Z", None),
            ("2026-01-05T21:00:00Z", Some("2026-01-06T06:00:00Z")),
            ("2026-01-05T23:30:00Z", Some("2026-01-06T06:00:00Z")),
            ("2026-01-06T05:59:59Z", Some("2026-01-06T06:00:00Z")),
            ("2026-01-06T06:00:00Z", None),
        ] {
            assert_eq!(end(night, now).as_deref(), expect, "{now}");
        }
        assert_eq!(end(hours("13:00", "15:00"), "2026-01-05T12:30:00Z").as_deref(), Some("2026-01-05T14:00:00Z"));
        assert_eq!(end(hours("13:00", "15:00"), "2026-01-05T20:30:00Z"), None);
    }

    #[test]
    fn quiet_ends_at_the_wall_clocks_time_on_both_nights_of_a_change() {
        let night = hours("22:00", "07:00");
        // 29 March 2026: 02:00 is followed by 03:00; 25 October 2026: 03:00 by 02:00.
        assert_eq!(end(night, "2026-03-28T22:00:00Z").as_deref(), Some("2026-03-29T05:00:00Z"));
        assert_eq!(end(night, "2026-10-24T22:00:00Z").as_deref(), Some("2026-10-25T06:00:00Z"));
        // An end in the hour that is left out is that much later; in the one that comes twice it is the second.
        assert_eq!(end(hours("22:00", "02:30"), "2026-03-28T23:00:00Z").as_deref(), Some("2026-03-29T01:30:00Z"));
        let twice = hours("22:00", "02:30");
        assert_eq!(end(twice, "2026-10-25T00:45:00Z").as_deref(), Some("2026-10-25T01:30:00Z"), "no break between the two");
        assert_eq!(end(twice, "2026-10-25T01:30:00Z"), None);
    }

    #[test]
    fn a_digest_goes_out_once_a_day() {
        let zone = time_zone("Europe/Berlin");
        let at: DayTime = "02:30".parse().unwrap();
        let mut now: Timestamp = "2026-10-23T12:00:00Z".parse().unwrap();
        let mut sent = Vec::new();
        for _ in 0..4 {
            now = at.next_after(now, &zone);
            sent.push(now.to_string());
        }
        let expect =
            ["2026-10-24T00:30:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z", "2026-10-27T01:30:00Z"].map(String::from);
        assert_eq!(sent, expect, "once also in the night that has the hour twice");
        let (anna, ben) = (UserId(uuid::Uuid::from_u128(1)), UserId(uuid::Uuid::from_u128(2)));
        let told: Timestamp = "2026-01-05T09:00:00Z".parse().unwrap();
        let one = digest_at(at, told, &zone, anna);
        assert_eq!(one, digest_at(at, told.plus_micros(3 * HOUR), &zone, anna), "all of a day wait for one moment");
        assert_ne!(one, digest_at(at, told, &zone, ben));
    }

    proptest! {
        #[test]
        fn quiet_always_ends_within_a_day_and_a_bit_and_is_over_then(
            minute in 0_i64..=2 * 365 * 24 * 60,
            from in 0_u16..1440,
            to in 0_u16..1440,
            zone in prop::sample::select(vec!["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]),
        ) {
            prop_assume!(from != to);
            let zone = time_zone(zone);
            let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap().plus_micros(minute * MINUTE);
            let quiet = QuietHours { from: DayTime(from), to: DayTime(to) };
            if let Some(end) = quiet.end(now, &zone) {
                prop_assert!(end > now && end.micros_since(now) <= DAY + 2 * HOUR);
            }
            let local = zone.to_datetime(now.to_jiff());
            let minute = u16::try_from(local.hour()).unwrap() * 60 + u16::try_from(local.minute()).unwrap();
            let inside = if from < to { (from..to).contains(&minute) } else { minute >= from || minute < to };
            // A clock change may move the edges by its hour; away from them, quiet is what the wall clock says.
            let change = zone.to_offset(now.plus_micros(-3 * HOUR).to_jiff()) != zone.to_offset(now.plus_micros(3 * HOUR).to_jiff());
            let one_way = |micros: i64| zone.to_offset(now.plus_micros(micros).to_jiff()) == zone.to_offset(now.to_jiff());
            if !change && one_way(-DAY) && one_way(DAY) {
                prop_assert_eq!(quiet.end(now, &zone).is_some(), inside, "{}", local);
            }
        }

        #[test]
        fn the_next_time_of_day_is_within_two_days(seconds in 0_i64..=365 * 24 * 3600, at in 0_u16..1440) {
            let zone = time_zone("America/New_York");
            let now = "2026-01-01T00:00:00Z".parse::<Timestamp>().unwrap().plus_micros(seconds * SECOND);
            let next = DayTime(at).next_after(now, &zone);
            prop_assert!(next > now && next.micros_since(now) <= DAY + 2 * HOUR);
        }
    }
}
