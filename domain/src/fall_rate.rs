//! How often the price of a product falls: what its own history says, drawn towards what is usual.

use crate::check::{ProductState, RecentPrice};
use crate::time::{DAY, Timestamp};

/// Shape of the gamma prior: how many changes the experience with other products is worth. Below one, because rates differ by
/// orders of magnitude: most prices change once in months, some several times a day.
pub const PRIOR_CHANGES: f64 = 0.3;
/// The time, in days, in which those changes are thought to have happened: a product that nothing is known of is taken to change
/// once in five days, and a quiet week says more than that thought does.
pub const PRIOR_DAYS: f64 = 1.5;

/// How many falls a day are to be expected of a product's price; always above zero.
pub fn falls_a_day(product: &ProductState, now: Timestamp) -> f64 {
    changes_a_day(&product.recent, now) * share_of_falls(&product.recent)
}

/// The posterior mean of a Poisson rate with a gamma prior: `(PRIOR_CHANGES + changes) / (PRIOR_DAYS + days)`. The changes are
/// those between the recent prices, newest first, the days those since the oldest of them: with at most twelve kept, the window
/// of a lively product is short, so that the estimate follows it when it calms down. Rises count too: nearly each has a fall
/// beside it, and counting falls alone would throw half of the evidence away.
fn changes_a_day(recent: &[RecentPrice], now: Timestamp) -> f64 {
    let changes = recent.len().saturating_sub(1);
    // A clock that was set back may put the oldest price into the future: then nothing is known of the time.
    let observed = recent.last().map_or(0, |oldest| now.micros_since(oldest.from).max(0));
    (PRIOR_CHANGES + changes as f64) / (PRIOR_DAYS + observed as f64 / DAY as f64)
}

/// The share of falls among the changes to come: a price at its highest can hardly do anything else than fall, one at its lowest
/// will mostly rise first, as promotions end where they began (Nakamura and Steinsson, 2008). From a quarter to three quarters.
fn share_of_falls(recent: &[RecentPrice]) -> f64 {
    let prices = recent.iter().map(|run| run.minor);
    let (Some(now), Some(low), Some(high)) = (recent.first(), prices.clone().min(), prices.max()) else { return 0.5 };
    if low == high {
        return 0.5;
    }
    0.25 + 0.5 * (now.minor as f64 - low as f64) / (high as f64 - low as f64)
}
