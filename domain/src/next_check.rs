//! When to check a product next.
//!
//! For products with weights `w` (people who wait) and rates of falls `λ`, the mean delay until a fall is noticed, weighted by
//! those who wait, is `Σ w·λ·interval/2` over `Σ w·λ`. At a given number of checks, `Σ 1/interval`, it is least where each
//! interval is `unit / √(w·λ)` with one `unit` for all (Lagrange). The `unit` comes with the [`Pace`]: [`crate::plan`] finds the
//! one that spends the operator's budget. `docs/decisions/0011` has the sources and what was tried.

use crate::check::{FailureKind, ProductState};
use crate::fall_rate::falls_a_day;
use crate::time::{DAY, HOUR, MINUTE, SECOND, Timestamp};

/// Shortest interval between two checks of one product, but for the confirmation of a suspect reading.
pub const MIN_INTERVAL: i64 = 15 * MINUTE;
/// Longest pause after failures.
pub const MAX_BACKOFF: i64 = 7 * DAY;
/// How soon a suspect reading is checked again.
pub const CONFIRM_AFTER: i64 = 60 * SECOND;
/// Intervals are shortened by up to so many percent, evenly.
pub const SPREAD_PERCENT: i64 = 10;
/// A target this far below the price, in ten-thousandths, or farther, is not near: 10 %.
pub const NEAR_BASIS_POINTS: i64 = 1_000;
/// How much more a wait counts where the next fall may reach somebody's target. More than twice finds those falls sooner still,
/// but costs everybody else more than it gives.
pub const NEAR_WEIGHT: f64 = 2.0;

/// How often products are checked: what the operator says, or the plan, or the demo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// A fixed interval in microseconds instead of the decided one; failures still back off from it.
    pub fixed: Option<i64>,
    /// The interval, in microseconds, of a product with one tracking whose price falls once a day.
    pub unit: i64,
    /// How much longer than promised a product may wait, in percent: 100 keeps the promise.
    pub stretch_percent: u32,
}

impl Default for Pace {
    /// The pace before there is a plan: what has just been added is checked about hourly, the promise is kept.
    fn default() -> Self {
        Pace { fixed: None, unit: 20 * MINUTE, stretch_percent: 100 }
    }
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

/// The longest that a product may wait while all is well: the promise, stretched as the pace says.
pub fn longest_interval(trackers: u32, pace: Pace) -> i64 {
    let promised = promised_interval(trackers);
    promised.saturating_mul(i64::from(pace.stretch_percent.max(100))) / 100
}

/// How much checking a product is worth: `√(w·λ)`, where `w` is its trackings, more if a target is near, and `λ` its falls a
/// day. Its interval is the pace's unit divided by this.
pub fn worth(product: &ProductState, now: Timestamp) -> f64 {
    let waiting = f64::from(product.trackers.max(1)) * nearness(product);
    (waiting * falls_a_day(product, now)).sqrt()
}

/// From 1, with no target within [`NEAR_BASIS_POINTS`] below the price, to [`NEAR_WEIGHT`], with one just below it.
fn nearness(product: &ProductState) -> f64 {
    let Some((price, target)) = product.price.zip(product.nearest_target) else { return 1.0 };
    let target = crate::money::Money::new(target, price.currency);
    match target.basis_points_below(price) {
        Some(gap) if (0..NEAR_BASIS_POINTS).contains(&gap) => {
            let near = (NEAR_BASIS_POINTS - gap) as f64 / NEAR_BASIS_POINTS as f64;
            1.0 + (NEAR_WEIGHT - 1.0) * near
        }
        _ => 1.0,
    }
}

/// The interval of a product of this worth and number of trackings, within [`MIN_INTERVAL`] and [`longest_interval`].
pub fn interval_of(worth: f64, trackers: u32, pace: Pace) -> i64 {
    // A cast of a float saturates, so no worth is too small or too large.
    let best = (pace.unit as f64 / worth) as i64;
    best.clamp(MIN_INTERVAL, longest_interval(trackers, pace))
}

/// The interval while all is well.
pub fn interval(product: &ProductState, pace: Pace, now: Timestamp) -> i64 {
    pace.fixed.unwrap_or_else(|| interval_of(worth(product, now), product.trackers, pace))
}

/// When to check after a check that ended at `now`. `failed` is the kind of failure, if it failed; `failures` how many in a row
/// are charged to the product, this one included. Products are spread by up to [`SPREAD_PERCENT`], and none that is well waits
/// longer than [`longest_interval`].
pub fn next_check(product: &ProductState, failed: Option<FailureKind>, failures: u32, pace: Pace, now: Timestamp) -> Timestamp {
    let usual = interval(product, pace, now);
    let wait = match failed {
        None => usual,
        // The page is gone for weeks or for ever: look once a week.
        Some(FailureKind::Gone) if failures >= 3 => MAX_BACKOFF.max(usual),
        Some(FailureKind::Refused | FailureKind::NotAllowed) => DAY.max(usual),
        Some(kind) if kind.is_of_the_shop() => shop_retry(product, usual, now),
        Some(_) => backoff(usual.min(HOUR), failures, MAX_BACKOFF),
    };
    now.plus_micros(jittered(wait, product, now))
}

/// The wait after a failure of the shop: the route backs off for all its products, so this one waits a little at first; but one
/// that alone never answers must not be asked more often for that, so the wait grows with the time that it is overdue.
fn shop_retry(product: &ProductState, usual: i64, now: Timestamp) -> i64 {
    let known_good = product.last_ok_at.unwrap_or(product.created_at);
    let overdue = now.micros_since(known_good).saturating_sub(usual);
    (overdue / 2).clamp(MIN_INTERVAL.min(usual), usual)
}

/// `base` doubled for each failure after the first, at most `most`.
fn backoff(base: i64, failures: u32, most: i64) -> i64 {
    let doublings = failures.saturating_sub(1).min(20);
    base.saturating_mul(1_i64 << doublings).min(most)
}

/// `base` less up to [`SPREAD_PERCENT`], so that what was due together does not stay so, and nothing waits longer than promised.
/// Without chance: the same product at the same moment is spread alike.
fn jittered(base: i64, product: &ProductState, now: Timestamp) -> i64 {
    let bytes = product.id.0.as_u128() ^ (now.as_micros() as u128).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let spread = (bytes ^ (bytes >> 64)) as u64 % 1_001;
    let most = i128::from(base) * i128::from(SPREAD_PERCENT) / 100;
    base - i64::try_from(most * i128::from(spread) / 1_000).unwrap_or(0)
}
