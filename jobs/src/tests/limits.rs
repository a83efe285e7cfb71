//! Budgets hold whatever happens.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::time::{HOUR, MINUTE};

use crate::Clock;
use crate::limiter::{InProcessLimiter, Limiter, Route, Signal};

fn route(per_hour: u32) -> Route {
    Route { key: "shop.example".into(), per_hour: Some(per_hour) }
}

/// Fails if any hour, wherever it begins, holds more than the budget.
fn assert_budget(sent: &[Timestamp], per_hour: u32) {
    for (first, at) in sent.iter().enumerate() {
        let within = sent[first..].iter().take_while(|later| later.micros_since(*at) < HOUR).count();
        assert!(within <= per_hour as usize, "{within} requests in the hour from {at}, {per_hour} are allowed");
    }
}

#[tokio::test]
async fn a_thousand_items_due_at_a_restart_keep_the_budget_and_are_all_served() {
    for per_hour in [1, 5, 120, 200] {
        let clock = Clock::fixed("2026-01-01T00:00:00Z".parse().unwrap());
        let limiter = InProcessLimiter::new(clock.clone());
        let route = route(per_hour);
        let items = if per_hour < 10 { 100 } else { 1_000 };
        let mut due: BTreeMap<Timestamp, Vec<u32>> = BTreeMap::from([(clock.now(), (0..items).collect())]);
        let (mut sent, mut deferrals) = (Vec::new(), 0);
        while let Some((at, waiting)) = due.pop_first() {
            clock.advance(at.micros_since(clock.now()));
            for job in waiting.chunks(64) {
                let grant = limiter.take(&route, job.len(), clock.now()).await;
                sent.extend(grant.permits.iter().map(|_| clock.now()));
                for (slot, item) in (0..).zip(&job[grant.permits.len()..]) {
                    let at = grant.next_at.plus_micros(slot * grant.spacing);
                    assert!(at > clock.now());
                    due.entry(at).or_default().push(*item);
                    deferrals += 1;
                }
            }
        }
        assert_eq!(sent.len(), items as usize, "all are served");
        assert_budget(&sent, per_hour);
        let hours = sent[sent.len() - 1].micros_since(sent[0]) / HOUR;
        assert!(
            hours <= i64::from(items / per_hour) + i64::from(items / per_hour) / 4 + 1,
            "{hours} h for {items} at {per_hour}"
        );
        assert!(deferrals <= 3 * items, "{deferrals} deferrals for {items} items");
    }
}

#[tokio::test]
async fn the_refused_of_several_jobs_get_slots_of_their_own() {
    let clock = Clock::fixed(Timestamp::EPOCH);
    let limiter = InProcessLimiter::new(clock.clone());
    let route = route(100);
    let mut slots = BTreeSet::new();
    for _ in 0..5 {
        let grant = limiter.take(&route, 64, clock.now()).await;
        for slot in 0..64 - grant.permits.len() as i64 {
            assert!(slots.insert(grant.next_at.plus_micros(slot * grant.spacing)), "a slot is given once");
        }
    }
}

#[tokio::test]
async fn a_person_who_adds_three_products_is_served_at_once() {
    let limiter = InProcessLimiter::new(Clock::fixed(Timestamp::EPOCH));
    assert_eq!(limiter.take(&route(100), 3, Timestamp::EPOCH).await.permits.len(), 3);
}

#[tokio::test]
async fn a_closed_route_lets_one_probe_through_and_opens_on_its_answer() {
    let clock = Clock::fixed(Timestamp::EPOCH);
    let limiter = InProcessLimiter::new(clock.clone());
    let route = route(200);
    limiter.take(&route, 1, clock.now()).await;
    let until = limiter.report(&route, Signal::Blocked, clock.now()).await.unwrap();
    let grant = limiter.take(&route, 10, clock.now()).await;
    assert!(grant.permits.is_empty() && grant.next_at >= until);
    clock.advance(until.micros_since(clock.now()));
    assert_eq!(limiter.take(&route, 10, clock.now()).await.permits.len(), 1, "the probe");
    assert_eq!(limiter.take(&route, 10, clock.now()).await.permits.len(), 0);
    assert_eq!(limiter.report(&route, Signal::Answered, clock.now()).await, None);
    clock.advance(MINUTE);
    assert!(limiter.take(&route, 3, clock.now()).await.permits.len() == 3);
}

#[tokio::test]
async fn setting_the_clock_back_gives_no_second_budget() {
    // The system's clock never goes back for the bucket, so only the time of day that is asked with differs.
    let limiter = InProcessLimiter::new(Clock::System);
    let now = Clock::System.now();
    let first = limiter.take(&route(80), 64, now).await.permits.len();
    let back = limiter.take(&route(80), 64, now.plus_micros(-HOUR)).await.permits.len();
    assert_eq!((first, back), (4, 0));
}
