//! Times on a chart's axis: local midnights, months and years in the reader's zone, at most about five.

use domain::Timestamp;
use jiff::civil::DateTime;
use jiff::{Span, ToSpan};

use super::history::TickView;
use super::plot::ms;
use super::show::Show;

/// At most so many labels fit a phone's width.
const MOST: i64 = 5;
const MINUTES: [i64; 12] = [1, 2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1_440];
const DAYS: [i64; 5] = [1, 2, 4, 7, 14];
const MONTHS: [i64; 6] = [1, 2, 3, 6, 12, 24];

/// Distance between ticks.
#[derive(Clone, Copy)]
enum Every {
    Minutes(i64),
    Days(i64),
    Months(i64),
}

/// Labelled times between two moments.
pub fn time_ticks(from: Timestamp, to: Timestamp, show: &Show) -> Vec<TickView> {
    let minutes = to.micros_since(from) / domain::time::MINUTE;
    let every = every(minutes);
    let mut at = first(show.zone.to_datetime(from.to_jiff()), every);
    let mut ticks = Vec::new();
    // A tick at the very edges would be cut off.
    let margin = to.micros_since(from) / 40;
    for _ in 0..4 * MOST {
        let Ok(moment) = show.zone.to_timestamp(at) else { break };
        let moment = Timestamp::from_micros(moment.as_microsecond());
        if moment > to.plus_micros(-margin) {
            break;
        }
        if moment > from.plus_micros(margin) {
            ticks.push(TickView { at: ms(moment), text: label(moment, at, every, show) });
        }
        let Ok(next) = at.checked_add(step(every)) else { break };
        at = next;
    }
    ticks
}

fn every(minutes: i64) -> Every {
    let fits = |length: i64| minutes / length <= MOST;
    if let Some(length) = MINUTES.into_iter().find(|length| fits(*length)).filter(|length| *length < 1_440) {
        return Every::Minutes(length);
    }
    if let Some(days) = DAYS.into_iter().find(|days| fits(days * 1_440)) {
        return Every::Days(days);
    }
    Every::Months(MONTHS.into_iter().find(|months| fits(months * 43_800)).unwrap_or(60))
}

fn step(every: Every) -> Span {
    match every {
        Every::Minutes(minutes) => minutes.minutes(),
        Every::Days(days) => days.days(),
        Every::Months(months) => months.months(),
    }
}

/// The last round time at or before a window's start.
fn first(start: DateTime, every: Every) -> DateTime {
    let midnight = start.date().at(0, 0, 0, 0);
    match every {
        Every::Minutes(length) => {
            let minute = i64::from(start.hour()) * 60 + i64::from(start.minute());
            midnight.checked_add((minute / length * length).minutes()).unwrap_or(midnight)
        }
        Every::Days(_) => midnight,
        Every::Months(months) => {
            let month = (i64::from(start.month()) - 1) / months.min(12) * months.min(12) + 1;
            DateTime::new(start.year(), i8::try_from(month).unwrap_or(1), 1, 0, 0, 0, 0).unwrap_or(midnight)
        }
    }
}

fn label(moment: Timestamp, at: DateTime, every: Every, show: &Show) -> String {
    match every {
        Every::Minutes(_) if at.hour() == 0 && at.minute() == 0 => show.day(moment),
        Every::Minutes(_) => show.clock(moment),
        Every::Days(_) => show.day(moment),
        Every::Months(_) if at.month() == 1 => at.year().to_string(),
        // The locale writes day, month, year with no-break spaces between.
        Every::Months(_) => {
            let date = show.locale.date(moment, &show.zone_name);
            date.split('\u{a0}').nth(1).unwrap_or(&date).to_owned()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(from: &str, to: &str, zone: &str) -> Vec<String> {
        let to: Timestamp = to.parse().unwrap();
        let show = Show::new(domain::Locale::best("en"), zone, to);
        time_ticks(from.parse().unwrap(), to, &show).into_iter().map(|tick| tick.text).collect()
    }

    #[test]
    fn ticks_are_at_round_times_of_the_readers_zone() {
        let day = labels("2025-11-13T00:00:00Z", "2025-11-13T12:00:00Z", "Europe/Berlin");
        assert_eq!(day, ["03:00", "06:00", "09:00", "12:00"].map(String::from));
        let year = labels("2024-11-13T00:00:00Z", "2025-11-13T00:00:00Z", "UTC");
        assert_eq!(year, ["2025", "Apr", "Jul", "Oct"].map(String::from));
        let week = labels("2025-11-06T10:00:00Z", "2025-11-13T10:00:00Z", "UTC");
        assert_eq!(week.first().map(String::as_str), Some("8\u{a0}Nov"));
    }

    #[test]
    fn no_window_has_more_labels_than_fit() {
        for minutes in [1_i64, 7, 59, 600, 1_441, 10_000, 43_000, 130_000, 525_600, 5_000_000] {
            let to: Timestamp = "2025-11-13T10:00:00Z".parse().unwrap();
            let show = Show::new(domain::Locale::best("en"), "Europe/Berlin", to);
            let ticks = time_ticks(to.plus_micros(-minutes * domain::time::MINUTE), to, &show);
            assert!(ticks.len() as i64 <= MOST + 1, "{minutes} minutes: {ticks:?}");
            assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
        }
    }
}
