//! `plummet simulate`: the fixed tiers against `domain::next_check` in a model world, at the same number of checks.
//!
//! Pure: chance comes from a seed, time from the events. Each scheduler knows what the real program would have written down, never
//! the true rates.

mod model;
mod random;
mod report;
mod run;
mod tally;
#[cfg(test)]
mod tests;

pub use model::Model;
pub use report::{report, sensitivity};
