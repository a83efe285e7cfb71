//! The simulation itself: the same seed gives the same world, and the goal holds in a small one.

use super::model::{Model, Shelf};
use super::report::{Pair, report, sensitivity};
use super::run::{Scheduler, run};
use super::tally::Delays;
use domain::time::{DAY, HOUR, SECOND};

fn small() -> Model {
    Model::usual(4_000, 20, 7)
}

#[test]
fn at_the_same_budget_falls_are_noticed_in_less_than_two_thirds_of_the_time() {
    // Four thousand products are a small world, in which luck plays its part; the goal of half is for the table of 100,000.
    let pair = Pair::run(&small(), 1.0);
    assert!((pair.cost() - 1.0).abs() < 0.01, "checks: {}", pair.cost());
    assert!(pair.ratio() < 0.667, "ratio: {}", pair.ratio());
    assert!(pair.next_check.falls.missed() < pair.tiers.falls.missed());
}

#[test]
fn with_twice_the_budget_the_promise_is_kept_to_the_letter() {
    let tally = run(&small(), Scheduler::NextCheck(2.2));
    assert!(tally.longest <= 1.0, "{}", tally.longest);
}

#[test]
fn the_same_seed_gives_the_same_world() {
    let falls = |seed| run(&Model::usual(300, 10, seed), Scheduler::Tiers(1.0)).falls;
    assert_eq!((falls(1).falls, falls(1).mean()), (falls(1).falls, falls(1).mean()));
    assert_ne!(falls(1).mean(), falls(2).mean());
}

#[test]
fn what_happens_on_the_shelf_does_not_depend_on_how_often_one_looks() {
    let model = small();
    let history = |step: i64| {
        let mut shelf = Shelf::new(&model, 3);
        let mut seen = Vec::new();
        for at in (0..60 * DAY).step_by(usize::try_from(step).unwrap()) {
            shelf.advance(&model, at, |at, price| seen.push((at, price)));
        }
        shelf.advance(&model, 60 * DAY, |at, price| seen.push((at, price)));
        seen
    };
    assert_eq!(history(HOUR), history(7 * DAY));
    assert!(!history(HOUR).is_empty());
}

#[test]
fn delays_are_counted_for_each_person() {
    let mut delays = Delays::default();
    delays.add(10 * SECOND, 1, true);
    delays.add(100 * SECOND, 3, false);
    assert_eq!(delays.mean(), 77.5 * SECOND as f64);
    assert_eq!(delays.missed(), 0.25);
    assert!((delays.quantile(0.5) / (100.0 * SECOND as f64) - 1.0).abs() < 0.02);
    assert!((delays.quantile(0.25) / (10.0 * SECOND as f64) - 1.0).abs() < 0.02);
}

#[test]
fn the_report_has_its_tables() {
    let mut text = String::new();
    let tiny = Model { products: 200, days: 2, warm_up_days: 2, ..small() };
    report(&tiny, &mut text).unwrap();
    sensitivity(&tiny, &mut text).unwrap();
    for words in ["checks a day", "mean delay", "other budgets", "other worlds", "over 1,000"] {
        assert!(text.contains(words), "{words} in\n{text}");
    }
}
