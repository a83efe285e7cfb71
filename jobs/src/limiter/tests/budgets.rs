//! Budgets in a simulated time.

use std::collections::{BTreeMap, BTreeSet};

use domain::Timestamp;
use domain::time::{HOUR, SECOND};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};

use super::{Bench, assert_budget, route};

pub(super) async fn a_thousand_items_due_at_a_restart_keep_the_budget_and_are_all_served(bench: &Bench<'_>) {
    for per_hour in [1, 5, 120, 200] {
        let route = super::Route::new(&format!("shop-{per_hour}.example"), Some(per_hour), None);
        let items = if per_hour < 10 { 100 } else { 1_000 };
        let mut due: BTreeMap<Timestamp, Vec<u32>> = BTreeMap::from([(bench.now(), (0..items).collect())]);
        let (mut sent, mut deferrals) = (Vec::new(), 0);
        while let Some((at, waiting)) = due.pop_first() {
            bench.clock.advance(at.micros_since(bench.now()));
            for job in waiting.chunks(64) {
                let grant = bench.limiter.take(std::slice::from_ref(&route), job.len(), bench.now()).await;
                sent.extend(grant.permits.iter().map(|_| bench.now()));
                for (slot, item) in (0..).zip(&job[grant.permits.len()..]) {
                    let at = grant.next_at.plus_micros(slot * grant.spacing);
                    assert!(at > bench.now());
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

pub(super) async fn the_refused_of_several_jobs_get_slots_of_their_own(bench: &Bench<'_>) {
    let route = route(100);
    let mut slots = BTreeSet::new();
    for _ in 0..5 {
        let grant = bench.limiter.take(std::slice::from_ref(&route), 64, bench.now()).await;
        for slot in 0..64 - grant.permits.len() as i64 {
            assert!(slots.insert(grant.next_at.plus_micros(slot * grant.spacing)), "a slot is given once");
        }
    }
}

pub(super) async fn a_person_who_adds_three_products_is_served_at_once(bench: &Bench<'_>) {
    assert_eq!(bench.take(&route(100), 3).await, 3);
}

pub(super) async fn no_window_of_an_hour_exceeds_the_budget_with_many_workers(bench: &Bench<'_>) {
    for seed in 0..4 {
        let mut random = StdRng::seed_from_u64(seed);
        let per_hour = [1, 7, 100, 1_000][seed as usize];
        let route = super::Route::new(&format!("shop-{seed}.example"), Some(per_hour), None);
        let spacing = HOUR / i64::from(per_hour);
        let mut sent = Vec::new();
        for _ in 0..150 {
            let wants: Vec<usize> = (0..random.random_range(1..8)).map(|_| random.random_range(1..70)).collect();
            let asked = wants.into_iter().map(|want| bench.take(&route, want));
            let given: usize = futures::future::join_all(asked).await.into_iter().sum();
            sent.extend(std::iter::repeat_n(bench.now(), given));
            // Mostly the next permit, sometimes a fraction of it, sometimes a long rest.
            let pause = match random.random_range(0..10) {
                0 => random.random_range(HOUR / 2..2 * HOUR),
                1..4 => random.random_range(0..spacing),
                _ => spacing,
            };
            bench.clock.advance(pause);
        }
        assert_budget(&sent, per_hour);
        let least = 60.min(per_hour as usize * 50);
        assert!(sent.len() >= least, "{} permits only, at {per_hour} an hour (seed {seed})", sent.len());
    }
}

pub(super) async fn asking_with_a_time_that_was_set_back_gives_no_second_budget(bench: &Bench<'_>) {
    let route = [route(80)];
    let now = bench.now();
    let first = bench.limiter.take(&route, 64, now).await.permits.len();
    let grant = bench.limiter.take(&route, 64, now.plus_micros(-HOUR)).await;
    assert_eq!((first, grant.permits.len()), (4, 0));
    let wait = grant.next_at.micros_since(now.plus_micros(-HOUR));
    assert!(wait > SECOND, "the refused come back {wait} µs after the time that was asked with");
}
