//! The health of a proxy as a whole: dead for every shop. How a shop likes it is the breaker's of its route.

use domain::Timestamp;
use domain::time::{HOUR, MINUTE, SECOND};

use crate::fetch::ProxyFault;

/// First and longest pause, doubled at each failure in a row. Wrong credentials do not mend themselves in seconds.
const DEAD: (i64, i64) = (30 * SECOND, 30 * MINUTE);
const REFUSED: (i64, i64) = (5 * MINUTE, 6 * HOUR);

/// What is known of a proxy that failed; one that works has none.
#[derive(Clone, Debug, Default)]
pub(super) struct Health {
    failures: u32,
    paused_until: Option<Timestamp>,
    fault: Option<ProxyFault>,
}

/// The health of a proxy, for people.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProxyHealth {
    /// Failures in a row, each after a longer pause.
    pub failures: u32,
    /// Until when it is left alone. A request then shows whether it works again.
    pub paused_until: Option<Timestamp>,
    /// What was wrong the last time.
    pub problem: Option<String>,
}

impl Health {
    pub(super) fn paused_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.paused_until.filter(|until| *until > now)
    }

    pub(super) fn was_paused(&self) -> bool {
        self.paused_until.is_some()
    }

    /// Notes a failure; until when it is paused, if this failure began the pause. Requests that were under way together are one.
    pub(super) fn failed(&mut self, fault: ProxyFault, now: Timestamp) -> Option<Timestamp> {
        if self.paused_until(now).is_some() {
            return None;
        }
        let (first, longest) = match fault {
            ProxyFault::Credentials => REFUSED,
            ProxyFault::Unreachable | ProxyFault::Lost | ProxyFault::NoProxy | ProxyFault::NoWay => DEAD,
        };
        let pause = first.saturating_mul(1 << self.failures.min(20)).min(longest);
        self.failures += 1;
        self.fault = Some(fault);
        self.paused_until = Some(now.plus_micros(pause));
        self.paused_until
    }

    pub(super) fn shown(&self, now: Timestamp) -> ProxyHealth {
        ProxyHealth {
            failures: self.failures,
            paused_until: self.paused_until(now),
            problem: self.fault.map(|fault| fault.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND)
    }

    #[test]
    fn pauses_grow_and_failures_under_way_together_are_one() {
        let mut health = Health::default();
        assert_eq!(health.failed(ProxyFault::Unreachable, at(0)), Some(at(30)));
        assert_eq!(health.failed(ProxyFault::Unreachable, at(1)), None);
        assert_eq!(health.paused_until(at(30)), None, "the next request is its probe");
        assert_eq!(health.failed(ProxyFault::Unreachable, at(30)), Some(at(90)));
        let mut now = at(90);
        for _ in 0..20 {
            now = health.failed(ProxyFault::Lost, now).unwrap();
        }
        assert_eq!(health.failed(ProxyFault::Lost, now).unwrap().micros_since(now), 30 * MINUTE);
    }

    #[test]
    fn wrong_credentials_are_tried_again_less_often() {
        assert_eq!(Health::default().failed(ProxyFault::Credentials, at(0)), Some(at(300)));
    }
}
