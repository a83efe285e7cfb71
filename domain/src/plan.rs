//! The plan: the paces at which all products together cost what the operator allows.
//!
//! One process makes it now and then from a sample of the products and keeps it where all workers read it. It is made afresh each
//! time from what is stored, so it needs no memory, may be made twice, and may be hours old without harm.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::check::ProductState;
use crate::next_check::{Pace, SPREAD_PERCENT, interval_of, promised_interval, worth};
use crate::time::{DAY, SECOND, Timestamp};

/// Where the operator sets no budget, a product is checked so often a day on average, as far as its shop allows: hourly.
pub const IDLE_CHECKS_A_DAY: u64 = 24;
/// The share of a site's permits that is planned, in percent. The rest is for confirmations, retries and people who wait.
pub const PLANNED_PERMITS_PERCENT: u64 = 80;
/// The most of a budget that promises may take, in percent. Were it all, nothing would be left to spend where prices move; so
/// where they would take more, all promises are stretched alike.
pub const PROMISES_PERCENT: u32 = 50;
/// How many products make a good sample: the plan's total is then within two or three per cent of the wished one.
pub const SAMPLE: u32 = 4_096;

const SHORTEST_UNIT: f64 = SECOND as f64;
const LONGEST_UNIT: f64 = 10_000.0 * DAY as f64;

/// One product of the sample.
#[derive(Clone, Copy, Debug)]
pub struct Sampled<'a> {
    /// What has a budget of its own: the platform's word, or the host.
    pub site: &'a str,
    /// The product.
    pub product: &'a ProductState,
}

/// What may be spent.
#[derive(Clone, Debug, Default)]
pub struct Budget {
    /// Checks a day in all; `None`: [`IDLE_CHECKS_A_DAY`] for each product.
    pub checks_a_day: Option<u64>,
    /// Requests an hour by site, over all its routes; a site without an entry has no limit.
    pub per_hour: BTreeMap<String, u64>,
}

/// The paces of all products.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// When it was made.
    pub made_at: Timestamp,
    /// For every site without an entry of its own.
    pub usual: Planned,
    /// Sites whose permits are scarcer than the whole budget.
    pub by_site: BTreeMap<String, Planned>,
    /// Checks a day that it comes to.
    pub checks_a_day: u64,
}

/// The part of a [`Pace`] that is planned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// [`Pace::unit`].
    pub unit: i64,
    /// [`Pace::stretch_percent`].
    pub stretch_percent: u32,
}

impl Plan {
    /// The pace of a site's products.
    pub fn pace(&self, site: &str) -> Pace {
        let planned = self.by_site.get(site).copied().unwrap_or(self.usual);
        Pace { fixed: None, unit: planned.unit, stretch_percent: planned.stretch_percent }
    }
}

/// What the plan must know of one product.
struct Want {
    worth: f64,
    trackers: u32,
}

/// The products of one site in the sample, and what it allows.
struct Site<'a> {
    name: &'a str,
    wants: Vec<Want>,
    /// Checks a day, in those of the sample.
    permits: f64,
}

/// Makes the plan from a uniform sample of the tracked products; `products` is how many there are in all. `None` if the sample is
/// empty.
pub fn plan(sample: &[Sampled<'_>], products: u64, budget: &Budget, now: Timestamp) -> Option<Plan> {
    if sample.is_empty() {
        return None;
    }
    // Each of the sample stands for so many; budgets are divided by it instead of multiplying the sample.
    let each = (products as f64 / sample.len() as f64).max(1.0);
    let sites = by_site(sample, budget, each, now);
    let in_all = budget.checks_a_day.map_or(f64::INFINITY, |checks| checks as f64 / each);
    let in_all = in_all.min((IDLE_CHECKS_A_DAY * sample.len() as u64) as f64);
    // A site spends at most its permits: its unit is never below the one at which it does.
    let scarce: Vec<Planned> = sites.iter().map(|site| scarcest(std::slice::from_ref(site), site.permits)).collect();
    let stretch_percent = stretch(sites.iter().map(|site| promises(site).min(site.permits)).sum(), in_all);
    let own = |unit: f64, index: usize| Planned {
        unit: (unit as i64).max(scarce[index].unit),
        stretch_percent: stretch_percent.max(scarce[index].stretch_percent),
    };
    let total = |unit: f64| -> f64 { sites.iter().enumerate().map(|(index, site)| cost(site, own(unit, index))).sum() };
    let unit = unit_for(in_all, total);
    let usual = Planned { unit: unit as i64, stretch_percent };
    let by_site = sites.iter().enumerate().map(|(index, site)| (site.name.to_owned(), own(unit, index)));
    Some(Plan {
        made_at: now,
        usual,
        by_site: by_site.filter(|(_, planned)| *planned != usual).collect(),
        checks_a_day: (total(unit) * each).round() as u64,
    })
}

fn by_site<'a>(sample: &[Sampled<'a>], budget: &Budget, each: f64, now: Timestamp) -> Vec<Site<'a>> {
    let mut sites: BTreeMap<&str, Vec<Want>> = BTreeMap::new();
    for Sampled { site, product } in sample {
        sites.entry(site).or_default().push(Want { worth: worth(product, now), trackers: product.trackers });
    }
    let permits = |name: &str| match budget.per_hour.get(name) {
        Some(per_hour) => (per_hour * 24 * PLANNED_PERMITS_PERCENT) as f64 / 100.0 / each,
        None => f64::INFINITY,
    };
    sites.into_iter().map(|(name, wants)| Site { name, wants, permits: permits(name) }).collect()
}

/// The pace at which sites spend just `budget`.
fn scarcest(sites: &[Site<'_>], budget: f64) -> Planned {
    let stretch_percent = stretch(sites.iter().map(promises).sum(), budget);
    let total = |unit: f64| sites.iter().map(|site| cost(site, Planned { unit: unit as i64, stretch_percent })).sum();
    Planned { unit: unit_for(budget, total) as i64, stretch_percent }
}

/// Checks a day of a site's products in the sample.
fn cost(site: &Site<'_>, planned: Planned) -> f64 {
    let pace = Pace { fixed: None, unit: planned.unit, stretch_percent: planned.stretch_percent };
    // Intervals are spread downwards, half of the spread on average.
    let day = DAY as f64 / (1.0 - SPREAD_PERCENT as f64 / 200.0);
    site.wants.iter().map(|want| day / interval_of(want.worth, want.trackers, pace) as f64).sum()
}

/// Checks a day if each product were checked as promised and not once more.
fn promises(site: &Site<'_>) -> f64 {
    site.wants.iter().map(|want| DAY as f64 / promised_interval(want.trackers) as f64).sum()
}

/// How far promises are stretched so that they take no more than their share of a budget.
fn stretch(promises: f64, budget: f64) -> u32 {
    let percent = (promises / budget * 10_000.0 / f64::from(PROMISES_PERCENT)).ceil() as u32;
    // Less than that is the sample's error.
    if percent < 105 { 100 } else { percent }
}

/// The unit at which `cost` is `budget`, by bisection of its logarithm: the cost falls as the unit grows.
fn unit_for(budget: f64, cost: impl Fn(f64) -> f64) -> f64 {
    let (mut low, mut high) = (SHORTEST_UNIT, LONGEST_UNIT);
    for _ in 0..48 {
        let middle = (low * high).sqrt();
        if cost(middle) > budget {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}
