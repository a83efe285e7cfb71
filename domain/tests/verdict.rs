//! The deal verdict, fake discounts, and wrong points taken back.
#![cfg(test)]

use domain::check::RecentPrice;
use domain::discount::{FakeDiscount, fake_discount};
use domain::history::{PriceRun, statistics};
use domain::retraction::{corrected, forget, without};
use domain::rules::{Memory, Met, Owed};
use domain::time::{DAY, HOUR};
use domain::tracking::Alert;
use domain::verdict::{Advice, Verdict, sentence, verdict};
use domain::{Availability, Currency, Locale, Money, Timestamp};
use proptest::prelude::*;

fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("EUR").unwrap())
}

fn at(hours: i64) -> Timestamp {
    Timestamp::from_micros(10_000 * DAY + hours * HOUR)
}

/// Runs of so many days each at a price, one after the other; a price below zero is sold out.
fn runs(days: &[(i64, i64)]) -> (Vec<PriceRun>, Timestamp) {
    let hours: Vec<_> = days.iter().map(|(days, price)| (days * 24, *price)).collect();
    runs_of_hours(&hours)
}

fn runs_of_hours(hours: &[(i64, i64)]) -> (Vec<PriceRun>, Timestamp) {
    let mut runs = Vec::new();
    let mut from = 0;
    for (lasted, price) in hours {
        let availability = if *price < 0 { Availability::OutOfStock } else { Availability::InStock };
        let last_seen = at(from + lasted);
        runs.push(PriceRun { from: at(from), last_seen, checks: 9, price: Some(eur(price.abs())), availability });
        from += lasted;
    }
    (runs, at(from))
}

fn judged(days: &[(i64, i64)]) -> Verdict {
    let (runs, now) = runs(days);
    verdict(&runs, now).expect("a price that can be bought")
}

fn english(days: &[(i64, i64)]) -> String {
    sentence(&judged(days), Locale::default())
}

#[test]
fn the_sentence_is_plain() {
    for (days, text) in [
        (vec![(167, 100_00), (13, 80_00)], "Lower than on 92% of the last 180 days. Good time to buy."),
        (vec![(90, 80_00), (90, 100_00)], "It cost less on 50% of the last 180 days. Waiting may pay."),
        (vec![(60, 80_00), (80, 100_00), (40, 90_00)], "Lower than on 44% of the last 180 days."),
        (vec![(60, 80_00), (60, 90_00), (60, 100_00)], "It cost less on 66% of the last 180 days. Waiting may pay."),
        (vec![(40, 80_00)], "The same price for all of the last 40 days."),
        (vec![(13, 80_00)], "Too little history to judge: known for 13 days."),
        (vec![(1, 80_00)], "Too little history to judge: known for 1 day."),
        (vec![(0, 80_00)], "Too little history to judge: known for less than a day."),
    ] {
        assert_eq!(english(&days), text);
    }
}

#[test]
fn what_is_older_than_the_window_says_nothing_about_shares_but_is_not_forgotten() {
    let long = judged(&[(200, 50_00), (200, 100_00)]);
    assert_eq!((long.was_lower, long.days, long.advice), (0, 180, Advice::Usual));
    assert_eq!(long.lower_until, Some(at(200 * 24)));
    assert_eq!(long.against[2].unwrap().low, eur(50_00));
    assert_eq!(judged(&[(20, 100_00)]).lower_until, None);
}

#[test]
fn a_price_is_held_against_median_and_low_of_each_time_that_is_known() {
    let verdict = judged(&[(20, 70_00), (11, 100_00), (9, 90_00)]);
    let [month, quarter, year] = verdict.against;
    let month = month.unwrap();
    assert_eq!((month.median, month.low), (eur(90_00), eur(70_00)), "10 days at 70, 11 at 100, 9 at 90");
    assert_eq!((quarter, year), (None, None), "40 days are less than half of 90");
}

#[test]
fn sold_out_times_and_prices_do_not_count() {
    let with = judged(&[(30, 100_00), (30, -50_00), (30, 90_00)]);
    assert_eq!((with.was_lower, with.was_higher, with.lower_until), (0, 5_000, None));
    let (sold_out, now) = runs(&[(30, 100_00), (3, -90_00)]);
    assert_eq!(verdict(&sold_out, now), None);
    assert_eq!(verdict(&[], at(0)), None);
}

#[test]
fn a_season_needs_two_years_that_agree() {
    // Each year: 330 days at 100, 35 at the season's price; now it is 30 days before the season.
    let years = |first: i64, second: i64| [(300, 100_00), (35, first), (330, 100_00), (35, second), (300, 100_00)];
    let both = judged(&years(80_00, 85_00));
    assert_eq!((both.season, both.advice), (Some(1_500), Advice::Wait));
    assert!(sentence(&both, Locale::default()).ends_with("It fell by 15% or more in the next two months of both years before."));
    assert_eq!(judged(&years(80_00, 97_00)).season, None);
    assert_eq!(judged(&[(35, 85_00), (330, 100_00)]).season, None);
}

#[test]
fn a_struck_price_that_was_never_asked_is_called_so() {
    let (known, now) = runs(&[(40, 60_00), (20, 50_00)]);
    let found = |list| fake_discount(&known, list, now);
    assert_eq!(found(Some(eur(99_00))), Some(FakeDiscount::NeverCharged { list: eur(99_00), highest: eur(60_00), days: 60 }));
    for honest in [Some(eur(60_00)), Some(eur(60_50)), Some(eur(40_00)), None] {
        assert_eq!(found(honest), None, "{honest:?}");
    }
    let (new, now) = runs(&[(9, 60_00), (20, 50_00)]);
    assert_eq!(fake_discount(&new, Some(eur(99_00)), now), None, "29 days are too few to accuse anybody");
}

#[test]
fn a_price_raised_before_the_sale_is_called_so() {
    let found = |days: &[(i64, i64)]| {
        let (known, now) = runs(days);
        fake_discount(&known, None, now)
    };
    let raised = FakeDiscount::RaisedBefore { from: eur(50_00), to: eur(70_00), at: at(60 * 24) };
    assert_eq!(found(&[(60, 50_00), (20, 70_00), (2, 50_00)]), Some(raised));
    assert_eq!(found(&[(60, 50_00), (20, 70_00), (2, 55_00)]), Some(raised));
    for (name, honest) in [
        ("a real gain", [(60, 50_00), (20, 70_00), (2, 45_00)]),
        ("raised long ago", [(60, 50_00), (40, 70_00), (2, 50_00)]),
        ("a rise within noise", [(60, 50_00), (20, 50_40), (2, 50_00)]),
        ("no fall", [(60, 50_00), (20, 60_00), (2, 70_00)]),
    ] {
        assert_eq!(found(&honest), None, "{name}");
    }
}

#[test]
fn a_retracted_low_is_no_low_any_more_and_its_neighbours_are_one_run_again() {
    let (all, now) = runs(&[(20, 100_00), (1, 9_99), (20, 100_00)]);
    let kept = without(&all, &[all[1].from]);
    assert_eq!(kept.len(), 1);
    assert_eq!((kept[0].from, kept[0].last_seen, kept[0].checks), (all[0].from, all[2].last_seen, 18));
    assert_eq!(statistics(&kept, at(0), now).lowest.unwrap().price, eur(100_00));
    let row = corrected(&kept);
    assert_eq!((row.price, row.recent), (Some(eur(100_00)), vec![RecentPrice { from: all[0].from, minor: 100_00 }]));
}

#[test]
fn an_outage_between_equal_prices_stays_two_runs() {
    let (mut all, _) = runs(&[(20, 100_00), (20, 100_00), (1, 9_99)]);
    all[1].from = all[1].from.plus_micros(5 * DAY);
    assert_eq!(without(&all, &[all[2].from]).len(), 2);
}

#[test]
fn when_everything_is_retracted_nothing_is_known() {
    let (all, _) = runs(&[(1, 9_99)]);
    let row = corrected(&without(&all, &[all[0].from]));
    assert_eq!((row.price, row.run_from, row.last_ok_at, row.recent.len()), (None, None, None, 0));
}

#[test]
fn who_was_told_the_wrong_price_is_armed_again() {
    let wrong = eur(9_99);
    let owed = |met| Some(Owed { met, since: at(0) });
    let told = Memory {
        reference: Some(wrong),
        alert: Alert::Fired { price: wrong },
        told_at: Some(at(1)),
        owed: owed(vec![Met::AnyFall { from: eur(100_00) }]),
    };
    let after = forget(&told, wrong, Some(eur(100_00)));
    assert_eq!((after.alert, after.reference, after.told_at, after.owed), (Alert::Armed, Some(eur(100_00)), Some(at(1)), None));
    let other = Memory {
        reference: Some(eur(95_00)),
        alert: Alert::Fired { price: eur(95_00) },
        told_at: Some(at(1)),
        owed: owed(vec![Met::BackInStock]),
    };
    assert_eq!(forget(&other, wrong, Some(eur(100_00))), other);
}

/// Histories of up to a year and a half in runs of hours to weeks.
fn histories() -> impl Strategy<Value = Vec<(i64, i64)>> {
    let price = prop_oneof![prop::sample::select(vec![80_i64, 100, 120, -90]), 50_i64..200];
    prop::collection::vec((1_i64..600, price), 1..25)
}

proptest! {
    #[test]
    fn the_verdict_agrees_with_asking_the_price_of_each_hour(hours in histories()) {
        let (runs, now) = runs_of_hours(&hours);
        let found = verdict(&runs, now);
        let each: Vec<i64> = hours.iter().flat_map(|(lasted, price)| vec![*price; *lasted as usize]).collect();
        let price = *each.last().unwrap();
        if price < 0 {
            prop_assert_eq!(found, None);
            return Ok(());
        }
        let found = found.unwrap();
        let known: Vec<i64> = each.iter().copied().skip_while(|price| *price < 0).collect();
        let window = |days: i64| -> Vec<i64> {
            known.iter().rev().take((days * 24) as usize).copied().filter(|price| *price > 0).collect()
        };
        let half = window(180);
        let share = |is: &dyn Fn(&i64) -> bool| half.iter().filter(|price| is(price)).count() as i64 * 10_000 / half.len() as i64;
        prop_assert_eq!(found.was_higher, share(&|there| *there > price));
        prop_assert_eq!(found.was_lower, share(&|there| *there < price));
        prop_assert_eq!(found.days, (known.len() as i64 / 24).min(180));
        for (days, against) in [30, 90, 365].into_iter().zip(found.against) {
            prop_assert_eq!(against.is_some(), known.len() as i64 >= days * 12);
            let Some(against) = against else { continue };
            let mut sorted = window(days);
            sorted.sort_unstable();
            prop_assert_eq!((against.median, against.low), (eur(sorted[(sorted.len() - 1) / 2]), eur(sorted[0])));
        }
        let lower = each.iter().rposition(|there| *there > 0 && *there < price).map(|hour| at(hour as i64 + 1));
        prop_assert_eq!(found.lower_until, lower);
        prop_assert_eq!(found.advice == Advice::TooLittleHistory, known.len() < 14 * 24);
        prop_assert!(!sentence(&found, Locale::default()).is_empty());
    }

    #[test]
    fn a_retracted_point_leaves_no_trace(hours in histories(), wrong in 0_usize..25, price in 1_i64..20) {
        // The same history once with a wrong point in the middle of a run, taken back, and once without it.
        let index = wrong % hours.len();
        prop_assume!(hours[index].0 >= 3);
        let (clean, now) = runs_of_hours(&hours);
        let mut broken = hours.clone();
        broken[index].0 = 1;
        broken.insert(index + 1, (1, price));
        broken.insert(index + 2, (hours[index].0 - 2, hours[index].1));
        let (broken, _) = runs_of_hours(&broken);
        let kept = without(&broken, &[broken[index + 1].from]);
        prop_assert_eq!(statistics(&kept, at(0), now), statistics(&clean, at(0), now));
        prop_assert_eq!(verdict(&kept, now), verdict(&clean, now));
        let (kept, clean) = (corrected(&kept), corrected(&clean));
        prop_assert_eq!((kept.price, kept.previous_price, kept.run_from, kept.recent), (clean.price, clean.previous_price, clean.run_from, clean.recent));
    }

    #[test]
    fn retracting_twice_changes_nothing_more(hours in histories(), wrong in 0_usize..25) {
        let (all, _) = runs_of_hours(&hours);
        let wrong = [all[wrong % all.len()].from];
        let once = without(&all, &wrong);
        prop_assert_eq!(without(&once, &wrong), once);
    }

    #[test]
    fn no_history_breaks_the_search_for_fake_discounts(hours in histories(), list in prop::option::of(1_i64..500)) {
        let (runs, now) = runs_of_hours(&hours);
        let found = fake_discount(&runs, list.map(eur), now);
        if let Some(FakeDiscount::NeverCharged { list, highest, .. }) = found {
            prop_assert!(highest < list);
        }
    }
}
