//! What one reading is worth, and what is written about it.
#![cfg(test)]

use domain::check::{CheckOutcome, FailureKind, Found, ProductState, RecentPrice};
use domain::judge::{Judgement, judge, settle};
use domain::next_check::{Pace, next_check};
use domain::offer::{Offer, ProductFacts, Reader, Reading};
use domain::time::{DAY, HOUR, MINUTE, SECOND};
use domain::{Availability, Currency, Money, Platform, ProductId, Timestamp};
use proptest::prelude::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("USD").unwrap())
}

fn at(micros: i64) -> Timestamp {
    Timestamp::from_micros(1_000 * DAY + micros)
}

/// A product whose price has been `prices[0]` since a day, with the others before it.
fn product(prices: &[i64]) -> ProductState {
    ProductState {
        id: ProductId::derive(&Platform::GENERIC, "shop.example/p"),
        platform: Platform::GENERIC,
        external_id: "shop.example/p".into(),
        url: "https://shop.example/p".into(),
        host: "shop.example".into(),
        facts: ProductFacts { name: Some("Lamp".into()), ..ProductFacts::default() },
        revision: 7,
        created_at: at(-90 * DAY),
        price: prices.first().map(|minor| usd(*minor)),
        previous_price: prices.get(1).map(|minor| usd(*minor)),
        list_price: None,
        availability: if prices.is_empty() { Availability::Unknown } else { Availability::InStock },
        run_from: (!prices.is_empty()).then(|| at(-DAY)),
        run_checks: 3,
        last_ok_at: (!prices.is_empty()).then(|| at(-HOUR)),
        last_attempt_at: (!prices.is_empty()).then(|| at(-HOUR)),
        last_outcome: (!prices.is_empty()).then(|| "offer".into()),
        last_detail: None,
        failures: 0,
        suspect: None,
        recent: prices
            .iter()
            .enumerate()
            .map(|(index, minor)| RecentPrice { from: at(-(index as i64 + 1) * 40 * DAY), minor: *minor })
            .collect(),
        trackers: 1,
        next_check_at: at(0),
        etag: None,
        last_modified: None,
        nearest_target: None,
        last_event: None,
    }
}

fn offer(minor: i64, confidence: u8) -> Reading {
    Reading::Offer(Offer {
        price: usd(minor),
        list_price: None,
        availability: Availability::InStock,
        facts: ProductFacts { name: Some("Lamp".into()), ..ProductFacts::default() },
        reader: Reader::JsonLd,
        confidence,
        evidence: Vec::new(),
    })
}

fn failed(kind: FailureKind) -> Reading {
    Reading::Failed { kind, detail: "why".into(), facts: ProductFacts::default(), evidence: Vec::new() }
}

fn outcome(product: &ProductState, reading: Reading, started_at: Timestamp) -> CheckOutcome {
    CheckOutcome {
        product_id: product.id,
        started_at,
        found: Found::Reading(reading),
        not_before: None,
        etag: None,
        last_modified: None,
    }
}

#[test]
fn a_plausible_change_counts_at_once() {
    let known = product(&[100_00]);
    let record = settle(&known, &outcome(&known, offer(80_00, 90), at(0)), Pace::default(), at(SECOND)).unwrap();
    let event = record.event.expect("a price that changed is an event");
    assert_eq!((event.old_price, event.new_price), (Some(usd(100_00)), Some(usd(80_00))));
    assert_eq!(record.new_run.unwrap().recent[0].minor, 80_00);
    assert_eq!(record.outcome, "offer");
}

#[test]
fn the_same_price_again_writes_no_run_and_no_event() {
    let known = product(&[100_00]);
    let record = settle(&known, &outcome(&known, offer(100_00, 90), at(0)), Pace::default(), at(SECOND)).unwrap();
    assert_eq!((record.new_run, record.event, record.facts, record.evidence), (None, None, None, None));
    assert!(record.ok);
}

#[test]
fn implausible_prices_are_held_both_ways() {
    let known = product(&[200_00, 210_00, 190_00]);
    for minor in [2_00, 20_00, 79_00, 601_00, 2_000_00, 20_000_00] {
        assert!(matches!(judge(&known, &Found::Reading(offer(minor, 90)), at(0)), Judgement::Suspect(_)), "{minor}");
    }
    for minor in [81_00, 200_00, 399_00, 600_00] {
        assert!(matches!(judge(&known, &Found::Reading(offer(minor, 90)), at(0)), Judgement::Accept { .. }), "{minor}");
    }
}

#[test]
fn a_suspect_price_is_checked_again_within_two_minutes_and_counts_when_seen_again() {
    let mut known = product(&[200_00, 210_00]);
    let first = settle(&known, &outcome(&known, offer(50_00, 90), at(0)), Pace::default(), at(SECOND)).unwrap();
    assert_eq!((first.outcome, first.ok, &first.event, &first.new_run), ("suspect", false, &None, &None));
    assert!(first.next_check_at.micros_since(at(0)) <= 2 * MINUTE);
    known.suspect = first.suspect;
    known.last_attempt_at = Some(at(0));
    let too_soon = settle(&known, &outcome(&known, offer(50_00, 90), at(5 * SECOND)), Pace::default(), at(6 * SECOND)).unwrap();
    assert_eq!(too_soon.outcome, "suspect", "the same page seconds later confirms nothing");
    let second = settle(&known, &outcome(&known, offer(50_00, 90), at(MINUTE)), Pace::default(), at(61 * SECOND)).unwrap();
    assert_eq!(second.event.unwrap().new_price, Some(usd(50_00)));
    assert_eq!(second.suspect, None);
}

#[test]
fn weak_evidence_needs_more_sightings_and_still_gets_through() {
    let mut known = product(&[200_00, 210_00]);
    let mut now = at(0);
    let mut checks = 0;
    loop {
        checks += 1;
        let record = settle(&known, &outcome(&known, offer(50_00, 30), now), Pace::default(), now).unwrap();
        if record.event.is_some() {
            break;
        }
        known.suspect = record.suspect;
        known.last_attempt_at = Some(now);
        now = record.next_check_at;
        assert!(checks < 10, "a lasting price must get through");
    }
    assert_eq!(checks, 4);
    assert!(now.micros_since(at(0)) < HOUR);
}

#[test]
fn a_failed_check_leaves_a_suspicion_standing_and_another_price_replaces_it() {
    let mut known = product(&[200_00]);
    known.suspect = settle(&known, &outcome(&known, offer(50_00, 90), at(0)), Pace::default(), at(0)).unwrap().suspect;
    let failure =
        settle(&known, &outcome(&known, failed(FailureKind::Blocked), at(MINUTE)), Pace::default(), at(MINUTE)).unwrap();
    assert_eq!(failure.suspect, known.suspect);
    let other = settle(&known, &outcome(&known, offer(40_00, 90), at(MINUTE)), Pace::default(), at(MINUTE)).unwrap();
    assert_eq!(other.suspect.map(|suspect| (suspect.price, suspect.sightings)), Some((usd(40_00), 1)));
}

#[test]
fn the_first_price_counts_unless_its_evidence_is_weak() {
    let new = product(&[]);
    assert!(matches!(judge(&new, &Found::Reading(offer(79, 90)), at(0)), Judgement::Accept { .. }));
    assert!(matches!(judge(&new, &Found::Reading(offer(79, 40)), at(0)), Judgement::Suspect(_)));
    let record = settle(&new, &outcome(&new, offer(79, 90), at(0)), Pace::default(), at(0)).unwrap();
    assert!(record.event.unwrap().is_first());
}

#[test]
fn another_currency_is_never_a_change_of_price() {
    let known = product(&[100_00]);
    let mut pounds = offer(95_00, 99);
    if let Reading::Offer(offer) = &mut pounds {
        offer.price = Money::new(95_00, Currency::from_code("GBP").unwrap());
    }
    assert!(matches!(judge(&known, &Found::Reading(pounds), at(0)), Judgement::Keep(FailureKind::WrongRegion, _)));
}

#[test]
fn out_of_stock_keeps_the_last_price_and_is_one_event() {
    let known = product(&[100_00]);
    let sold_out =
        Reading::OutOfStock { availability: Availability::OutOfStock, facts: ProductFacts::default(), evidence: Vec::new() };
    let record = settle(&known, &outcome(&known, sold_out, at(0)), Pace::default(), at(0)).unwrap();
    let event = record.event.unwrap();
    assert_eq!((event.new_price, event.new_availability), (Some(usd(100_00)), Availability::OutOfStock));
    assert_eq!(record.facts, None, "a page that says less deletes nothing");
}

#[test]
fn an_unknown_stock_state_is_no_change_of_stock() {
    let known = product(&[100_00]);
    let mut silent = offer(100_00, 90);
    if let Reading::Offer(offer) = &mut silent {
        offer.availability = Availability::Unknown;
    }
    let record = settle(&known, &outcome(&known, silent, at(0)), Pace::default(), at(0)).unwrap();
    assert_eq!(record.event, None);
}

#[test]
fn an_older_observation_that_lands_later_is_left_out() {
    let known = product(&[100_00]);
    assert_eq!(settle(&known, &outcome(&known, offer(90_00, 90), at(-HOUR)), Pace::default(), at(0)), None);
}

#[test]
fn an_outage_begins_a_new_run_at_the_same_price_without_an_event() {
    let mut known = product(&[100_00]);
    known.last_ok_at = Some(at(-5 * DAY));
    let record = settle(&known, &outcome(&known, offer(100_00, 90), at(0)), Pace::default(), at(0)).unwrap();
    assert!(record.new_run.is_some() && record.event.is_none());
}

#[test]
fn the_shops_wish_to_wait_is_obeyed() {
    let known = product(&[100_00]);
    let mut slow_down = outcome(&known, failed(FailureKind::RateLimited), at(0));
    slow_down.not_before = Some(at(3 * DAY));
    assert_eq!(settle(&known, &slow_down, Pace::default(), at(0)).unwrap().next_check_at, at(3 * DAY));
}

#[test]
fn a_page_that_stays_gone_is_looked_at_weekly() {
    let known = product(&[100_00]);
    let wait = next_check(&known, Some(FailureKind::Gone), 3, Pace::default(), at(0)).micros_since(at(0));
    assert!((6 * DAY..=8 * DAY).contains(&wait));
}

fn any_reading() -> impl Strategy<Value = Reading> {
    prop_oneof![
        (1_i64..1_000_000, any::<u8>()).prop_map(|(minor, confidence)| offer(minor, confidence.min(100))),
        prop::sample::select(FailureKind::ALL.to_vec()).prop_map(failed),
    ]
}

proptest! {
    #[test]
    fn only_a_clean_reading_changes_anything(reading in any_reading(), earlier in prop::collection::vec(1_i64..1_000_000, 0..12)) {
        let known = product(&earlier);
        let record = settle(&known, &outcome(&known, reading.clone(), at(0)), Pace::default(), at(0)).unwrap();
        if !record.ok {
            prop_assert_eq!((record.new_run, record.event, record.facts), (None, None, None));
            prop_assert_eq!(record.list_price, known.list_price);
        } else {
            prop_assert!(matches!(reading, Reading::Offer(_)));
        }
        prop_assert!(record.next_check_at > at(0));
        prop_assert!(record.next_check_at <= at(8 * DAY));
    }
}
