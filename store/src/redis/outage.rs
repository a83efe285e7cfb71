//! Whether Redis answers, as far as is known: who needs it does not wait for it again and again.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// After a failure nobody asks for so long; then one request tries.
const PAUSE: Duration = Duration::from_millis(500);

static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

/// What is known about an outage.
#[derive(Debug, Default)]
pub(super) struct Outage {
    lasts: AtomicBool,
    /// When the next request may try, in microseconds since the start.
    next_try: AtomicU64,
}

impl Outage {
    /// Whether a request is worth its time: always while Redis answers, and one request a pause while it does not.
    pub(super) fn may_ask(&self) -> bool {
        if !self.lasts.load(Ordering::Acquire) {
            return true;
        }
        let (now, next) = (now(), self.next_try.load(Ordering::Acquire));
        now >= next && self.next_try.compare_exchange(next, after_pause(now), Ordering::AcqRel, Ordering::Acquire).is_ok()
    }

    /// Redis did not do what it was asked for. True if this is news.
    pub(super) fn begins(&self) -> bool {
        self.next_try.store(after_pause(now()), Ordering::Release);
        !self.lasts.swap(true, Ordering::AcqRel)
    }

    /// Redis did what it was asked for. True if this is news.
    pub(super) fn ends(&self) -> bool {
        self.lasts.load(Ordering::Acquire) && self.lasts.swap(false, Ordering::AcqRel)
    }

    pub(super) fn lasts(&self) -> bool {
        self.lasts.load(Ordering::Acquire)
    }
}

fn now() -> u64 {
    u64::try_from(STARTED.elapsed().as_micros()).unwrap_or(u64::MAX)
}

fn after_pause(now: u64) -> u64 {
    now.saturating_add(u64::try_from(PAUSE.as_micros()).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_request_at_a_time_tries_while_nobody_answers() {
        let outage = Outage::default();
        assert!(outage.may_ask() && outage.may_ask());
        assert!(outage.begins() && !outage.begins(), "news once");
        assert!(!outage.may_ask(), "within the pause");
        outage.next_try.store(0, Ordering::Release);
        assert!(outage.may_ask() && !outage.may_ask(), "one tries, the others go on without");
        assert!(outage.ends() && !outage.ends());
        assert!(outage.may_ask() && outage.may_ask());
    }
}
