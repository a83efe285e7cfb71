//! The state machine of a tracking, as tables and as properties.
#![cfg(test)]

use domain::decide::{Decision, HoldReason, Occasion, Reason, decide, keys};
use domain::time::{HOUR, MINUTE};
use domain::tracking::{Alert, DropBasisPoints, Rules, TargetPrice};
use domain::{
    Availability, Channel, Currency, EventId, Money, Platform, PriceEvent, ProductId, Timestamp, Tracking, TrackingId, UserId,
};
use proptest::prelude::*;
use uuid::Uuid;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("USD").unwrap())
}

fn product() -> ProductId {
    ProductId::derive(&Platform::AMAZON, "amazon.com:B000000001")
}

fn tracking(target: Option<&str>, drop: Option<u32>) -> Tracking {
    let user = UserId(Uuid::from_u128(1));
    Tracking {
        id: TrackingId::derive(user, product()),
        user_id: user,
        product_id: product(),
        rules: Rules {
            target: target.map(|text| TargetPrice::new(text, Currency::from_code("USD")).unwrap()),
            drop: drop.map(|points| DropBasisPoints::new(points).unwrap()),
        },
        channels: vec![Channel::Email],
        active: true,
        reference: Some(usd(100_00)),
        alert: Alert::Armed,
        told_at: None,
        revisit_at: None,
        revision: 1,
        created_at: Timestamp::EPOCH,
        updated_at: Timestamp::EPOCH,
    }
}

fn event(old: Option<i64>, new: i64, at: Timestamp) -> PriceEvent {
    PriceEvent {
        id: EventId::derive(product(), at),
        product_id: product(),
        at,
        old_price: old.map(usd),
        new_price: Some(usd(new)),
        old_availability: Availability::InStock,
        new_availability: Availability::InStock,
    }
}

fn at(minutes: i64) -> Timestamp {
    Timestamp::from_micros(minutes * MINUTE + HOUR)
}

/// Runs prices (minute, cents) through one tracking, and gives the minutes at which the person was told.
fn told(mut tracking: Tracking, prices: &[(i64, i64)]) -> Vec<i64> {
    let mut told = Vec::new();
    let mut last = None;
    for &(minute, price) in prices {
        let decided = decide(&tracking, &event(last, price, at(minute)), Occasion::Event, at(minute));
        if matches!(decided.decision, Decision::Notify(_)) {
            told.push(minute);
        }
        tracking = decided.tracking;
        last = Some(price);
    }
    told
}

#[test]
fn a_price_equal_to_the_target_counts_as_met() {
    assert_eq!(told(tracking(Some("90"), None), &[(0, 100_00), (1, 90_01), (2, 90_00)]), [2]);
}

#[test]
fn below_the_target_further_small_moves_are_silent() {
    let prices = [(0, 60_00), (1, 49_99), (200, 48_99), (400, 49_50), (600, 49_99)];
    assert_eq!(told(tracking(Some("50"), None), &prices), [1]);
}

#[test]
fn a_clearly_lower_price_is_news_again() {
    assert_eq!(told(tracking(Some("50"), None), &[(0, 60_00), (1, 50_00), (200, 47_50)]), [1, 200]);
}

#[test]
fn the_alert_is_armed_again_only_after_a_rise_past_the_margin() {
    assert_eq!(told(tracking(Some("50"), None), &[(0, 60_00), (1, 50_00), (200, 50_40), (400, 50_00)]), [1]);
    assert_eq!(told(tracking(Some("50"), None), &[(0, 60_00), (1, 50_00), (200, 50_60), (400, 50_00)]), [1, 400]);
}

#[test]
fn a_second_drop_within_the_hour_is_held_and_told_when_the_hour_is_over() {
    let first = decide(&tracking(Some("50"), None), &event(Some(60_00), 50_00, at(0)), Occasion::Event, at(0));
    let second_event = event(Some(50_00), 40_00, at(10));
    let second = decide(&first.tracking, &second_event, Occasion::Event, at(10));
    assert_eq!(second.decision, Decision::Hold(HoldReason::OneAnHour));
    assert_eq!(second.tracking.revisit_at, Some(at(60)));
    assert_eq!(second.tracking.alert, first.tracking.alert, "what was held was not told");
    let later = decide(&second.tracking, &second_event, Occasion::Revisit, at(60));
    assert!(matches!(later.decision, Decision::Notify(Reason::Target { already_met: false, .. })), "{:?}", later.decision);
    assert_eq!(later.tracking.revisit_at, None);
}

#[test]
fn what_was_held_is_dropped_if_the_price_has_risen_again() {
    let first = decide(&tracking(Some("50"), None), &event(Some(60_00), 50_00, at(0)), Occasion::Event, at(0));
    let held = decide(&first.tracking, &event(Some(50_00), 40_00, at(10)), Occasion::Event, at(10));
    let risen = event(Some(40_00), 60_00, at(20));
    let after = decide(&held.tracking, &risen, Occasion::Event, at(20));
    assert_eq!(after.decision, Decision::Nothing);
    assert_eq!(after.tracking.revisit_at, None);
}

#[test]
fn the_first_price_tells_only_a_target_already_met() {
    let mut new = tracking(Some("120"), Some(1000));
    new.reference = None;
    let decided = decide(&new, &event(None, 100_00, at(0)), Occasion::Event, at(0));
    assert!(matches!(decided.decision, Decision::Notify(Reason::Target { already_met: true, .. })));
    let mut new = tracking(None, Some(1000));
    new.reference = None;
    let decided = decide(&new, &event(None, 100_00, at(0)), Occasion::Event, at(0));
    assert_eq!(decided.decision, Decision::Nothing);
    assert_eq!(decided.tracking.reference, Some(usd(100_00)));
}

#[test]
fn a_target_set_before_the_currency_was_known_takes_that_of_the_first_price() {
    let mut new = tracking(None, None);
    new.reference = None;
    new.rules.target = Some(TargetPrice::new("1500.4", None).unwrap());
    let yen = Currency::from_code("JPY").unwrap();
    let mut first = event(None, 0, at(0));
    first.new_price = Some(Money::new(1600, yen));
    let decided = decide(&new, &first, Occasion::Event, at(0));
    assert_eq!(decided.tracking.rules.target.and_then(|target| target.money()), Some(Money::new(1500, yen)));
}

#[test]
fn a_target_raised_over_the_price_is_told_once_as_already_met() {
    let mut edited = tracking(Some("120"), None);
    edited.updated_at = at(30);
    let last = event(Some(110_00), 100_00, at(0));
    let decided = decide(&edited, &last, Occasion::Revisit, at(30));
    assert!(matches!(decided.decision, Decision::Notify(Reason::Target { already_met: true, .. })));
    assert_eq!(decide(&decided.tracking, &last, Occasion::Revisit, at(200)).decision, Decision::Nothing);
}

#[test]
fn a_slow_slide_reaches_the_percentage() {
    let slide: Vec<(i64, i64)> = (0..12).map(|step| (step * 100, 100_00 - step * 1_00)).collect();
    assert_eq!(told(tracking(None, Some(1000)), &slide), [1000]);
}

#[test]
fn a_rise_never_passes_for_a_drop() {
    assert_eq!(told(tracking(None, Some(100)), &[(0, 100_00), (1, 150_00), (200, 300_00)]), Vec::<i64>::new());
}

#[test]
fn a_drop_from_the_price_before_names_it() {
    let decided = decide(&tracking(None, Some(1000)), &event(Some(150_00), 120_00, at(0)), Occasion::Event, at(0));
    assert_eq!(decided.decision, Decision::Notify(Reason::DropFromPrevious { basis_points: 1000, previous: usd(150_00) }));
}

#[test]
fn nothing_is_told_of_what_cannot_be_bought_until_it_can() {
    let mut sold_out = event(Some(60_00), 40_00, at(0));
    sold_out.new_availability = Availability::OutOfStock;
    let held = decide(&tracking(Some("50"), None), &sold_out, Occasion::Event, at(0));
    assert_eq!(held.decision, Decision::Hold(HoldReason::NotBuyable));
    let mut back = event(Some(40_00), 40_00, at(10));
    back.old_availability = Availability::OutOfStock;
    let decided = decide(&held.tracking, &back, Occasion::Event, at(10));
    assert!(matches!(decided.decision, Decision::Notify(Reason::Target { .. })));
}

#[test]
fn a_paused_tracking_is_silent() {
    let mut paused = tracking(Some("50"), None);
    paused.active = false;
    assert_eq!(told(paused, &[(0, 60_00), (1, 40_00)]), Vec::<i64>::new());
}

#[test]
fn another_currency_fires_nothing() {
    let mut pounds = event(None, 0, at(0));
    pounds.old_price = Some(usd(100_00));
    pounds.new_price = Some(Money::new(10_00, Currency::from_code("GBP").unwrap()));
    assert_eq!(decide(&tracking(Some("50"), Some(1000)), &pounds, Occasion::Event, at(0)).decision, Decision::Nothing);
}

/// The same rules, written as a walk over the whole history with nothing remembered but what was told.
fn slow_reference(target: Option<i64>, drop: Option<u32>, start: i64, prices: &[(i64, i64)]) -> Vec<i64> {
    let mut told: Vec<(i64, i64)> = Vec::new();
    let mut fired: Option<i64> = None;
    let mut reference = start;
    let mut previous: Option<i64> = None;
    for &(minute, price) in prices {
        if let Some(last) = fired {
            let threshold = target.unwrap_or(last).max(last);
            if price > threshold + threshold / 100 {
                fired = None;
                reference = price;
            }
        }
        let below = |base: i64, points: u32| (base as i128 * (10_000 - points) as i128).div_euclid(10_000) as i64;
        let by_target = target.is_some_and(|target| price <= target);
        let by_previous = drop.zip(previous).is_some_and(|(points, before)| {
            before > 0 && (i128::from(before - price) * 10_000 / i128::from(before)) >= i128::from(points)
        });
        let by_reference = drop.is_some_and(|points| price <= below(reference, points));
        let news = fired.is_none_or(|last| price <= below(last, 500));
        let quiet = told.last().is_none_or(|(then, _)| minute - then >= 60);
        if news && quiet && (by_target || by_previous || by_reference) {
            told.push((minute, price));
            fired = Some(price);
            reference = price;
        }
        previous = Some(price);
    }
    told.into_iter().map(|(minute, _)| minute).collect()
}

fn prices() -> impl Strategy<Value = Vec<(i64, i64)>> {
    prop::collection::vec((1_i64..200, 50_i64..20_000), 1..40).prop_map(|steps| {
        let mut minute = 0;
        steps
            .into_iter()
            .map(|(pause, price)| {
                minute += pause;
                (minute, price)
            })
            .collect()
    })
}

proptest! {
    #[test]
    fn the_state_machine_agrees_with_a_walk_over_the_whole_history(
        target in prop::option::of(50_i64..20_000),
        drop in prop::option::of(100_u32..9_900),
        prices in prices(),
    ) {
        let target_text = target.map(|cents| usd(cents).to_decimal());
        let expect = slow_reference(target, drop, 100_00, &prices);
        prop_assert_eq!(told(tracking(target_text.as_deref(), drop), &prices), expect);
    }

    #[test]
    fn an_event_outside_of_the_keys_would_change_nothing(
        target in prop::option::of(50_i64..20_000),
        drop in prop::option::of(100_u32..9_900),
        prices in prices(),
        old in 50_i64..20_000,
        new in 50_i64..20_000,
    ) {
        let mut tracking = tracking(target.map(|cents| usd(cents).to_decimal()).as_deref(), drop);
        let mut last = None;
        for &(minute, price) in &prices {
            tracking = decide(&tracking, &event(last, price, at(minute)), Occasion::Event, at(minute)).tracking;
            last = Some(price);
        }
        tracking.revisit_at = None;
        let next = event(Some(old), new, at(100_000));
        let keys = keys(&tracking);
        let touched = new <= keys.below
            || (keys.above < i64::MAX && new >= keys.above)
            || next.fall_basis_points().is_some_and(|fall| fall > 0 && fall >= i64::from(keys.fall));
        let decided = decide(&tracking, &next, Occasion::Event, at(100_000));
        if !touched && (target.is_some() || drop.is_some()) {
            prop_assert_eq!(decided.decision, Decision::Nothing);
            prop_assert_eq!(decided.tracking, tracking);
        }
    }

    #[test]
    fn never_two_alerts_within_an_hour(
        target in prop::option::of(50_i64..20_000),
        drop in prop::option::of(100_u32..9_900),
        prices in prices(),
    ) {
        let told = told(tracking(target.map(|cents| usd(cents).to_decimal()).as_deref(), drop), &prices);
        prop_assert!(told.windows(2).all(|pair| pair[1] - pair[0] >= 60));
    }
}
