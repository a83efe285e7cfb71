//! Windows of histories. What is kept begins at a round time, so that a page that is opened again finds it; what was asked for is
//! cut out of it.

use domain::Timestamp;
use domain::history::PriceRun;
use domain::time::{DAY, HOUR};

/// The round time at or before the beginning of a window of a history.
pub(super) fn hour_of(from: Timestamp) -> Timestamp {
    round_down(from, HOUR)
}

/// The round time at or before the beginning of a sparkline.
pub(super) fn day_of(from: Timestamp) -> Timestamp {
    round_down(from, DAY)
}

fn round_down(from: Timestamp, unit: i64) -> Timestamp {
    Timestamp::from_micros(from.as_micros().div_euclid(unit).saturating_mul(unit))
}

/// The runs that touch a window: from the one in force when it opens, to those that begin in it. As the engines find them.
pub(super) fn window(mut runs: Vec<PriceRun>, from: Timestamp, to: Timestamp) -> Vec<PriceRun> {
    runs.retain(|run| run.from <= to);
    let in_force = runs.iter().rposition(|run| run.from <= from).unwrap_or(0);
    runs.drain(..in_force);
    runs
}

#[cfg(test)]
mod tests {
    use domain::Availability;

    use super::*;

    fn at(minute: i64) -> Timestamp {
        Timestamp::from_micros(minute * domain::time::MINUTE)
    }

    #[test]
    fn a_window_is_cut_out_as_the_engines_do_it() {
        let run = |minute| PriceRun {
            from: at(minute),
            last_seen: at(minute),
            checks: 1,
            price: None,
            availability: Availability::InStock,
        };
        let runs: Vec<_> = [10, 20, 30].into_iter().map(run).collect();
        for (from, to, expect) in [
            (0, 99, vec![10, 20, 30]),
            (10, 99, vec![10, 20, 30]),
            (11, 99, vec![10, 20, 30]),
            (20, 99, vec![20, 30]),
            (25, 99, vec![20, 30]),
            (50, 99, vec![30]),
            (25, 26, vec![20]),
            (0, 9, vec![]),
            (0, 29, vec![10, 20]),
        ] {
            let found: Vec<_> = window(runs.clone(), at(from), at(to)).iter().map(|run| run.from).collect();
            assert_eq!(found, expect.into_iter().map(at).collect::<Vec<_>>(), "{from} to {to}");
        }
        assert_eq!(hour_of(at(61)), at(60));
        assert_eq!(day_of(at(-1)), at(-24 * 60));
        assert_eq!(hour_of(Timestamp::EPOCH), Timestamp::EPOCH);
    }
}
