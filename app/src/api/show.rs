//! The formatter: money, moments, changes and states as texts for one reader.

use domain::history::PriceAt;
use domain::money::Money;
use domain::time::{DAY, HOUR, MINUTE};
use domain::{Availability, Locale, Timestamp};
use jiff::tz::TimeZone;

use super::text::{ChangeText, Direction, PriceText, TimeText};
use crate::context::{fill, t};

/// A reader's language, region, zone, and the request's one "now".
pub struct Show {
    /// Language and region.
    pub locale: Locale,
    /// IANA name of the zone.
    pub zone_name: String,
    /// The zone; UTC if the name is unknown.
    pub zone: TimeZone,
    /// When the request began to be answered.
    pub now: Timestamp,
}

impl Show {
    /// A formatter for a reader.
    pub fn new(locale: Locale, zone_name: &str, now: Timestamp) -> Self {
        let zone = TimeZone::get(zone_name).unwrap_or(TimeZone::UTC);
        Show { locale, zone_name: zone_name.to_owned(), zone, now }
    }

    /// An amount.
    pub fn price(&self, money: Money) -> PriceText {
        PriceText { minor: money.minor, currency: money.currency.code().into(), text: self.locale.money(money) }
    }

    /// A moment.
    pub fn time(&self, at: Timestamp) -> TimeText {
        TimeText {
            iso: at.to_string(),
            text: self.locale.date_time(at, &self.zone_name),
            short: self.short(at),
            is_age: (-MINUTE..HOUR).contains(&self.now.micros_since(at)),
        }
    }

    /// A day: `3 Nov`, or `3 Nov 2024` in another year.
    pub fn day(&self, at: Timestamp) -> String {
        let date = self.locale.date(at, &self.zone_name);
        if self.year(at) != self.year(self.now) {
            return date;
        }
        // The locale writes the year last, after a no-break space.
        date.rsplit_once('\u{a0}').map_or(date.clone(), |(day, _)| day.to_owned())
    }

    /// Clock time: `14:05`.
    pub fn clock(&self, at: Timestamp) -> String {
        let local = self.zone.to_datetime(at.to_jiff());
        format!("{:02}:{:02}", local.hour(), local.minute())
    }

    /// `just now`, `2 min ago`, `14:05` today, `yesterday`, `3 Nov`.
    fn short(&self, at: Timestamp) -> String {
        let age = self.now.micros_since(at);
        match age {
            _ if (-MINUTE..MINUTE).contains(&age) => t("just now").into(),
            _ if (0..HOUR).contains(&age) => fill("{count}\u{a0}min ago", &[("count", &(age / MINUTE))]),
            _ if self.days_before_today(at) == 0 => fill("today, {clock}", &[("clock", &self.clock(at))]),
            _ if self.days_before_today(at) == 1 => fill("yesterday, {clock}", &[("clock", &self.clock(at))]),
            _ => self.day(at),
        }
    }

    /// How long ago, for the narrow column of a list: `2 min`, `5 h`, `3 d`.
    pub fn age(&self, at: Timestamp) -> String {
        let age = self.now.micros_since(at).max(0);
        match age {
            _ if age < MINUTE => t("now").into(),
            _ if age < HOUR => format!("{}\u{a0}{}", age / MINUTE, t("min")),
            _ if age < 2 * DAY => format!("{}\u{a0}{}", age / HOUR, t("h")),
            _ => format!("{}\u{a0}{}", age / DAY, t("d")),
        }
    }

    /// How long something lasted: `6 days`, `3 hours`.
    pub fn lasting(&self, micros: i64) -> String {
        if micros < MINUTE {
            return t("under a minute").into();
        }
        let (count, unit) = match micros {
            m if m >= 2 * DAY => (m / DAY, t("days")),
            m if m >= 2 * HOUR => (m / HOUR, t("hours")),
            m if m >= 2 * MINUTE => (m / MINUTE, t("minutes")),
            m => (m / MINUTE, t("minute")),
        };
        format!("{count}\u{a0}{unit}")
    }

    /// Whole days between a moment's day and today, in the reader's zone.
    fn days_before_today(&self, at: Timestamp) -> i64 {
        let date = |at: Timestamp| self.zone.to_datetime(at.to_jiff()).date();
        let days = date(at).until(date(self.now)).map(|span| span.get_days());
        days.map_or(i64::MAX, i64::from)
    }

    /// The heading of a day in a list: `Today`, `Yesterday`, `3 Nov`.
    pub fn heading(&self, at: Timestamp) -> String {
        match self.days_before_today(at) {
            0 => t("Today").into(),
            1 => t("Yesterday").into(),
            _ => self.day(at),
        }
    }

    fn year(&self, at: Timestamp) -> i16 {
        self.zone.to_datetime(at.to_jiff()).year()
    }

    /// What changed from `before` to `now`. `None` if one is missing, or they are of different currencies.
    pub fn change(&self, before: Option<Money>, now: Option<Money>, since: Option<Timestamp>) -> Option<ChangeText> {
        let (before, now) = (before?, now?);
        let change = now.checked_sub(before)?;
        let fall = now.basis_points_below(before)?;
        let since = since.map(|at| self.time(at));
        if change.minor == 0 {
            return Some(ChangeText { direction: Direction::Same, amount: String::new(), is_small: true, since });
        }
        let size = Money::new(change.minor.saturating_abs(), change.currency);
        // A share that would be written as zero says nothing.
        let share = if fall.abs() < 5 { String::new() } else { format!(" ({})", self.locale.percent(fall)) };
        let amount = format!("{}{share}", self.locale.money(size));
        let direction = if change.minor < 0 { Direction::Drop } else { Direction::Rise };
        Some(ChangeText { direction, amount, is_small: fall.abs() < 100, since })
    }

    /// A price and its day.
    pub fn price_at(&self, at: PriceAt) -> (PriceText, String) {
        (self.price(at.price), self.day(at.at))
    }
}

/// The words for a stock state; none where nothing is known.
pub fn availability(availability: Availability) -> &'static str {
    match availability {
        Availability::Unknown => "",
        Availability::InStock => t("in stock"),
        Availability::Limited => t("few left"),
        Availability::PreOrder => t("pre-order"),
        Availability::BackOrder => t("sent later"),
        Availability::InStoreOnly => t("in branches only"),
        Availability::OutOfStock => t("out of stock"),
        Availability::Discontinued => t("discontinued"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;

    fn show(zone: &str) -> Show {
        Show::new(Locale::best("en"), zone, "2025-11-13T10:00:00Z".parse().unwrap())
    }

    fn euro(minor: i64) -> Money {
        Money::new(minor, Currency::from_code("EUR").unwrap())
    }

    #[test]
    fn a_moment_is_said_as_shortly_as_is_clear() {
        for (at, short) in [
            ("2025-11-13T09:59:30Z", "just now"),
            ("2025-11-13T09:58:00Z", "2\u{a0}min ago"),
            ("2025-11-13T01:05:00Z", "today, 02:05"),
            ("2025-11-12T22:59:00Z", "yesterday, 23:59"),
            ("2025-11-03T13:05:00Z", "3\u{a0}Nov"),
            ("2024-11-03T13:05:00Z", "3\u{a0}Nov\u{a0}2024"),
        ] {
            assert_eq!(show("Europe/Berlin").time(at.parse().unwrap()).short, short, "{at}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_readers_zone() {
        let at = "2025-11-12T23:30:00Z".parse().unwrap();
        assert_eq!(show("UTC").heading(at), "Yesterday");
        assert_eq!(show("Europe/Berlin").heading(at), "Today");
        assert_eq!(show("Nowhere/Atall").heading(at), "Yesterday");
    }

    #[test]
    fn one_comparison_gives_sign_and_size() {
        let change = |before, now| show("UTC").change(Some(euro(before)), Some(euro(now)), None).unwrap();
        let drop = change(14_999, 13_999);
        assert_eq!((drop.direction, drop.amount.as_str(), drop.is_small), (Direction::Drop, "€10.00 (6.7%)", false));
        assert_eq!(change(10_000, 10_050).direction, Direction::Rise);
        assert!(change(10_000, 10_050).is_small);
        assert_eq!(change(10_000, 10_000).direction, Direction::Same);
        let pound = Money::new(1, Currency::from_code("GBP").unwrap());
        assert_eq!(show("UTC").change(Some(euro(1)), Some(pound), None), None);
    }
}
