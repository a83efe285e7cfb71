//! The deal verdict: where a price stands in its own history, in plain words.

use serde::{Deserialize, Serialize};

use crate::history::{PriceRun, spans};
use crate::locale::Locale;
use crate::money::Money;
use crate::time::{DAY, Timestamp};

/// How far back a verdict looks.
pub const VERDICT_DAYS: i64 = 180;
/// With less history than this nothing is said: two weeks.
pub const VERDICT_NEEDS: i64 = 14 * DAY;
/// Lower than this share of the time, in ten-thousandths, is a good time to buy.
pub const GOOD_BASIS_POINTS: i64 = 7_500;
/// If it was lower for this share of the time, in ten-thousandths, waiting is likely to pay.
pub const WAIT_BASIS_POINTS: i64 = 5_000;
/// A season counts if the price fell by as much in each of the two years before: 5 %.
pub const SEASON_BASIS_POINTS: i64 = 500;

const SEASON_AHEAD: i64 = 60 * DAY;
const YEAR: i64 = 365 * DAY;

/// Where the price of now stands in its own history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Verdict {
    /// The price it is about.
    pub price: Money,
    /// What to make of it.
    pub advice: Advice,
    /// How many days the shares below are of: as many as are known, at most [`VERDICT_DAYS`].
    pub days: i64,
    /// For which share of that time it cost more, in ten-thousandths.
    pub was_higher: i64,
    /// For which share of that time it cost less, in ten-thousandths.
    pub was_lower: i64,
    /// Against the last 30, 90 and 365 days, each if at least half of it is known.
    pub against: [Option<Against>; 3],
    /// When it last cost less; `None` if never.
    pub lower_until: Option<Timestamp>,
    /// It fell in the coming two months in each of the two years before; by how much at least, in ten-thousandths.
    pub season: Option<i64>,
}

/// A price against a stretch of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Against {
    /// How many days.
    pub days: i64,
    /// The price at or below which it was for half of the time.
    pub median: Money,
    /// The lowest.
    pub low: Money,
}

/// What to make of a price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Advice {
    /// Not known for long enough to say anything.
    TooLittleHistory,
    /// Lower than mostly.
    Good,
    /// As usual.
    Usual,
    /// It has mostly been lower, or falls at this time of the year.
    Wait,
}

/// The windows of [`Verdict::against`], in days.
pub const AGAINST_DAYS: [i64; 3] = [30, 90, 365];

/// The verdict about the price in force at `now`. Runs are oldest first. `None` if it cannot be bought, or no price is known.
pub fn verdict(runs: &[PriceRun], now: Timestamp) -> Option<Verdict> {
    let known = &runs[..runs.partition_point(|run| run.from <= now)];
    let current = known.last().filter(|run| run.availability.is_buyable() != Some(false))?;
    let price = current.price.filter(|price| price.minor > 0)?;
    let pieces = |from: Timestamp, to: Timestamp| priced(known, price, from, to);
    let first = pieces(known[0].from, now).first().map(|piece| piece.from)?;
    let age = now.micros_since(first);
    let window = pieces(now.plus_micros(-VERDICT_DAYS * DAY), now);
    let share = |is: &dyn Fn(i64) -> bool| {
        let all: i128 = window.iter().map(|piece| i128::from(piece.lasted)).sum();
        let some: i128 = window.iter().filter(|piece| is(piece.minor)).map(|piece| i128::from(piece.lasted)).sum();
        i64::try_from(some * 10_000 / all.max(1)).unwrap_or(0)
    };
    let was_higher = share(&|minor| minor > price.minor);
    let was_lower = share(&|minor| minor < price.minor);
    let against = AGAINST_DAYS.map(|days| {
        let enough = age >= days * DAY / 2;
        enough.then(|| against(&pieces(now.plus_micros(-days * DAY), now), days, price)).flatten()
    });
    let lower = pieces(known[0].from, now).into_iter().rev().find(|piece| piece.minor < price.minor);
    let season = season(known, price, first, now);
    let advice = if age < VERDICT_NEEDS {
        Advice::TooLittleHistory
    } else if season.is_some() || was_lower >= WAIT_BASIS_POINTS {
        Advice::Wait
    } else if was_higher >= GOOD_BASIS_POINTS {
        Advice::Good
    } else {
        Advice::Usual
    };
    Some(Verdict {
        price,
        advice,
        days: (age / DAY).min(VERDICT_DAYS),
        was_higher,
        was_lower,
        against,
        lower_until: lower.map(|piece| piece.from.plus_micros(piece.lasted)),
        season,
    })
}

/// A stretch at one price.
struct Piece {
    minor: i64,
    from: Timestamp,
    lasted: i64,
}

/// The stretches in which the product could be bought, in the currency of `price`.
fn priced(runs: &[PriceRun], price: Money, from: Timestamp, to: Timestamp) -> Vec<Piece> {
    let pieces = spans(runs, from, to).filter_map(|(run, start, end)| {
        let there = run.price.filter(|there| there.currency == price.currency && there.minor > 0)?;
        let buyable = run.availability.is_buyable() != Some(false);
        buyable.then(|| Piece { minor: there.minor, from: start, lasted: end.micros_since(start).max(1) })
    });
    pieces.collect()
}

fn against(pieces: &[Piece], days: i64, price: Money) -> Option<Against> {
    let mut sorted: Vec<(i64, i128)> = pieces.iter().map(|piece| (piece.minor, i128::from(piece.lasted))).collect();
    sorted.sort_unstable();
    let all: i128 = sorted.iter().map(|(_, lasted)| lasted).sum();
    let mut below = 0;
    let median = sorted.iter().find(|(_, lasted)| {
        below += lasted;
        2 * below >= all
    })?;
    let money = |minor| Money::new(minor, price.currency);
    Some(Against { days, median: money(median.0), low: money(sorted[0].0) })
}

/// By how much the price fell, at least, within the coming two months of each of the two years before.
fn season(runs: &[PriceRun], price: Money, first: Timestamp, now: Timestamp) -> Option<i64> {
    let falls = [1, 2].map(|years| {
        let then = now.plus_micros(-years * YEAR);
        if first > then {
            return None;
        }
        let ahead = priced(runs, price, then, then.plus_micros(SEASON_AHEAD));
        let (start, low) = (ahead.first()?.minor, ahead.iter().map(|piece| piece.minor).min()?);
        Money::new(low, price.currency).basis_points_below(Money::new(start, price.currency))
    });
    let least = falls[0]?.min(falls[1]?);
    (least >= SEASON_BASIS_POINTS).then_some(least)
}

/// The verdict in one or two plain sentences.
pub fn sentence(verdict: &Verdict, locale: Locale) -> String {
    let Verdict { days, was_higher, was_lower, .. } = *verdict;
    let standing = match (was_higher, was_lower) {
        (0, 0) => format!("The same price for all of the last {}.", in_days(days)),
        (higher, lower) if higher >= lower => {
            format!("Lower than on {} of the last {}.", whole_percent(higher, locale), in_days(days))
        }
        (_, lower) => format!("It cost less on {} of the last {}.", whole_percent(lower, locale), in_days(days)),
    };
    match verdict.advice {
        Advice::TooLittleHistory if days < 1 => "Too little history to judge: known for less than a day.".to_owned(),
        Advice::TooLittleHistory => format!("Too little history to judge: known for {}.", in_days(days)),
        Advice::Good => format!("{standing} Good time to buy."),
        Advice::Usual => standing,
        Advice::Wait => match verdict.season {
            Some(fall) => format!(
                "{standing} It fell by {} or more in the next two months of both years before.",
                whole_percent(fall, locale)
            ),
            None => format!("{standing} Waiting may pay."),
        },
    }
}

fn in_days(days: i64) -> String {
    if days == 1 { "1 day".to_owned() } else { format!("{days} days") }
}

/// Rounded down: "100 %" is all of it.
fn whole_percent(basis_points: i64, locale: Locale) -> String {
    locale.percent(basis_points / 100 * 100)
}
