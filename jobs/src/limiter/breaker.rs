//! The circuit breaker of a route: closed after blocks and outages for growing pauses, then opened by one probe.

use std::sync::Arc;

use domain::Timestamp;
use domain::time::{DAY, HOUR, MINUTE, SECOND};

use super::{RouteState, Signal};

/// Requests in a row without an answer until the route is paused: one broken page is no outage.
pub(super) const OUTAGE: u32 = 5;
/// How long a probe may take before another is let through.
pub(super) const PROBE: i64 = 60 * SECOND;
/// Longest time that a shop's `Retry-After` is followed.
pub(super) const MAX_RETRY_AFTER: i64 = DAY;

/// First and longest pause, doubled at each trip in a row.
pub(super) const BLOCKED: (i64, i64) = (10 * MINUTE, 6 * HOUR);
pub(super) const RATE_LIMITED: (i64, i64) = (MINUTE, HOUR);
pub(super) const NO_ANSWER: (i64, i64) = (30 * SECOND, 30 * MINUTE);

/// How many requests a route lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Gate {
    /// As many as the budget allows.
    Open,
    /// One, to see whether the shop answers again.
    Probe,
    /// None before then.
    Closed(Timestamp),
}

/// The breaker of one route.
#[derive(Clone, Debug, Default)]
pub(super) struct Breaker {
    unanswered: u32,
    trips: u32,
    closed_until: Option<Timestamp>,
    probe_until: Option<Timestamp>,
}

impl Breaker {
    pub(super) fn gate(&self, now: Timestamp) -> Gate {
        match (self.closed_until, self.probe_until) {
            (None, _) => Gate::Open,
            (Some(until), _) if now < until => Gate::Closed(until),
            (Some(_), Some(until)) if now < until => Gate::Closed(until),
            (Some(_), _) => Gate::Probe,
        }
    }

    pub(super) fn begin_probe(&mut self, now: Timestamp) {
        self.probe_until = Some(now.plus_micros(PROBE));
    }

    pub(super) fn report(&mut self, signal: Signal, now: Timestamp) -> Option<Timestamp> {
        match signal {
            // An answer to a request that was sent before the route was closed does not open it.
            Signal::Answered if self.is_closed(now) => {}
            Signal::Answered => *self = Breaker::default(),
            Signal::Blocked => self.trip(BLOCKED, None, now),
            Signal::RateLimited(retry_at) => self.trip(RATE_LIMITED, retry_at, now),
            Signal::NoAnswer => {
                self.unanswered += 1;
                if self.unanswered >= OUTAGE || self.closed_until.is_some() {
                    self.trip(NO_ANSWER, None, now);
                }
            }
        }
        self.closed_until.filter(|until| *until > now)
    }

    pub(super) fn state(&self, key: Arc<str>) -> RouteState {
        RouteState { key, closed_until: self.closed_until, trips: self.trips, unanswered: self.unanswered }
    }

    fn is_closed(&self, now: Timestamp) -> bool {
        self.closed_until.is_some_and(|until| now < until)
    }

    fn trip(&mut self, (first, longest): (i64, i64), retry_at: Option<Timestamp>, now: Timestamp) {
        let asked = retry_at.map(|at| at.min(now.plus_micros(MAX_RETRY_AFTER)));
        // Several requests that were under way together are one block.
        if self.is_closed(now) {
            self.closed_until = self.closed_until.max(asked);
            return;
        }
        let pause = first.saturating_mul(1 << self.trips.min(20)).min(longest);
        self.trips += 1;
        self.probe_until = None;
        self.closed_until = Some(asked.unwrap_or_else(|| now.plus_micros(pause)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND)
    }

    #[test]
    fn pauses_grow_and_one_good_answer_ends_them() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.report(Signal::Blocked, at(0)), Some(at(600)));
        assert_eq!(breaker.report(Signal::Blocked, at(1)), Some(at(600)), "under way together");
        assert_eq!(breaker.gate(at(599)), Gate::Closed(at(600)));
        assert_eq!(breaker.gate(at(600)), Gate::Probe);
        breaker.begin_probe(at(600));
        assert_eq!(breaker.gate(at(601)), Gate::Closed(at(660)), "one probe at a time");
        assert_eq!(breaker.report(Signal::Blocked, at(601)), Some(at(601 + 1200)));
        assert_eq!(breaker.gate(at(1801)), Gate::Probe);
        assert_eq!(breaker.report(Signal::Answered, at(1802)), None);
        assert_eq!(breaker.gate(at(1802)), Gate::Open);
        assert_eq!(breaker.report(Signal::Blocked, at(2000)), Some(at(2600)), "begins anew");
    }

    #[test]
    fn an_outage_is_five_in_a_row_and_one_broken_page_is_none() {
        let mut breaker = Breaker::default();
        for second in 0..4 {
            assert_eq!(breaker.report(Signal::NoAnswer, at(second)), None);
        }
        breaker.report(Signal::Answered, at(4));
        for second in 5..9 {
            assert_eq!(breaker.report(Signal::NoAnswer, at(second)), None);
        }
        assert_eq!(breaker.report(Signal::NoAnswer, at(9)), Some(at(39)));
        assert_eq!(breaker.report(Signal::NoAnswer, at(40)), Some(at(100)), "the probe failed");
    }

    #[test]
    fn retry_after_is_followed_within_a_day() {
        let mut breaker = Breaker::default();
        assert_eq!(breaker.report(Signal::RateLimited(Some(at(90))), at(0)), Some(at(90)));
        let mut breaker = Breaker::default();
        assert_eq!(breaker.report(Signal::RateLimited(Some(at(9_000_000))), at(0)), Some(at(86_400)));
        let mut breaker = Breaker::default();
        assert_eq!(breaker.report(Signal::RateLimited(None), at(0)), Some(at(60)));
    }
}
