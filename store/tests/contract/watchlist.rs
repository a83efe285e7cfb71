//! Lists of trackings and their counts.

use std::collections::HashSet;
use std::sync::Arc;

use domain::check::FailureKind;
use domain::offer::{ProductFacts, Reading};
use domain::time::DAY;
use domain::{Availability, ProductId, TrackingId, UserId};
use store::{Store, TrackedProduct, TrackingChange, TrackingFilter, TrackingSort, Window};

use crate::engines::Engine;
use crate::world::*;

const FILTERS: [TrackingFilter; 6] = [
    TrackingFilter::All,
    TrackingFilter::AtTarget,
    TrackingFilter::Fell,
    TrackingFilter::OutOfStock,
    TrackingFilter::NeedsMe,
    TrackingFilter::Paused,
];
const SORTS: [TrackingSort; 4] = [TrackingSort::Newest, TrackingSort::Name, TrackingSort::Price, TrackingSort::Drop];

async fn list(store: &Arc<dyn Store>, user: UserId, filter: TrackingFilter, sort: TrackingSort) -> Vec<TrackedProduct> {
    let page = store.list_trackings(user, filter, sort, ALL).await.unwrap();
    assert_eq!(page.total, page.rows.len() as u64);
    page.rows
}

fn ids(rows: &[TrackedProduct]) -> HashSet<TrackingId> {
    rows.iter().map(|row| row.tracking.id).collect()
}

async fn sold_out(store: &Arc<dyn Store>, product: ProductId, minute: i64) {
    let facts = ProductFacts::default();
    let reading = Reading::OutOfStock { availability: Availability::OutOfStock, facts, evidence: Vec::new() };
    observe(store, product, reading, t(minute)).await;
}

/// Sixty trackings whose histories are steps of a small generator: every mixture of price, stock, failure, age and pause.
async fn mixture(store: &Arc<dyn Store>, user: UserId) {
    let mut seed: u64 = 7;
    let mut next = |below: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % below
    };
    for n in 0..60 {
        let wish = rules((next(3) > 0).then_some("95"), (next(3) == 0).then_some(1_000));
        let tracked = track(store, user, n, wish, t(i64::from(n / 3))).await;
        let id = tracked.product.id;
        let mut minute = 100;
        for _ in 0..next(5) {
            minute += 24 * 60 * (1 + next(4) as i64);
            match next(6) {
                0..=2 => drop(price(store, id, 80_00 + next(40) as i64 * 100, t(minute)).await),
                3 => sold_out(store, id, minute).await,
                4 => drop(observe(store, id, failed(FailureKind::Timeout), t(minute)).await),
                _ => drop(price(store, id, 1_00, t(minute)).await),
            }
        }
        if next(5) == 0 {
            let pause = TrackingChange { active: Some(false), ..TrackingChange::default() };
            store.update_tracking(owned(&tracked), &pause, t(1)).await.unwrap().unwrap();
        }
    }
    // Targets take their currency when the first price is fanned out.
    fan_out(store, 50, t(0)).await;
}

pub async fn counts_are_the_totals_of_the_filtered_lists(engine: &dyn Engine) {
    let store = engine.open().await;
    let (user, other) = (person(&store, "anna").await, person(&store, "ben").await);
    mixture(&store, user).await;
    track(&store, other, 1, target("95"), t(0)).await;
    let counts = store.count_trackings(user).await.unwrap();
    let all = [counts.all, counts.at_target, counts.fell, counts.out_of_stock, counts.needs_me, counts.paused];
    for (filter, count) in FILTERS.into_iter().zip(all) {
        assert_eq!(list(&store, user, filter, TrackingSort::Newest).await.len() as u64, count, "{filter:?}");
        assert!(count > 0, "the mixture has some of {filter:?}");
    }
}

pub async fn each_filter_shows_what_it_says(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    mixture(&store, user).await;
    let all = list(&store, user, TrackingFilter::All, TrackingSort::Newest).await;
    assert_eq!(all.len(), 60);
    // The same facts, said in Rust.
    let is_fresh = |row: &TrackedProduct| {
        let (ok, attempt) = (row.product.last_ok_at, row.product.last_attempt_at);
        row.product.price.is_some() && ok.zip(attempt).is_some_and(|(ok, attempt)| attempt.micros_since(ok) <= 3 * DAY)
    };
    let sold_out = |row: &TrackedProduct| row.product.availability.is_buyable() == Some(false);
    let expect = |filter, row: &TrackedProduct| match filter {
        TrackingFilter::All => true,
        TrackingFilter::AtTarget => {
            let target = row.tracking.rules.target.as_ref().and_then(|target| target.money());
            row.product.price.zip(target).is_some_and(|(price, target)| price <= target) && is_fresh(row) && !sold_out(row)
        }
        TrackingFilter::Fell => {
            let both = row.product.price.zip(row.product.previous_price);
            both.is_some_and(|(price, previous)| price < previous) && is_fresh(row) && !sold_out(row)
        }
        TrackingFilter::OutOfStock => sold_out(row),
        TrackingFilter::NeedsMe => {
            row.product.last_outcome.as_deref().is_some_and(|outcome| !matches!(outcome, "offer" | "out_of_stock"))
        }
        TrackingFilter::Paused => !row.tracking.active,
    };
    for filter in FILTERS {
        let expected: Vec<_> = all.iter().filter(|row| expect(filter, row)).cloned().collect();
        let shown = list(&store, user, filter, TrackingSort::Name).await;
        assert_eq!(ids(&shown), ids(&expected), "{filter:?}");
    }
}

pub async fn every_sort_is_total_and_pages_miss_nothing(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    mixture(&store, user).await;
    for sort in SORTS {
        let mut seen = Vec::new();
        for offset in (0..70).step_by(7) {
            let page = store.list_trackings(user, TrackingFilter::All, sort, Window { limit: 7, offset }).await.unwrap();
            assert_eq!(page.total, 60);
            seen.extend(page.rows);
        }
        assert_eq!((seen.len(), ids(&seen).len()), (60, 60), "{sort:?}");
        assert_eq!(seen, list(&store, user, TrackingFilter::All, sort).await, "{sort:?}");
    }
}

pub async fn sorts_order_as_they_say(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    mixture(&store, user).await;
    let newest = list(&store, user, TrackingFilter::All, TrackingSort::Newest).await;
    assert!(newest.is_sorted_by_key(|row| std::cmp::Reverse(row.tracking.created_at)));
    let cheapest = list(&store, user, TrackingFilter::All, TrackingSort::Price).await;
    assert!(cheapest.is_sorted_by_key(|row| row.product.price.map_or(i64::MAX, |price| price.minor)));
    let by_name = list(&store, user, TrackingFilter::All, TrackingSort::Name).await;
    let name = |row: &TrackedProduct| row.product.facts.name.clone().unwrap_or_else(|| row.product.url.clone()).to_lowercase();
    assert!(by_name.is_sorted_by_key(name));
    let fallen = list(&store, user, TrackingFilter::All, TrackingSort::Drop).await;
    let fall = |row: &TrackedProduct| {
        let both = row.product.price.zip(row.product.previous_price);
        both.and_then(|(price, previous)| price.basis_points_below(previous)).unwrap_or(0).max(0)
    };
    assert!(fallen.is_sorted_by_key(|row| std::cmp::Reverse(fall(row))));
}

pub async fn a_person_without_trackings_has_zeros(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    assert_eq!(store.count_trackings(user).await.unwrap(), store::TrackingCounts::default());
    assert_eq!(list(&store, user, TrackingFilter::All, TrackingSort::Newest).await, []);
}
