//! One scheduler in one world, event by event.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use domain::check::RecentPrice;
use domain::next_check::{Pace, next_check, promised_interval};
use domain::offer::ProductFacts;
use domain::plan::{Budget, Plan, SAMPLE, Sampled, plan};
use domain::time::{DAY, HOUR};
use domain::{Availability, Currency, Money, Platform, ProductId, ProductState, Timestamp};
use uuid::Uuid;

use super::model::{Model, Shelf};
use super::random::Random;
use super::tally::{Tally, tier};

/// What decides when to check next.
#[derive(Clone, Copy, Debug)]
pub enum Scheduler {
    /// The fixed tiers, so many times as often.
    Tiers(f64),
    /// [`next_check`], with so many times the checks that the tiers would make.
    NextCheck(f64),
}

/// The simulation begins here, so that no moment is before the epoch.
const START: i64 = 10_000 * DAY;
/// How often the plan is made afresh.
const REPLAN: i64 = 6 * HOUR;
/// Falls of the last measured day are noticed within this time.
const AFTERMATH: i64 = 8 * DAY;

/// One tracked product: what is known of it, and how it truly is.
struct Product {
    known: ProductState,
    shelf: Shelf,
    /// Somebody wants to be told at this price, in cents.
    target: Option<i64>,
    added_at: i64,
}

/// Runs one scheduler through a world.
pub fn run(model: &Model, scheduler: Scheduler) -> Tally {
    let measured_from = START + i64::from(model.warm_up_days) * DAY;
    let measured_to = measured_from + i64::from(model.days) * DAY;
    let mut chance = Random::new(model.seed, 0);
    let usd = Currency::from_code("USD").expect("USD is in ISO 4217");
    let mut products: Vec<Product> = (0..model.products).map(|rank| product(model, rank, measured_to, &mut chance)).collect();
    let mut due: BinaryHeap<Reverse<(i64, u32)>> = BinaryHeap::with_capacity(products.len());
    due.extend(products.iter().zip(0..).map(|(product, index)| Reverse((product.added_at, index))));
    let mut added: Vec<u32> = Vec::with_capacity(products.len());
    let mut promised_a_day = 0.0;
    let (mut pace, mut next_plan) = (Pace::default(), START + REPLAN);
    let (mut allowed, mut spent) = (0.0, 0_u64);
    let mut tally = Tally { days: model.days, ..Tally::default() };
    let mut changes: Vec<(i64, i64, i64)> = Vec::new();
    while let Some(Reverse((at, index))) = due.pop() {
        if at >= measured_to + AFTERMATH {
            break;
        }
        let now = Timestamp::from_micros(at);
        if let Scheduler::NextCheck(factor) = scheduler
            && at >= next_plan
        {
            let a_day = promised_a_day * factor;
            // The plan is some tenths of a per cent off; what was spent too much or too little is made good within five days, so
            // that both schedulers cost the same.
            allowed += a_day * REPLAN as f64 / DAY as f64;
            let correction = (allowed - spent as f64) / (5.0 * a_day);
            let budget = a_day * (1.0 + correction.clamp(-0.02, 0.02));
            pace = replan(&products, &added, budget, &mut chance, now).map_or(pace, |plan| plan.pace(SITE));
            next_plan = at + REPLAN;
        }
        spent += 1;
        let product = &mut products[index as usize];
        let trackers = product.known.trackers;
        changes.clear();
        let mut old = product.shelf.price();
        product.shelf.advance(model, at - START, |then, new| {
            changes.push((START + then, old, new));
            old = new;
        });
        let price = product.shelf.price();
        let is_first = product.known.price.is_none();
        if is_first {
            added.push(index);
            promised_a_day += DAY as f64 / promised_interval(trackers) as f64;
        } else {
            for &(then, old, new) in &changes {
                // A change under one per cent is noise.
                if then >= measured_from && then < measured_to && new * 100 <= old * 99 {
                    let missed = price > new;
                    tally.falls.add(at - then, trackers, missed);
                    tally.by_tier[tier(trackers)].add(at - then, trackers, missed);
                    if product.target.is_some_and(|target| new <= target && old > target) {
                        tally.targets.add(at - then, trackers, missed);
                    }
                }
            }
            if let Some(last) = product.known.last_ok_at {
                let waited = now.micros_since(last) as f64 / promised_interval(trackers) as f64;
                tally.longest = tally.longest.max(waited);
            }
        }
        if at >= measured_from && at < measured_to {
            tally.checks[tier(trackers)] += 1;
        }
        learn(product, Money::new(price, usd), now);
        let next = match scheduler {
            Scheduler::Tiers(factor) => now.plus_micros((promised_interval(trackers) as f64 / factor) as i64),
            Scheduler::NextCheck(_) => next_check(&product.known, None, 0, pace, now),
        };
        due.push(Reverse((next.as_micros(), index)));
    }
    tally
}

/// All products are of one site here: budgets by site are the limiter's part.
const SITE: &str = "shop.example";

/// The real plan from a sample of what is stored, as a running program makes it.
fn replan(products: &[Product], added: &[u32], checks: f64, chance: &mut Random, now: Timestamp) -> Option<Plan> {
    let size = added.len().min(SAMPLE as usize);
    let sample: Vec<Sampled<'_>> =
        (0..size).map(|_| Sampled { site: SITE, product: &products[added[chance.below(added.len())] as usize].known }).collect();
    let budget = Budget { checks_a_day: Some(checks.round() as u64), ..Budget::default() };
    plan(&sample, added.len() as u64, &budget, now)
}

/// What the program writes down after a good check.
fn learn(product: &mut Product, price: Money, now: Timestamp) {
    let known = &mut product.known;
    if known.price != Some(price) {
        known.previous_price = known.price;
        known.price = Some(price);
        known.run_from = Some(now);
        known.recent.insert(0, RecentPrice { from: now, minor: price.minor });
        known.recent.truncate(domain::judge::RECENT_PRICES);
    }
    known.nearest_target = product.target.filter(|target| *target < price.minor);
    known.last_ok_at = Some(now);
    known.last_attempt_at = Some(now);
}

fn product(model: &Model, rank: usize, measured_to: i64, chance: &mut Random) -> Product {
    let trackers = model.trackers(rank);
    let shelf = Shelf::new(model, rank);
    let added_at = if chance.unit() < model.added_share {
        START + (chance.unit() * (measured_to - START) as f64) as i64
    } else {
        // Those that are there at the start are not all checked in its first minute.
        START + (chance.unit() * promised_interval(trackers) as f64) as i64
    };
    // Half of the people set a target; of many people somebody surely does.
    let has_target = chance.unit() > 0.5_f64.powf(f64::from(trackers));
    let wished = shelf.wished(chance);
    let known = ProductState {
        id: ProductId(Uuid::from_u128((u128::from(chance.bits()) << 64) | u128::from(chance.bits()))),
        platform: Platform::GENERIC,
        external_id: String::new(),
        url: String::new(),
        host: String::new(),
        facts: ProductFacts::default(),
        revision: 0,
        created_at: Timestamp::from_micros(added_at),
        price: None,
        previous_price: None,
        list_price: None,
        availability: Availability::InStock,
        run_from: None,
        run_checks: 0,
        last_ok_at: None,
        last_attempt_at: None,
        last_outcome: None,
        last_detail: None,
        failures: 0,
        suspect: None,
        recent: Vec::with_capacity(domain::judge::RECENT_PRICES + 1),
        trackers,
        nearest_target: None,
        next_check_at: Timestamp::from_micros(added_at),
        etag: None,
        last_modified: None,
        last_event: None,
    };
    Product { known, shelf, target: has_target.then_some(wished), added_at }
}
