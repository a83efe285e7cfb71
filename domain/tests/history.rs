//! Statistics and chart steps of a history.
#![cfg(test)]

use domain::chart::{BandKind, steps};
use domain::history::{PriceRun, statistics};
use domain::time::DAY;
use domain::{Availability, Currency, Money, Timestamp};
use proptest::prelude::*;

fn usd(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("USD").unwrap())
}

fn day(days: i64) -> Timestamp {
    Timestamp::from_micros((1_000 + days) * DAY)
}

/// A run seen daily from one day to another.
fn run(from: i64, last_seen: i64, minor: i64) -> PriceRun {
    PriceRun {
        from: day(from),
        last_seen: day(last_seen),
        checks: u32::try_from(last_seen - from + 1).unwrap(),
        price: Some(usd(minor)),
        availability: Availability::InStock,
    }
}

#[test]
fn the_average_counts_time_not_changes() {
    // 9 days at 100, one day at 200: 110.
    let runs = [run(0, 9, 100), run(9, 10, 200)];
    let all = statistics(&runs, day(0), day(10));
    assert_eq!(all.average, Some(usd(110)));
    assert_eq!(all.current.map(|current| current.price), Some(usd(200)));
}

#[test]
fn the_price_in_force_when_the_window_opens_is_carried_in() {
    let runs = [run(0, 20, 100), run(20, 30, 300)];
    let month = statistics(&runs, day(15), day(30));
    assert_eq!(month.lowest.map(|low| low.price), Some(usd(100)));
    assert_eq!(month.average, Some(usd(233)));
}

#[test]
fn times_of_which_nothing_is_known_do_not_count() {
    let runs = [run(0, 1, 100), run(50, 51, 300)];
    assert_eq!(statistics(&runs, day(0), day(51)).average, Some(usd(200)));
}

#[test]
fn a_tie_is_no_new_low() {
    let runs = [run(0, 5, 100), run(5, 8, 150), run(8, 9, 100)];
    let all = statistics(&runs, day(0), day(9));
    assert_eq!(all.lowest.map(|low| low.at), Some(day(0)));
    assert_eq!(all.drops, 1);
}

#[test]
fn a_price_at_which_nobody_could_buy_is_no_low() {
    let mut sold_out = run(5, 9, 50);
    sold_out.availability = Availability::OutOfStock;
    let all = statistics(&[run(0, 5, 100), sold_out], day(0), day(9));
    assert_eq!((all.lowest.map(|low| low.price), all.average, all.drops), (Some(usd(100)), Some(usd(100)), 0));
}

#[test]
fn another_currency_is_another_series() {
    let mut pounds = run(0, 5, 1);
    pounds.price = Some(Money::new(1, Currency::from_code("GBP").unwrap()));
    let all = statistics(&[pounds, run(5, 9, 100)], day(0), day(9));
    assert_eq!(all.lowest.map(|low| low.price), Some(usd(100)));
}

#[test]
fn no_history_has_no_statistics() {
    assert_eq!(statistics(&[], day(0), day(9)), domain::Statistics::default());
    let once = statistics(&[run(3, 3, 100)], day(0), day(9));
    assert_eq!((once.average, once.drops), (Some(usd(100)), 0));
}

#[test]
fn the_line_breaks_where_nothing_was_checked_or_sold() {
    let mut sold_out = run(5, 8, 100);
    sold_out.availability = Availability::OutOfStock;
    let runs = [run(0, 5, 100), sold_out, run(8, 10, 90), run(20, 25, 80)];
    let chart = steps(&runs, day(0), day(25), 800);
    let line: Vec<_> = chart.steps.iter().map(|step| (step.at, step.minor)).collect();
    assert_eq!(line, [(day(0), Some(100)), (day(5), None), (day(8), Some(90)), (day(10), None), (day(20), Some(80))]);
    let bands: Vec<_> = chart.bands.iter().map(|band| (band.kind, band.from, band.to)).collect();
    assert_eq!(bands, [(BandKind::SoldOut, day(5), day(8)), (BandKind::NotChecked, day(10), day(20))]);
    assert_eq!(chart.last_seen, Some(day(25)));
}

fn histories() -> impl Strategy<Value = Vec<PriceRun>> {
    prop::collection::vec((0_i64..4, 1_i64..5, 1_i64..500, any::<bool>()), 1..60).prop_map(|parts| {
        let mut start = 0;
        parts
            .into_iter()
            .map(|(gap, length, minor, sold)| {
                start += gap;
                let mut run = run(start, start + length, minor);
                if sold && minor % 5 == 0 {
                    run.availability = Availability::OutOfStock;
                }
                start += length;
                run
            })
            .collect()
    })
}

/// The average as a sum over every quarter of a day in which a price was known.
fn slow_average(runs: &[PriceRun], to: Timestamp) -> Option<f64> {
    let quarter = DAY / 4;
    let mut prices = Vec::new();
    for (index, run) in runs.iter().enumerate() {
        let next = runs.get(index + 1).map(|next| next.from);
        let end = match next {
            Some(next) if next.micros_since(run.last_seen) <= 2 * DAY => next,
            _ => run.last_seen,
        };
        let mut at = run.from;
        while at < end.min(to) {
            let price = run.price.filter(|_| run.availability.is_buyable() != Some(false));
            prices.extend(price.map(|price| price.minor as f64));
            at = at.plus_micros(quarter);
        }
    }
    (!prices.is_empty()).then(|| prices.iter().sum::<f64>() / prices.len() as f64)
}

proptest! {
    #[test]
    fn the_average_agrees_with_a_sum_over_time(runs in histories()) {
        let end = runs.last().unwrap().last_seen;
        let fast = statistics(&runs, day(0), end).average.map(|average| average.minor as f64);
        let slow = slow_average(&runs, end);
        prop_assert_eq!(fast.is_some(), slow.is_some());
        let difference = fast.unwrap_or_default() - slow.unwrap_or_default();
        prop_assert!(difference.abs() <= 1.0, "{:?} against {:?}", fast, slow);
    }

    #[test]
    fn statistics_keep_their_order(runs in histories()) {
        let all = statistics(&runs, day(0), day(10_000));
        prop_assume!(all.average.is_some());
        let (low, high) = (all.lowest.unwrap().price.minor, all.highest.unwrap().price.minor);
        let average = all.average.unwrap().minor;
        prop_assert!(low <= average && average <= high);
    }

    #[test]
    fn thinning_loses_no_extreme_and_keeps_the_order(runs in histories(), points in 8_usize..80) {
        let end = runs.last().unwrap().last_seen;
        let all = steps(&runs, day(0), end, usize::MAX);
        let thinned = steps(&runs, day(0), end, points);
        let extremes = |steps: &[domain::chart::Step]| {
            let prices = || steps.iter().filter_map(|step| step.minor);
            (prices().min(), prices().max())
        };
        prop_assert_eq!(extremes(&all.steps), extremes(&thinned.steps));
        prop_assert!(thinned.steps.len() <= points.max(4) + 8, "{} of {}", thinned.steps.len(), points);
        prop_assert!(thinned.steps.windows(2).all(|pair| pair[0].at <= pair[1].at));
    }
}
