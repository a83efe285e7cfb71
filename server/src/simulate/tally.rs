//! What is counted: checks, and how long people waited until a fall was noticed.

use domain::time::{DAY, SECOND};

/// Names of the tiers of the promise, most trackings first.
pub const TIERS: [&str; 4] = ["over 1,000", "101 to 1,000", "11 to 100", "1 to 10"];

/// The tier of a number of trackings.
pub fn tier(trackers: u32) -> usize {
    match trackers {
        1001.. => 0,
        101.. => 1,
        11.. => 2,
        _ => 3,
    }
}

/// Delays, each counted as often as people waited. Kept in classes 2 % wide, so that medians are right within one per cent.
#[derive(Clone, Debug)]
pub struct Delays {
    classes: Vec<f64>,
    people: f64,
    sum: f64,
    /// Falls, people not counted.
    pub falls: u64,
    missed_people: f64,
}

const WIDTH: f64 = 1.02;

impl Default for Delays {
    fn default() -> Self {
        let classes = ((30 * DAY / SECOND) as f64).ln() / WIDTH.ln();
        Delays { classes: vec![0.0; classes as usize + 2], people: 0.0, sum: 0.0, falls: 0, missed_people: 0.0 }
    }
}

impl Delays {
    /// A fall that `people` waited for was followed by the first check `delay` later; `missed` if the price had risen again.
    pub fn add(&mut self, delay: i64, people: u32, missed: bool) {
        let people = f64::from(people);
        let class = (delay as f64 / SECOND as f64).max(1.0).ln() / WIDTH.ln();
        let last = self.classes.len() - 1;
        self.classes[(class as usize).min(last)] += people;
        self.people += people;
        self.sum += people * delay as f64;
        self.falls += 1;
        if missed {
            self.missed_people += people;
        }
    }

    /// The mean delay, in microseconds.
    pub fn mean(&self) -> f64 {
        self.sum / self.people
    }

    /// The delay that so many of all people did not exceed, in microseconds.
    pub fn quantile(&self, share: f64) -> f64 {
        let mut left = share * self.people;
        let class = self.classes.iter().position(|people| {
            left -= people;
            left <= 0.0
        });
        class.map_or(f64::NAN, |class| WIDTH.powf(class as f64 + 0.5) * SECOND as f64)
    }

    /// The share of people for whom the price had risen again before the first check.
    pub fn missed(&self) -> f64 {
        self.missed_people / self.people
    }
}

/// What came of one scheduler in one world.
#[derive(Clone, Debug, Default)]
pub struct Tally {
    /// Checks in the measured days, by tier.
    pub checks: [u64; 4],
    /// Every fall.
    pub falls: Delays,
    /// Falls by tier.
    pub by_tier: [Delays; 4],
    /// Falls that took the price to somebody's target.
    pub targets: Delays,
    /// The longest that a product waited, over its promise.
    pub longest: f64,
    /// Measured days.
    pub days: u32,
}

impl Tally {
    /// Checks a day.
    pub fn checks_a_day(&self) -> f64 {
        self.checks.iter().sum::<u64>() as f64 / f64::from(self.days)
    }
}
