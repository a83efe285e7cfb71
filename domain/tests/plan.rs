//! The plan spends the budget, no more, and keeps promises as long as they leave something to choose.
#![cfg(test)]

use std::collections::BTreeMap;

use domain::check::{ProductState, RecentPrice};
use domain::next_check::{MIN_INTERVAL, interval, promised_interval};
use domain::offer::ProductFacts;
use domain::plan::{Budget, IDLE_CHECKS_A_DAY, Plan, Sampled, plan};
use domain::time::{DAY, HOUR};
use domain::{Availability, Currency, Money, Platform, ProductId, Timestamp};
use proptest::prelude::*;

fn now() -> Timestamp {
    Timestamp::from_micros(20_000 * DAY)
}

/// A product whose price changed `changes` times, once in `every`.
fn product(number: usize, trackers: u32, changes: i64, every: i64) -> ProductState {
    let before = |micros: i64| now().plus_micros(-micros);
    let recent = (0..=changes).map(|n| RecentPrice { from: before((n + 1) * every), minor: 100_00 + n % 2 });
    ProductState {
        id: ProductId::derive(&Platform::GENERIC, &format!("shop.example/{number}")),
        platform: Platform::GENERIC,
        external_id: String::new(),
        url: String::new(),
        host: String::new(),
        facts: ProductFacts::default(),
        revision: 0,
        created_at: before(90 * DAY),
        price: Some(Money::new(100_00, Currency::from_code("EUR").unwrap())),
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
        recent: recent.collect(),
        trackers,
        nearest_target: None,
        next_check_at: now(),
        etag: None,
        last_modified: None,
        last_event: None,
    }
}

/// A shop's worth of products: many quiet, some lively, a few wanted by many.
fn products(count: usize) -> Vec<ProductState> {
    (0..count)
        .map(|n| product(n, (count as u32 * 2 / (n as u32 + 1)).max(1), (n % 12) as i64, (n as i64 * 7 % 50 + 1) * DAY / 4))
        .collect()
}

fn sampled<'a>(products: &'a [ProductState], site: impl Fn(usize) -> &'a str) -> Vec<Sampled<'a>> {
    products.iter().enumerate().map(|(n, product)| Sampled { site: site(n), product }).collect()
}

/// Checks a day at the plan's paces, as `next_check` makes them: intervals are shortened by 5 % on average.
fn checks_a_day(sample: &[Sampled<'_>], plan: &Plan) -> f64 {
    sample.iter().map(|of| DAY as f64 / 0.95 / interval(of.product, plan.pace(of.site), now()) as f64).sum()
}

fn promised(products: &[ProductState]) -> f64 {
    products.iter().map(|product| DAY as f64 / promised_interval(product.trackers) as f64).sum()
}

#[test]
fn no_products_need_no_plan() {
    assert_eq!(plan(&[], 0, &Budget::default(), now()), None);
}

#[test]
fn a_product_alone_at_home_is_checked_hourly() {
    for quiet in [product(0, 1, 0, 100 * DAY), product(0, 1, 11, HOUR)] {
        let sample = [Sampled { site: "shop.example", product: &quiet }];
        let plan = plan(&sample, 1, &Budget::default(), now()).unwrap();
        let wait = interval(&quiet, plan.pace("shop.example"), now());
        assert!((HOUR..HOUR * 110 / 100).contains(&wait), "{wait}");
    }
}

#[test]
fn at_home_the_lively_take_from_the_quiet_and_none_is_hurried() {
    let mut few: Vec<_> = (0..19).map(|n| product(n, 1, 0, 100 * DAY)).collect();
    few.push(product(19, 1, 11, DAY));
    let sample = sampled(&few, |_| "shop.example");
    let plan = plan(&sample, 20, &Budget::default(), now()).unwrap();
    let wait = |n: usize| interval(&few[n], plan.pace("shop.example"), now());
    assert!(wait(0) > HOUR && wait(0) < 3 * HOUR, "{}", wait(0));
    assert_eq!(wait(19), MIN_INTERVAL);
    assert!(checks_a_day(&sample, &plan) <= 20.5 * IDLE_CHECKS_A_DAY as f64);
}

#[test]
fn a_shop_with_few_permits_slows_only_its_own_products() {
    let all = products(400);
    let sample = sampled(&all, |n| if n % 2 == 0 { "amazon" } else { "shop.example" });
    let per_hour = BTreeMap::from([("amazon".to_owned(), 100), ("shop.example".to_owned(), 1_000_000)]);
    let plan = plan(&sample, 400, &Budget { checks_a_day: None, per_hour }, now()).unwrap();
    let of = |site: &str| sample.iter().filter(|of| of.site == site).copied().collect::<Vec<_>>();
    let amazon = checks_a_day(&of("amazon"), &plan);
    assert!((1_880.0..=1_921.0).contains(&amazon), "{amazon} of 2,400 permits, of which 80 % are planned");
    assert!(checks_a_day(&of("shop.example"), &plan) > 3.0 * amazon);
    assert!(plan.by_site.contains_key("amazon"));
}

#[test]
fn promises_take_at_most_half_of_the_budget() {
    let all = products(500);
    let sample = sampled(&all, |_| "shop.example");
    let stretch = |times: f64| {
        let budget = Budget { checks_a_day: Some((promised(&all) * times) as u64), ..Budget::default() };
        let made = plan(&sample, 500, &budget, now()).unwrap();
        made.usual.stretch_percent
    };
    assert_eq!((stretch(4.0), stretch(2.0)), (100, 100));
    assert!((199..=202).contains(&stretch(1.0)), "{}", stretch(1.0));
    assert!((399..=403).contains(&stretch(0.5)), "{}", stretch(0.5));
}

#[test]
fn a_sample_speaks_for_all() {
    let all = products(1_000);
    let some: Vec<_> = all.iter().step_by(1).take(1_000).cloned().collect();
    let sample = sampled(&some, |_| "shop.example");
    let budget = Budget { checks_a_day: Some(2_000_000), ..Budget::default() };
    let plan = plan(&sample, 1_000_000, &budget, now()).unwrap();
    let cost = checks_a_day(&sample, &plan) * 1_000.0;
    assert!((cost / 2_000_000.0 - 1.0).abs() < 0.01, "{cost}");
    assert!((plan.checks_a_day as f64 / cost - 1.0).abs() < 0.001);
}

#[test]
fn a_plan_survives_being_written_down() {
    let all = products(50);
    let per_hour = BTreeMap::from([("a".to_owned(), 3)]);
    let sample = sampled(&all, |n| if n < 25 { "a" } else { "b" });
    let made = plan(&sample, 50, &Budget { checks_a_day: Some(900), per_hour }, now()).unwrap();
    let text = serde_json::to_string(&made).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&text).unwrap(), made);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_whole_budget_is_spent_and_no_more(count in 1_usize..200, times in 0.3_f64..10.0) {
        let all = products(count);
        let sample = sampled(&all, |n| if n % 3 == 0 { "a" } else { "b" });
        let wanted = (promised(&all) * times).ceil();
        let budget = Budget { checks_a_day: Some(wanted as u64), ..Budget::default() };
        let made = plan(&sample, count as u64, &budget, now()).unwrap();
        let spent = checks_a_day(&sample, &made);
        let most = wanted.min((IDLE_CHECKS_A_DAY * count as u64) as f64);
        prop_assert!(spent <= most * 1.06, "{} of {}", spent, most);
        // Where the budget is idle, fewer may be all that there is to do: nothing is checked more often than the shortest interval.
        let at_most = count as f64 * DAY as f64 / 0.95 / MIN_INTERVAL as f64;
        prop_assert!(spent >= most.min(at_most) * 0.95, "{} of {}", spent, most);
    }

    #[test]
    fn more_budget_never_waits_longer(count in 2_usize..100, budget in 10_u64..5_000, more in 0_u64..5_000) {
        let all = products(count);
        let sample = sampled(&all, |_| "a");
        let unit = |checks| {
            let made = plan(&sample, count as u64, &Budget { checks_a_day: Some(checks), ..Budget::default() }, now()).unwrap();
            made.usual
        };
        prop_assert!(unit(budget + more).stretch_percent <= unit(budget).stretch_percent);
        let wait = |checks| interval(&all[count / 2], domain::plan::Plan { made_at: now(), usual: unit(checks), by_site: BTreeMap::new(), checks_a_day: 0 }.pace("a"), now());
        prop_assert!(wait(budget + more) <= wait(budget) + 2);
    }
}
