//! Counts and times of the straight path since the process began, in Prometheus' text format.
//!
//! They belong to the process, as what Prometheus asks is a process: the one place where there is a global besides the clock.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// A part of the straight path. Pages that are read while they come in count as fetched; what is left to read then, as extracted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stage {
    /// Asking the database for what is due.
    Claim,
    /// From the request to the last byte that was wanted.
    Fetch,
    /// From bytes to a reading.
    Extract,
    /// Writing a batch of checks.
    Record,
    /// Writing a page of an event's fan-out.
    FanOut,
    /// Handing over one message.
    Deliver,
}

/// What is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Count {
    /// Checks that were recorded, by outcome.
    Checks,
    /// Attempts to deliver a message, by how they ended.
    Deliveries,
    /// Notifications that were written.
    Notifications,
    /// Products that got no permit.
    Refused,
}

const STAGES: [&str; 6] = ["claim", "fetch", "extract", "record", "fan_out", "deliver"];
const COUNTS: [(&str, &str); 4] = [
    ("plummet_checks_total", "outcome"),
    ("plummet_deliveries_total", "outcome"),
    ("plummet_notifications_total", "kind"),
    ("plummet_permits_refused_total", "kind"),
];

#[derive(Debug)]
struct Timing {
    micros: AtomicU64,
    times: AtomicU64,
}

static TIMINGS: [Timing; STAGES.len()] = [const { Timing { micros: AtomicU64::new(0), times: AtomicU64::new(0) } }; STAGES.len()];
static COUNTED: Mutex<BTreeMap<(usize, &'static str), u64>> = Mutex::new(BTreeMap::new());

/// Notes how long a stage took once.
pub(crate) fn took(stage: Stage, time: Duration) {
    let timing = &TIMINGS[stage as usize];
    timing.micros.fetch_add(u64::try_from(time.as_micros()).unwrap_or(0), Ordering::Relaxed);
    timing.times.fetch_add(1, Ordering::Relaxed);
}

/// Runs a stage and notes how long it took.
pub(crate) async fn timed<T>(stage: Stage, work: impl Future<Output = T>) -> T {
    let begun = Instant::now();
    let done = work.await;
    took(stage, begun.elapsed());
    done
}

/// Counts `more` of a kind.
pub(crate) fn count(what: Count, kind: &'static str, more: usize) {
    let mut counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    *counted.entry((what as usize, kind)).or_default() += u64::try_from(more).unwrap_or(0);
}

/// All of it, with some values of this moment.
pub(crate) fn text(now: &[(&str, usize)]) -> String {
    let mut text = String::from("# TYPE plummet_stage_seconds summary\n");
    for (stage, timing) in STAGES.iter().zip(&TIMINGS) {
        let (micros, times) = (timing.micros.load(Ordering::Relaxed), timing.times.load(Ordering::Relaxed));
        let seconds = Duration::from_micros(micros).as_secs_f64();
        let _ = writeln!(text, "plummet_stage_seconds_sum{{stage=\"{stage}\"}} {seconds}");
        let _ = writeln!(text, "plummet_stage_seconds_count{{stage=\"{stage}\"}} {times}");
    }
    let counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    for (index, (name, label)) in COUNTS.iter().enumerate() {
        let _ = writeln!(text, "# TYPE {name} counter");
        for ((_, kind), value) in counted.iter().filter(|((of, _), _)| *of == index) {
            let _ = writeln!(text, "{name}{{{label}=\"{kind}\"}} {value}");
        }
    }
    for (name, value) in now {
        let _ = writeln!(text, "# TYPE plummet_{name} gauge\nplummet_{name} {value}");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_counted_and_timed_is_told() {
        count(Count::Checks, "a test's outcome", 2);
        count(Count::Checks, "a test's outcome", 1);
        took(Stage::Claim, Duration::from_millis(1_500));
        let text = text(&[("held_products", 7)]);
        assert!(text.contains("plummet_checks_total{outcome=\"a test's outcome\"} 3\n"), "{text}");
        assert!(text.contains("plummet_held_products 7\n"), "{text}");
        let sum = text.lines().find_map(|line| line.strip_prefix("plummet_stage_seconds_sum{stage=\"claim\"} ")).unwrap();
        assert!(sum.parse::<f64>().unwrap() >= 1.5, "{text}");
        for line in text.lines() {
            assert!(line.starts_with("# TYPE plummet_") || line.rsplit_once(' ').unwrap().1.parse::<f64>().is_ok(), "{line}");
        }
    }
}
