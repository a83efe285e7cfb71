//! All rules together: each as a table, the state machine as stories, and both against a walk over the whole history.
#![cfg(test)]

mod rules_slowly;

use domain::history::PriceRun;
use domain::rules::{
    AverageOf, BelowAverage, Cap, Hold, Keys, Memory, Met, MetRule, Occasion, Outcome, Past, RuleSet, Standing, Step, keys, past,
    step, touches,
};
use domain::time::{DAY, HOUR, MINUTE};
use domain::tracking::{Alert, DropBasisPoints, Rules, TargetPrice};
use domain::{Availability, Currency, EventId, Money, Platform, PriceEvent, ProductId, Timestamp};
use proptest::prelude::*;
use rules_slowly::{Wish, slowly};

/// The unit of time in stories: three are an hour, 72 a day.
const TICK: i64 = 20 * MINUTE;
const DAY_TICKS: i64 = DAY / TICK;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("USD").unwrap())
}

fn at(tick: i64) -> Timestamp {
    Timestamp::from_micros(1_000 * DAY + tick * TICK)
}

fn percent(points: u32) -> Option<DropBasisPoints> {
    DropBasisPoints::new(points)
}

fn target(text: &str) -> Option<TargetPrice> {
    Some(TargetPrice::new(text, Currency::from_code("USD")).unwrap())
}

fn stock(buyable: bool) -> Availability {
    if buyable { Availability::InStock } else { Availability::OutOfStock }
}

/// An event: from price and stock to price and stock.
fn event(tick: i64, old: Option<(i64, bool)>, new: (i64, bool)) -> PriceEvent {
    let product = ProductId::derive(&Platform::AMAZON, "amazon.com:B000000001");
    PriceEvent {
        id: EventId::derive(product, at(tick)),
        product_id: product,
        at: at(tick),
        old_price: old.map(|(price, _)| usd(price)),
        new_price: Some(usd(new.0)),
        old_availability: old.map_or(Availability::Unknown, |(_, buyable)| stock(buyable)),
        new_availability: stock(new.1),
    }
}

const STANDING: Standing = Standing { active: true, snoozed_until: None, rules_changed_at: Timestamp::EPOCH, cap: None };

/// The runs of a history without gaps: each lasts until the next begins.
fn runs(history: &[(i64, i64, bool)]) -> Vec<PriceRun> {
    let last = history.last().map_or(0, |(tick, _, _)| *tick);
    let ends = history.iter().skip(1).map(|(tick, _, _)| *tick).chain([last]);
    let run = |((from, price, buyable), end): (&(i64, i64, bool), i64)| PriceRun {
        from: at(*from),
        last_seen: at(end),
        checks: 10,
        price: Some(usd(*price)),
        availability: stock(*buyable),
    };
    history.iter().zip(ends).map(run).collect()
}

/// What was told, and when, as a tracking goes through a history; held alerts are looked at again when their time has come.
fn told(rules: &RuleSet, history: &[(i64, i64, bool)]) -> Vec<(i64, Vec<MetRule>)> {
    let mut told = Vec::new();
    let mut memory = Memory::default();
    let mut revisit: Option<Timestamp> = None;
    let runs = runs(history);
    let mut last: Option<PriceEvent> = None;
    let mut note = |tick: i64, step: Step, memory: &mut Memory, revisit: &mut Option<Timestamp>| {
        if let Outcome::Tell(met) = &step.outcome {
            told.push((tick, met.iter().map(Met::rule).collect()));
        }
        *memory = step.memory;
        *revisit = step.revisit_at;
    };
    for (index, &(tick, price, buyable)) in history.iter().enumerate() {
        if let (Some(due), Some(event)) = (revisit.filter(|due| *due <= at(tick)), &last) {
            let past = past(&runs, event.at, usd(0).currency);
            let then = (due.micros_since(at(0))) / TICK;
            let after = step(rules, STANDING, &memory, event, &past, Occasion::Revisit, due);
            note(then, after, &mut memory, &mut revisit);
        }
        let old = index.checked_sub(1).map(|before| (history[before].1, history[before].2));
        let here = event(tick, old, (price, buyable));
        let past = past(&runs, here.at, usd(0).currency);
        let after = step(rules, STANDING, &memory, &here, &past, Occasion::Event, here.at);
        note(tick, after, &mut memory, &mut revisit);
        last = Some(here);
    }
    told
}

/// One rule alone.
fn only(change: impl FnOnce(&mut RuleSet)) -> RuleSet {
    let mut rules = RuleSet::default();
    change(&mut rules);
    rules
}

/// A month and ten days at 100.00 but for one day at 95.00 in the middle, then the price of the case.
fn after_a_month(price: i64) -> Vec<(i64, i64, bool)> {
    vec![(0, 100_00, true), (20 * DAY_TICKS, 95_00, true), (21 * DAY_TICKS, 100_00, true), (40 * DAY_TICKS, price, true)]
}

#[test]
fn each_rule_at_its_edge() {
    let average =
        |points| only(|rules| rules.below_average = Some(BelowAverage { of: AverageOf::Days30, by: percent(points).unwrap() }));
    // The average of the last 30 of those days is (29 × 100 + 95) / 30 = 99.83.
    for (name, rules, met, missed) in [
        ("target", only(|rules| rules.target = target("90")), 90_00, 90_01),
        ("fall of 10 %", only(|rules| rules.fall = percent(1_000)), 90_00, 90_01),
        ("fall of 10 % from the start", only(|rules| rules.fall_from_start = percent(1_000)), 90_00, 90_01),
        ("any fall", only(|rules| rules.any_fall = true), 99_00, 99_01),
        ("lowest ever", only(|rules| rules.lowest_ever = true), 94_99, 95_00),
        ("lowest in 30 days", only(|rules| rules.lowest_in_30_days = true), 94_99, 95_00),
        ("10 % below the average", average(1_000), 89_84, 89_85),
    ] {
        let last = |price| told(&rules, &after_a_month(price)).iter().filter(|(tick, _)| *tick == 40 * DAY_TICKS).count();
        // The dip on the twentieth day may have been told, and its end armed the rule again.
        assert_eq!((last(met), last(missed)), (1, 0), "{name}");
    }
}

#[test]
fn every_rule_that_is_met_is_named_the_most_telling_first() {
    let rules = RuleSet {
        target: target("90"),
        fall: percent(500),
        fall_from_start: percent(500),
        any_fall: true,
        lowest_ever: true,
        lowest_in_30_days: true,
        below_average: Some(BelowAverage { of: AverageOf::Days30, by: percent(500).unwrap() }),
        back_in_stock: true,
    };
    let mut history = after_a_month(80_00);
    history[2].2 = false;
    let last = told(&rules, &history).pop().unwrap();
    use MetRule::{AnyFall, BackInStock, BelowAverage as Average, Fall, FallFromStart, LowestEver, LowestIn30Days, Target};
    let all = vec![Target, LowestEver, LowestIn30Days, Fall, FallFromStart, Average, AnyFall, BackInStock];
    assert_eq!(last, (40 * DAY_TICKS, all));
}

#[test]
fn a_rise_and_noise_meet_no_rule_but_the_target() {
    let rules = RuleSet {
        fall: percent(100),
        fall_from_start: percent(100),
        any_fall: true,
        lowest_ever: true,
        lowest_in_30_days: true,
        below_average: Some(BelowAverage { of: AverageOf::Days30, by: percent(100).unwrap() }),
        ..RuleSet::default()
    };
    for price in [99_01, 100_50, 300_00] {
        let last = told(&rules, &after_a_month(price)).iter().filter(|(tick, _)| *tick == 40 * DAY_TICKS).count();
        assert_eq!(last, 0, "{price}");
    }
    let mut below_target = after_a_month(99_50);
    below_target.remove(1);
    assert_eq!(told(&only(|rules| rules.target = target("99.50")), &below_target), [(40 * DAY_TICKS, vec![MetRule::Target])]);
}

#[test]
fn a_low_needs_a_history_and_a_tie_is_no_low() {
    let low = only(|rules| rules.lowest_ever = true);
    let month = only(|rules| rules.lowest_in_30_days = true);
    for (rules, days, told_at) in [(&low, 13, 0), (&low, 14, 1), (&month, 29, 0), (&month, 30, 1)] {
        assert_eq!(told(rules, &[(0, 100_00, true), (days * DAY_TICKS, 80_00, true)]).len(), told_at, "{days}");
    }
    let again = [(0, 80_00, true), (20 * DAY_TICKS, 100_00, true), (40 * DAY_TICKS, 80_00, true)];
    assert_eq!(told(&low, &again), []);
}

#[test]
fn the_price_in_force_when_the_thirty_days_begin_counts() {
    let month = only(|rules| rules.lowest_in_30_days = true);
    // 70.00 until 25 days ago: 75.00 is no discount. Until 35 days ago: it is.
    let until = |day| [(0, 70_00, true), (day * DAY_TICKS, 100_00, true), (60 * DAY_TICKS, 75_00, true)];
    assert_eq!(told(&month, &until(35)), []);
    assert_eq!(told(&month, &until(25)), [(60 * DAY_TICKS, vec![MetRule::LowestIn30Days])]);
}

#[test]
fn a_price_while_sold_out_is_no_low() {
    let low = only(|rules| rules.lowest_ever = true);
    let sold_out =
        [(0, 100_00, true), (10 * DAY_TICKS, 50_00, false), (11 * DAY_TICKS, 100_00, true), (30 * DAY_TICKS, 80_00, true)];
    assert_eq!(told(&low, &sold_out).pop(), Some((30 * DAY_TICKS, vec![MetRule::LowestEver])));
}

#[test]
fn ten_small_steps_are_a_fall_too() {
    let slide: Vec<_> = (0..12).map(|step| (step * DAY_TICKS, 100_00 - step * 50, true)).collect();
    // Half a per cent a step: the second is one per cent below the start, and 5 % lower than that comes much later.
    assert_eq!(told(&only(|rules| rules.any_fall = true), &slide), [(2 * DAY_TICKS, vec![MetRule::AnyFall])]);
    assert_eq!(
        told(&only(|rules| rules.fall_from_start = percent(500)), &slide),
        [(10 * DAY_TICKS, vec![MetRule::FallFromStart])]
    );
}

#[test]
fn stock_is_told_once_for_each_edge_at_whatever_price() {
    let rules = only(|rules| rules.back_in_stock = true);
    let history = [
        (0, 100_00, true),
        (10, 100_00, false),
        (20, 100_00, true),
        (30, 90_00, true),
        (40, 90_00, false),
        (41, 80_00, false),
        (50, 120_00, true),
    ];
    assert_eq!(told(&rules, &history), [(20, vec![MetRule::BackInStock]), (50, vec![MetRule::BackInStock])]);
    assert_eq!(told(&rules, &[(0, 100_00, true)]), [], "the first look at a product is no edge");
}

#[test]
fn an_edge_within_the_hour_is_told_when_it_is_over_if_it_still_holds() {
    let rules = only(|rules| rules.back_in_stock = true);
    let flapping = [(0, 100_00, false), (10, 100_00, true), (11, 100_00, false), (12, 100_00, true), (99, 50_00, true)];
    assert_eq!(told(&rules, &flapping), [(10, vec![MetRule::BackInStock]), (13, vec![MetRule::BackInStock])]);
    let gone = [
        (0, 100_00, false),
        (10, 100_00, true),
        (11, 100_00, false),
        (12, 100_00, true),
        (13, 100_00, false),
        (99, 100_00, false),
    ];
    assert_eq!(told(&rules, &gone).len(), 2, "at the thirteenth tick the hour is over before the shop sells out again");
}

#[test]
fn a_fall_that_was_held_is_told_later_and_one_that_was_undone_is_not() {
    let rules = RuleSet { fall: percent(1_000), back_in_stock: true, ..RuleSet::default() };
    let kept = [(0, 100_00, false), (10, 100_00, true), (11, 80_00, true), (99, 81_00, true)];
    assert_eq!(told(&rules, &kept), [(10, vec![MetRule::BackInStock]), (13, vec![MetRule::Fall])]);
    let undone = [(0, 100_00, false), (10, 100_00, true), (11, 80_00, true), (12, 99_00, true), (99, 99_00, true)];
    assert_eq!(told(&rules, &undone), [(10, vec![MetRule::BackInStock])]);
}

#[test]
fn a_fall_while_sold_out_is_told_when_it_can_be_bought() {
    let rules = only(|rules| rules.fall = percent(1_000));
    let history = [(0, 100_00, true), (10, 80_00, false), (20, 80_00, true)];
    assert_eq!(told(&rules, &history), [(20, vec![MetRule::Fall])]);
}

/// One step of an armed tracking with a target of 90.00 when the price falls from 100.00 to 80.00.
fn fallen(standing: Standing, memory: &Memory) -> Step {
    let rules = only(|rules| rules.target = target("90"));
    step(&rules, standing, memory, &event(0, Some((100_00, true)), (80_00, true)), &Past::default(), Occasion::Event, at(0))
}

#[test]
fn what_is_held_says_why_and_when_it_is_looked_at_again() {
    let armed = Memory { reference: Some(usd(100_00)), ..Memory::default() };
    let full = Cap { told_today: 5, most: 5, ends_at: at(30) };
    let told_before = Memory { told_at: Some(at(-1)), ..armed.clone() };
    for (standing, memory, hold, revisit_at) in [
        (Standing { active: false, ..STANDING }, &armed, Hold::Paused, None),
        (Standing { snoozed_until: Some(at(100)), ..STANDING }, &armed, Hold::Snoozed, Some(at(100))),
        (Standing { cap: Some(full), ..STANDING }, &armed, Hold::DailyCap, Some(at(30))),
        (STANDING, &told_before, Hold::OneAnHour, Some(at(2))),
        (Standing { active: false, cap: Some(full), ..STANDING }, &told_before, Hold::Paused, None),
    ] {
        let step = fallen(standing, memory);
        assert_eq!((step.outcome, step.revisit_at), (Outcome::Hold(hold), revisit_at));
        assert_eq!(
            (step.memory.alert, step.memory.told_at),
            (Alert::Armed, memory.told_at),
            "{hold:?}: what was held was not told"
        );
        assert_eq!(step.memory.owed.unwrap().met.len(), 1);
    }
    for standing in
        [Standing { snoozed_until: Some(at(0)), ..STANDING }, Standing { cap: Some(Cap { told_today: 4, ..full }), ..STANDING }]
    {
        assert!(matches!(fallen(standing, &armed).outcome, Outcome::Tell(_)));
    }
}

#[test]
fn a_clock_set_back_silences_a_tracking_for_an_hour_at_most() {
    let memory = Memory { told_at: Some(at(1_000_000)), ..Memory::default() };
    assert_eq!(fallen(STANDING, &memory).revisit_at, Some(at(0).plus_micros(HOUR)));
}

#[test]
fn changed_rules_are_looked_at_afresh() {
    let rules = only(|rules| rules.fall = percent(1_000));
    let snoozed = Standing { snoozed_until: Some(at(100)), ..STANDING };
    let fall = event(0, Some((100_00, true)), (80_00, true));
    let held = step(&rules, snoozed, &Memory::default(), &fall, &Past::default(), Occasion::Event, at(0));
    assert!(held.memory.owed.is_some());
    let changed = Standing { rules_changed_at: at(50), ..STANDING };
    let after = step(&rules, changed, &held.memory, &fall, &Past::default(), Occasion::Revisit, at(50));
    assert_eq!(after.outcome, Outcome::Nothing, "a fall is no state that a changed rule could meet");
    let to_target = only(|rules| rules.target = target("85"));
    let after = step(&to_target, changed, &held.memory, &fall, &Past::default(), Occasion::Revisit, at(50));
    assert!(matches!(&after.outcome, Outcome::Tell(met) if matches!(met[..], [Met::Target { already_met: true, .. }])));
}

#[test]
fn another_currency_meets_nothing_and_is_a_new_beginning() {
    let rules = RuleSet { target: target("90"), any_fall: true, ..RuleSet::default() };
    let mut pounds = event(0, Some((100_00, true)), (50_00, true));
    pounds.new_price = Some(Money::new(50_00, Currency::from_code("GBP").unwrap()));
    let memory = Memory { reference: Some(usd(100_00)), alert: Alert::Fired { price: usd(80_00) }, ..Memory::default() };
    let after = step(&rules, STANDING, &memory, &pounds, &Past::default(), Occasion::Event, at(0));
    assert_eq!((after.outcome, after.memory.alert, after.memory.reference), (Outcome::Nothing, Alert::Armed, pounds.new_price));
}

#[test]
fn the_rules_of_today_are_two_of_these() {
    let today = Rules { target: target("90"), drop: percent(700) };
    let rules = RuleSet::from(&today);
    assert_eq!((rules.fall, rules.fall_from_start, rules.any_fall), (percent(700), percent(700), false));
    assert!(rules.has_any() && !RuleSet::default().has_any());
    assert_eq!(serde_json::from_str::<RuleSet>("{}").unwrap(), RuleSet::default());
}

fn wishes() -> impl Strategy<Value = Wish> {
    let percent = || prop::option::of(100_u32..6_000);
    let average = prop::option::of((prop::sample::select(vec![AverageOf::Days30, AverageOf::Days90]), 100_u32..4_000));
    (prop::option::of(60_00_i64..110_00), percent(), percent(), any::<[bool; 4]>(), average).prop_map(
        |(target, fall, fall_from_start, [any_fall, lowest_ever, lowest_in_30_days, back_in_stock], average)| Wish {
            target,
            fall,
            fall_from_start,
            any_fall,
            lowest_ever,
            lowest_in_30_days,
            average: average.map(|(of, by)| (of.days(), by)),
            back_in_stock,
        },
    )
}

fn rules_of(wish: &Wish) -> RuleSet {
    let of = |days| AverageOf::ALL.into_iter().find(|of| of.days() == days).unwrap();
    RuleSet {
        target: wish.target.and_then(|cents| target(&usd(cents).to_decimal())),
        fall: wish.fall.and_then(percent),
        fall_from_start: wish.fall_from_start.and_then(percent),
        any_fall: wish.any_fall,
        lowest_ever: wish.lowest_ever,
        lowest_in_30_days: wish.lowest_in_30_days,
        below_average: wish.average.map(|(days, by)| BelowAverage { of: of(days), by: percent(by).unwrap() }),
        back_in_stock: wish.back_in_stock,
    }
}

/// Steps of minutes and of days, prices near each other and far, mostly in stock.
fn histories() -> impl Strategy<Value = Vec<(i64, i64, bool)>> {
    let pause = prop_oneof![1_i64..5, 1_i64..5, 50_i64..900];
    let price = prop_oneof![prop::sample::select(vec![80_00_i64, 90_00, 99_50, 100_00]), 50_00_i64..150_00];
    prop::collection::vec((pause, price, 0..5_u8), 1..30).prop_map(|steps| {
        let mut tick = 0;
        let mut history: Vec<(i64, i64, bool)> = Vec::new();
        for (pause, price, stock) in steps {
            let here = (price, stock > 0);
            // An event is a change.
            if history.last().is_none_or(|last| (last.1, last.2) != here) {
                tick += pause;
                history.push((tick, price, stock > 0));
            }
        }
        history
    })
}

proptest! {
    // More by `PROPTEST_CASES=10000000 cargo nextest run -p domain --release rules`.
    #[test]
    fn the_state_machine_agrees_with_a_walk_over_the_whole_history(wish in wishes(), history in histories()) {
        prop_assert_eq!(told(&rules_of(&wish), &history), slowly(&wish, &history));
    }

    #[test]
    fn an_event_outside_of_the_keys_changes_nothing(wish in wishes(), history in histories()) {
        let rules = rules_of(&wish);
        let runs = runs(&history);
        let mut memory = Memory::default();
        for (index, &(tick, price, buyable)) in history.iter().enumerate() {
            let old = index.checked_sub(1).map(|before| (history[before].1, history[before].2));
            let here = event(tick, old, (price, buyable));
            let past = past(&runs, here.at, usd(0).currency);
            let keys: Keys = keys(&rules, true, &memory);
            let after = step(&rules, STANDING, &memory, &here, &past, Occasion::Event, here.at);
            if !touches(&keys, &here, &past) && rules.has_any() {
                prop_assert_eq!(&after.outcome, &Outcome::Nothing);
                prop_assert_eq!(&after.memory, &memory);
            }
            memory = after.memory;
        }
    }

    #[test]
    fn never_two_messages_within_an_hour(wish in wishes(), history in histories()) {
        let told = told(&rules_of(&wish), &history);
        prop_assert!(told.windows(2).all(|pair| pair[1].0 - pair[0].0 >= 3));
    }

    #[test]
    fn deciding_twice_is_harmless(wish in wishes(), history in histories()) {
        let rules = rules_of(&wish);
        let (Some(&(tick, price, buyable)), Some(before)) = (history.last(), history.len().checked_sub(2)) else { return Ok(()) };
        let here = event(tick, Some((history[before].1, history[before].2)), (price, buyable));
        let past = past(&runs(&history), here.at, usd(0).currency);
        let once = step(&rules, STANDING, &Memory::default(), &here, &past, Occasion::Event, here.at);
        let again = step(&rules, STANDING, &once.memory, &here, &past, Occasion::Event, here.at);
        if let Outcome::Tell(_) = once.outcome {
            prop_assert!(!matches!(again.outcome, Outcome::Tell(_)), "the same event is not told twice");
        }
    }
}
