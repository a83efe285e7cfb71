//! When to check a product next.

use crate::check::{FailureKind, ProductState};
use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

/// Shortest interval between two checks of one product, but for the confirmation of a suspect reading.
pub const MIN_INTERVAL: i64 = 15 * MINUTE;
/// Longest pause after failures.
pub const MAX_BACKOFF: i64 = 7 * DAY;
/// How soon a suspect reading is checked again.
pub const CONFIRM_AFTER: i64 = 60 * SECOND;

/// What the operator, or the demo, says about intervals.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// A fixed interval in microseconds instead of the decided one; failures still back off from it.
    pub fixed: Option<i64>,
}

/// The interval that the number of trackings alone promises: more than 1000 → 1 h, 100 → 6 h, 10 → 12 h, else 24 h.
pub fn promised_interval(trackers: u32) -> i64 {
    match trackers {
        1001.. => HOUR,
        101.. => 6 * HOUR,
        11.. => 12 * HOUR,
        _ => DAY,
    }
}

/// The interval while all is well: the promise, shortened for prices that move often. A product whose price changed `n` times in
/// the last 30 days is checked about four times between two changes.
pub fn interval(product: &ProductState, pace: Pace, now: Timestamp) -> i64 {
    if let Some(fixed) = pace.fixed {
        return fixed;
    }
    let promised = promised_interval(product.trackers);
    let month = 30 * DAY;
    let changes = product.recent.iter().filter(|run| now.micros_since(run.from) < month).count().saturating_sub(1);
    if changes < 2 {
        return promised;
    }
    promised.min(month / (changes as i64 * 4)).max(MIN_INTERVAL)
}

/// When to check after a check that ended at `now`. `failed` is the kind of failure, if it failed; `failures` how many in a row,
/// this one included; `seed` spreads products evenly (±10 %) and is the same for the same product and moment.
pub fn next_check(product: &ProductState, failed: Option<FailureKind>, failures: u32, pace: Pace, now: Timestamp) -> Timestamp {
    let usual = interval(product, pace, now);
    let base = match failed {
        None => usual,
        // The page is gone for weeks or for ever: look once a week.
        Some(FailureKind::Gone) if failures >= 3 => MAX_BACKOFF.max(usual),
        Some(FailureKind::Refused | FailureKind::NotAllowed) => DAY.max(usual),
        // The shop's failures are the route's to back off from; the product only waits a little.
        Some(kind) if kind.is_of_the_shop() => usual.min(15 * MINUTE),
        Some(_) => backoff(usual.min(HOUR), failures, MAX_BACKOFF),
    };
    now.plus_micros(jittered(base, product, now))
}

/// `base` doubled for each failure after the first, at most `most`.
fn backoff(base: i64, failures: u32, most: i64) -> i64 {
    let doublings = failures.saturating_sub(1).min(20);
    base.saturating_mul(1_i64 << doublings).min(most)
}

/// `base` ±10 %, spread by product and time but without chance: the same arguments give the same moment.
fn jittered(base: i64, product: &ProductState, now: Timestamp) -> i64 {
    let bytes = product.id.0.as_u128() ^ (now.as_micros() as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let spread = (bytes ^ (bytes >> 64)) as u64 % 2_001;
    let tenth = base / 10;
    base - tenth + i64::try_from(i128::from(2 * tenth) * i128::from(spread) / 2_000).unwrap_or(0)
}
