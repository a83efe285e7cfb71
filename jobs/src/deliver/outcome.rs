//! What attempts mean for a notification.

use domain::Timestamp;
use domain::time::{DAY, HOUR, SECOND};
use store::DeliveryOutcome;

use crate::notify::DeliveryError;

/// First and longest pause between attempts.
const PAUSES: (i64, i64) = (30 * SECOND, HOUR);
/// After this time a message is given up.
const GIVE_UP_AFTER: i64 = DAY;
/// Longest time that a peer's `Retry-After` is followed.
const MAX_RETRY_AFTER: i64 = 6 * HOUR;

/// How one way ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum WayEnd {
    /// The peer has it.
    Has,
    /// It was tried.
    Failed(DeliveryError),
    /// It was not tried: the way is closed or busy.
    Waits { until: Timestamp, reason: String },
}

/// How a notification ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum End {
    /// An attempt was made.
    Tried(DeliveryOutcome),
    /// None was made.
    Waits { until: Timestamp, reason: String },
}

/// What the ways' ends mean together. `since`: when it could have gone out first. Ways that have it are done; as long as one is
/// worth another try, the notification waits for it.
pub(super) fn outcome(ends: &[WayEnd], since: Timestamp, attempts: u32, now: Timestamp) -> End {
    let waits = ends.iter().find_map(|end| match end {
        WayEnd::Waits { until, reason } => Some((*until, reason.clone())),
        WayEnd::Has | WayEnd::Failed(_) => None,
    });
    let again = ends.iter().find_map(|end| match end {
        WayEnd::Failed(DeliveryError::Transient { why, at, .. }) => Some((why.clone(), *at)),
        WayEnd::Failed(DeliveryError::Permanent(_) | DeliveryError::Gone(_)) | WayEnd::Has | WayEnd::Waits { .. } => None,
    });
    if let Some((why, at)) = again {
        // The first attempt never is the last, however long the message had to wait for it.
        if attempts > 1 && now.micros_since(since) >= GIVE_UP_AFTER {
            let error = format!("given up after a day: {why}");
            return End::Tried(if ends.contains(&WayEnd::Has) {
                DeliveryOutcome::Sent
            } else {
                DeliveryOutcome::Failed { error }
            });
        }
        let asked = at.map(|at| at.min(now.plus_micros(MAX_RETRY_AFTER)));
        let at = now.plus_micros(pause(attempts)).max(asked.unwrap_or(now));
        return End::Tried(DeliveryOutcome::Retry { at, error: why });
    }
    if let Some((until, reason)) = waits {
        if now.micros_since(since) >= GIVE_UP_AFTER && !ends.contains(&WayEnd::Has) {
            return End::Tried(DeliveryOutcome::Failed { error: format!("given up after a day: {reason}") });
        }
        return End::Waits { until, reason };
    }
    if ends.contains(&WayEnd::Has) {
        return End::Tried(DeliveryOutcome::Sent);
    }
    let why = ends.iter().find_map(|end| match end {
        WayEnd::Failed(error) => Some(error.to_string()),
        WayEnd::Has | WayEnd::Waits { .. } => None,
    });
    End::Tried(DeliveryOutcome::Failed { error: why.unwrap_or_else(|| "there is nowhere to send it".into()) })
}

/// Doubled at each attempt, ±20 %: those that failed together do not come back together.
fn pause(attempts: u32) -> i64 {
    let (first, longest) = PAUSES;
    let pause = first.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(longest);
    pause - pause / 5 + rand::random_range(0..=2 * (pause / 5))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transient(at: Option<Timestamp>) -> WayEnd {
        WayEnd::Failed(DeliveryError::Transient { why: "no connection".into(), at, answered: false })
    }

    fn gone() -> WayEnd {
        WayEnd::Failed(DeliveryError::Gone("gone".into()))
    }

    #[test]
    fn pauses_double_from_half_a_minute_to_an_hour() {
        for (attempts, seconds) in [(1, 30), (2, 60), (3, 120), (8, 3_600), (30, 3_600), (0, 30)] {
            let expect = seconds * SECOND;
            for _ in 0..50 {
                let pause = pause(attempts);
                assert!((expect - expect / 5..=expect + expect / 5).contains(&pause), "{attempts}: {pause}");
            }
        }
    }

    #[test]
    fn what_cannot_be_sent_for_a_day_is_given_up_with_its_reason() {
        let made = Timestamp::EPOCH;
        let end = |attempts, after| outcome(&[transient(None)], made, attempts, made.plus_micros(after));
        assert!(matches!(end(9, DAY - 1), End::Tried(DeliveryOutcome::Retry { .. })));
        let gone = DeliveryOutcome::Failed { error: "given up after a day: no connection".into() };
        assert_eq!(end(30, DAY), End::Tried(gone));
        assert!(matches!(end(1, 2 * DAY), End::Tried(DeliveryOutcome::Retry { .. })), "a first attempt that came late");
    }

    #[test]
    fn a_peer_that_names_a_time_is_asked_then_within_reason() {
        let now = Timestamp::EPOCH;
        let at = |asked: i64| match outcome(&[transient(Some(now.plus_micros(asked)))], now, 1, now) {
            End::Tried(DeliveryOutcome::Retry { at, .. }) => at.micros_since(now),
            other => panic!("{other:?}"),
        };
        assert_eq!(at(2 * HOUR), 2 * HOUR);
        assert_eq!(at(9 * DAY), 6 * HOUR);
        assert!(at(1) >= 24 * SECOND);
    }

    #[test]
    fn several_ways_end_together() {
        let now = Timestamp::EPOCH;
        let end = |ends: &[WayEnd]| outcome(ends, now, 1, now);
        let waits = WayEnd::Waits { until: now.plus_micros(5), reason: "busy".into() };
        assert_eq!(end(&[WayEnd::Has, gone()]), End::Tried(DeliveryOutcome::Sent));
        assert_eq!(end(&[gone(), gone()]), End::Tried(DeliveryOutcome::Failed { error: "gone".into() }));
        assert!(matches!(end(&[WayEnd::Has, transient(None)]), End::Tried(DeliveryOutcome::Retry { .. })));
        assert_eq!(end(&[WayEnd::Has, waits]), End::Waits { until: now.plus_micros(5), reason: "busy".into() });
        assert!(matches!(end(&[]), End::Tried(DeliveryOutcome::Failed { .. })));
    }
}
