//! Wrong passwords of late, so that guessing is slow. Kept in memory: a restart forgets, which costs an attacker a restart.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use domain::Timestamp;
use domain::time::{MINUTE, SECOND};

use crate::error::{ActionError, Result};

/// Wrong tries of one address that cost nothing.
const FREE_TRIES: u32 = 5;
/// Pause after the first try that is too many; it doubles with each further one.
const FIRST_PAUSE: i64 = 10 * SECOND;
/// Longest pause of one address.
const LONGEST_PAUSE: i64 = 15 * MINUTE;
/// Wrong tries a minute over all addresses: a guesser may try one password at many addresses.
const TRIES_A_MINUTE: u32 = 60;
/// Addresses remembered. Beyond that the oldest are forgotten.
const MOST_ADDRESSES: usize = 10_000;

/// Wrong passwords of late.
#[derive(Debug, Default)]
pub struct Throttle {
    tries: Mutex<Tries>,
}

#[derive(Debug, Default)]
struct Tries {
    by_address: HashMap<String, Wrong>,
    minute: i64,
    in_minute: u32,
}

#[derive(Clone, Copy, Debug)]
struct Wrong {
    count: u32,
    last: Timestamp,
}

impl Throttle {
    /// Lets a try through, or says how long to wait. It counts as wrong until [`Throttle::forgive`]: many at once do not slip by.
    pub(crate) fn admit(&self, address: &str, now: Timestamp) -> Result<()> {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        let wrong = tries.by_address.get(address).copied();
        if let Some(wrong) = wrong {
            refuse_until(wrong.last.plus_micros(pause(wrong.count)), now)?;
        }
        let minute = now.as_micros().div_euclid(MINUTE);
        if tries.minute != minute {
            (tries.minute, tries.in_minute) = (minute, 0);
        }
        if tries.in_minute >= TRIES_A_MINUTE {
            refuse_until(Timestamp::from_micros((minute + 1) * MINUTE), now)?;
        }
        tries.in_minute += 1;
        if wrong.is_none() && tries.by_address.len() >= MOST_ADDRESSES {
            tries.forget_old(now);
        }
        let count = wrong.map_or(0, |wrong| wrong.count).saturating_add(1);
        tries.by_address.insert(address.to_owned(), Wrong { count, last: now });
        Ok(())
    }

    /// The password was right: what was wrong before is forgotten.
    pub(crate) fn forgive(&self, address: &str) {
        let mut tries = self.tries.lock().unwrap_or_else(PoisonError::into_inner);
        tries.by_address.remove(address);
        tries.in_minute = tries.in_minute.saturating_sub(1);
    }
}

impl Tries {
    /// Forgets addresses whose pause is over, or, if all of them wait, all: a table must not grow without end.
    fn forget_old(&mut self, now: Timestamp) {
        self.by_address.retain(|_, wrong| now.micros_since(wrong.last) < LONGEST_PAUSE);
        if self.by_address.len() >= MOST_ADDRESSES {
            self.by_address.clear();
        }
    }
}

/// How long an address waits after so many wrong tries.
fn pause(count: u32) -> i64 {
    match count.checked_sub(FREE_TRIES) {
        None => 0,
        Some(over) => FIRST_PAUSE.saturating_mul(1_i64 << over.min(20)).min(LONGEST_PAUSE),
    }
}

fn refuse_until(at: Timestamp, now: Timestamp) -> Result<()> {
    let wait = at.micros_since(now);
    if wait <= 0 {
        return Ok(());
    }
    Err(ActionError::TooOften { seconds: u64::try_from(wait).unwrap_or(0).div_ceil(SECOND.unsigned_abs()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND)
    }

    #[test]
    fn the_sixth_try_waits_and_each_further_one_longer() {
        let throttle = Throttle::default();
        for _ in 0..FREE_TRIES {
            throttle.admit("a@b.c", at(0)).unwrap();
        }
        assert!(matches!(throttle.admit("a@b.c", at(1)), Err(ActionError::TooOften { seconds: 9 })));
        throttle.admit("a@b.c", at(10)).unwrap();
        assert!(matches!(throttle.admit("a@b.c", at(11)), Err(ActionError::TooOften { seconds: 19 })));
        throttle.admit("other@b.c", at(11)).unwrap();
    }

    #[test]
    fn a_right_password_clears_the_slate() {
        let throttle = Throttle::default();
        for _ in 0..50 {
            throttle.admit("a@b.c", at(0)).unwrap();
            throttle.forgive("a@b.c");
        }
    }

    #[test]
    fn one_try_each_at_many_addresses_is_slowed_too() {
        let throttle = Throttle::default();
        let admitted = (0..200).filter(|n| throttle.admit(&format!("{n}@b.c"), at(30)).is_ok()).count();
        assert_eq!(admitted, 60);
        assert!(matches!(throttle.admit("x@b.c", at(30)), Err(ActionError::TooOften { seconds: 30 })));
        throttle.admit("x@b.c", at(60)).unwrap();
    }

    #[test]
    fn the_longest_pause_is_a_quarter_of_an_hour() {
        assert_eq!(pause(1_000), LONGEST_PAUSE);
        assert_eq!(pause(FREE_TRIES - 1), 0);
    }
}
