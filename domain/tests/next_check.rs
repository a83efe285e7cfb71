//! When a product is checked next: bounds, and what makes it sooner.
#![cfg(test)]

use domain::check::{FailureKind, ProductState, RecentPrice};
use domain::fall_rate::falls_a_day;
use domain::next_check::{
    MAX_BACKOFF, MIN_INTERVAL, Pace, SPREAD_PERCENT, interval, longest_interval, next_check, promised_interval, worth,
};
use domain::offer::ProductFacts;
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use domain::{Availability, Currency, Money, Platform, ProductId, Timestamp};
use proptest::prelude::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("USD").unwrap())
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(20_000 * DAY + micros)
}

/// A product whose prices, newest first, began so many microseconds before `at(0)`.
fn product(trackers: u32, prices: &[(i64, i64)]) -> ProductState {
    numbered(0, trackers, prices)
}

fn numbered(number: usize, trackers: u32, prices: &[(i64, i64)]) -> ProductState {
    ProductState {
        id: ProductId::derive(&Platform::GENERIC, &format!("shop.example/{number}")),
        platform: Platform::GENERIC,
        external_id: format!("shop.example/{number}"),
        url: format!("https://shop.example/{number}"),
        host: "shop.example".into(),
        facts: ProductFacts::default(),
        revision: 7,
        created_at: at(-90 * DAY),
        price: prices.first().map(|(_, minor)| usd(*minor)),
        previous_price: prices.get(1).map(|(_, minor)| usd(*minor)),
        list_price: None,
        availability: Availability::InStock,
        run_from: prices.first().map(|(ago, _)| at(-ago)),
        run_checks: 3,
        last_ok_at: Some(at(-HOUR)),
        last_attempt_at: Some(at(-HOUR)),
        last_outcome: Some("offer".into()),
        last_detail: None,
        failures: 0,
        suspect: None,
        recent: prices.iter().map(|(ago, minor)| RecentPrice { from: at(-ago), minor: *minor }).collect(),
        trackers,
        nearest_target: None,
        next_check_at: at(0),
        etag: None,
        last_modified: None,
        last_event: None,
    }
}

/// Changes evenly spread, the newest `every` ago: twelve prices at most, the newest in the middle of the others.
fn changing(trackers: u32, every: i64) -> ProductState {
    let prices: Vec<_> = (0..12).map(|n| ((n + 1) * every, if n == 0 { 95_00 } else { 90_00 + 10_00 * (n % 2) })).collect();
    product(trackers, &prices)
}

#[test]
fn more_trackings_promise_shorter_intervals() {
    for (trackers, hours) in [(0, 24), (1, 24), (10, 24), (11, 12), (100, 12), (101, 6), (1000, 6), (1001, 1)] {
        assert_eq!(promised_interval(trackers), hours * HOUR, "{trackers}");
    }
}

#[test]
fn the_interval_is_the_unit_over_the_root_of_people_times_falls() {
    let pace = Pace { unit: 6 * HOUR, stretch_percent: 1_000, ..Pace::default() };
    for (trackers, every) in [(1, DAY), (1, 10 * DAY), (4, DAY), (900, 10 * DAY)] {
        let known = changing(trackers, every);
        let expect = 6.0 * HOUR as f64 / (f64::from(trackers) * falls_a_day(&known, at(0))).sqrt();
        let found = interval(&known, pace, at(0));
        assert!((found as f64 - expect).abs() <= 1.0, "{trackers} {every}: {found} {expect}");
    }
}

#[test]
fn a_rate_is_what_the_history_says_drawn_towards_what_is_usual() {
    let unknown = falls_a_day(&product(1, &[]), at(0));
    assert!((0.05..0.5).contains(&unknown), "{unknown}");
    // Eleven changes in twelve days: nearly one a day, of which half are falls.
    let lively = falls_a_day(&changing(1, DAY), at(0));
    assert!((0.35..0.5).contains(&lively), "{lively}");
    let quiet = falls_a_day(&product(1, &[(200 * DAY, 100_00)]), at(0));
    assert!(quiet < 0.002, "{quiet}");
    // What has just been added is looked at more often than what has been quiet for long.
    assert!(falls_a_day(&product(1, &[(HOUR, 100_00)]), at(0)) > 10.0 * quiet);
}

#[test]
fn a_price_at_its_highest_is_likelier_to_fall_than_one_at_its_lowest() {
    let rate = |newest| falls_a_day(&product(1, &[(DAY, newest), (3 * DAY, 90_00), (8 * DAY, 100_00)]), at(0));
    assert!(rate(100_00) > rate(95_00) && rate(95_00) > rate(90_00));
    assert!((rate(100_00) / rate(90_00) - 3.0).abs() < 1e-9);
}

#[test]
fn a_target_just_below_the_price_makes_it_sooner_and_a_far_one_does_not() {
    let with = |target| {
        let mut known = changing(1, 5 * DAY);
        known.nearest_target = target;
        worth(&known, at(0))
    };
    assert!(with(Some(94_99)) > with(Some(90_00)) && with(Some(90_00)) > with(Some(40_00)));
    assert_eq!(with(Some(40_00)), with(None));
    assert_eq!(with(Some(100_00)), with(None), "a target that is met already is not waited for");
}

#[test]
fn failures_wait_by_their_kind() {
    let known = changing(1, 20 * DAY);
    let usual = interval(&known, Pace::default(), at(0));
    let wait = |kind, failures| next_check(&known, Some(kind), failures, Pace::default(), at(0)).micros_since(at(0));
    let about = |wait: i64, base: i64| wait <= base && wait >= base - base * SPREAD_PERCENT / 100;
    for (kind, failures, base) in [
        (FailureKind::NoPrice, 1, HOUR),
        (FailureKind::NoPrice, 3, 4 * HOUR),
        (FailureKind::Empty, 60, MAX_BACKOFF),
        (FailureKind::Gone, 1, HOUR),
        (FailureKind::Gone, 3, MAX_BACKOFF),
        (FailureKind::NotAllowed, 1, DAY),
        (FailureKind::Blocked, 0, MIN_INTERVAL),
        (FailureKind::Timeout, 0, MIN_INTERVAL),
    ] {
        assert!(about(wait(kind, failures), base.max(0)), "{kind:?} {failures}: {} of {base}", wait(kind, failures));
    }
    assert!(usual > MIN_INTERVAL);
}

#[test]
fn a_page_that_alone_never_answers_is_not_asked_more_often_for_that() {
    let mut known = changing(1, 20 * DAY);
    let usual = interval(&known, Pace::default(), at(0));
    known.last_ok_at = Some(at(-usual));
    let mut waits = Vec::new();
    let mut now = at(0);
    for _ in 0..40 {
        known.last_attempt_at = Some(now);
        let next = next_check(&known, Some(FailureKind::Timeout), 0, Pace::default(), now);
        waits.push(next.micros_since(now));
        now = next;
    }
    assert!(waits[0] <= MIN_INTERVAL);
    assert!(*waits.last().unwrap() > usual * 8 / 10, "{waits:?}");
    assert!(now.micros_since(at(0)) > 2 * DAY, "{waits:?}");
}

#[test]
fn a_fixed_pace_is_kept_and_failures_back_off_from_it() {
    let pace = Pace { fixed: Some(10 * SECOND), ..Pace::default() };
    let known = changing(5_000, 20 * DAY);
    let wait = |failed, failures| next_check(&known, failed, failures, pace, at(0)).micros_since(at(0));
    assert!((9 * SECOND..=10 * SECOND).contains(&wait(None, 0)));
    assert!((36 * SECOND..=40 * SECOND).contains(&wait(Some(FailureKind::Empty), 3)));
}

#[test]
fn a_thousand_products_checked_in_one_minute_do_not_come_back_in_one_minute() {
    // After a restart or an import all are due at once, and are checked as fast as permits allow; here at the very same moment.
    let pace = Pace { unit: 2 * HOUR, ..Pace::default() };
    let mut minutes = std::collections::HashMap::new();
    for number in 0..1_000 {
        let known = numbered(number, 1, &[(30 * DAY, 100_00)]);
        let next = next_check(&known, None, 0, pace, at(0));
        *minutes.entry(next.micros_since(at(0)) / MINUTE).or_insert(0) += 1;
    }
    let most = minutes.values().max().copied().unwrap();
    assert!(minutes.len() > 100 && most < 25, "{} minutes, {most} in one", minutes.len());
}

#[test]
fn a_clock_set_back_neither_stops_nor_floods_the_checks() {
    let known = changing(1, DAY);
    for back in [HOUR, 10 * DAY, 5_000 * DAY] {
        let now = at(-back);
        let wait = next_check(&known, None, 0, Pace::default(), now).micros_since(now);
        assert!((MIN_INTERVAL * 9 / 10..=DAY).contains(&wait), "{back}: {wait}");
        let wait = next_check(&known, Some(FailureKind::Timeout), 0, Pace::default(), now).micros_since(now);
        assert!((MINUTE..=DAY).contains(&wait), "{back}: {wait}");
    }
}

#[test]
fn the_nights_in_which_clocks_change_are_like_any_other() {
    // Europe/Berlin 2026: 29 March 01:00 UTC and 25 October 01:00 UTC. Times are UTC, so an interval is an interval.
    let known = changing(1, 20 * DAY);
    let interval_at = |text: &str| interval(&known, Pace { stretch_percent: 100, ..Pace::default() }, text.parse().unwrap());
    for (before, after) in [("2026-03-28T23:30:00Z", "2026-03-29T03:30:00Z"), ("2026-10-24T23:30:00Z", "2026-10-25T03:30:00Z")] {
        let (before, after) = (interval_at(before), interval_at(after));
        assert!((before - after).abs() < MINUTE, "{before} {after}");
    }
}

fn history() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((1_i64..60 * DAY, 1_i64..1_000_000), 0..12).prop_map(|mut runs| {
        runs.sort_unstable();
        runs
    })
}

fn pace() -> impl Strategy<Value = Pace> {
    (1_i64..1_000 * DAY, 0_u32..1_000).prop_map(|(unit, stretch_percent)| Pace { fixed: None, unit, stretch_percent })
}

proptest! {
    #[test]
    fn a_well_product_waits_between_the_shortest_and_the_longest_interval(
        trackers in any::<u32>(), prices in history(), pace in pace(), target in prop::option::of(any::<i64>()), later in 0..400 * DAY,
    ) {
        let mut known = product(trackers, &prices);
        known.nearest_target = target;
        let now = at(later);
        let wait = next_check(&known, None, 0, pace, now).micros_since(now);
        prop_assert!(wait <= longest_interval(trackers, pace));
        prop_assert!(wait >= MIN_INTERVAL * (100 - SPREAD_PERCENT) / 100);
        if pace.stretch_percent <= 100 {
            prop_assert!(wait <= promised_interval(trackers));
        }
    }

    #[test]
    fn no_failure_waits_longer_than_the_longest_pause_or_less_than_a_minute(
        kind in prop::sample::select(FailureKind::ALL.to_vec()), failures in any::<u32>(), prices in history(), pace in pace(),
    ) {
        let known = product(1, &prices);
        let wait = next_check(&known, Some(kind), failures, pace, at(0)).micros_since(at(0));
        prop_assert!((MINUTE..=MAX_BACKOFF.max(longest_interval(1, pace))).contains(&wait));
    }

    #[test]
    fn more_people_a_livelier_price_and_a_smaller_unit_never_wait_longer(
        trackers in 0_u32..100_000, more in 0_u32..100_000, every in HOUR..30 * DAY, slower in 0..30 * DAY, pace in pace(),
    ) {
        let wait = |trackers, every, pace| interval(&changing(trackers, every), pace, at(0));
        let here = wait(trackers, every, pace);
        prop_assert!(wait(trackers + more, every, pace) <= here);
        prop_assert!(wait(trackers, every + slower, pace) >= here);
        let hurried = Pace { unit: pace.unit / 2, ..pace };
        prop_assert!(wait(trackers, every, hurried) <= here);
    }

    #[test]
    fn a_quiet_price_is_looked_at_ever_less(quiet in DAY..300 * DAY, longer in 0..300 * DAY) {
        let known = product(1, &[(0, 100_00)]);
        let unbound = Pace { stretch_percent: 100_000, ..Pace::default() };
        prop_assert!(interval(&known, unbound, at(quiet + longer)) >= interval(&known, unbound, at(quiet)));
    }

    #[test]
    fn each_further_failure_of_a_product_waits_at_least_about_as_long(failures in 1_u32..40) {
        let known = changing(1, 20 * DAY);
        let wait = |failures| next_check(&known, Some(FailureKind::NoPrice), failures, Pace::default(), at(0));
        prop_assert!(wait(failures + 1) >= wait(failures));
    }
}
