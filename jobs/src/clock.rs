//! The one place where the time of day is read.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use domain::Timestamp;

/// What [`Clock::elapsed`] of the system's clock counts from.
static STARTED: LazyLock<Instant> = LazyLock::new(Instant::now);

/// The system's clock, or one that a test moves.
#[derive(Clone, Debug, Default)]
pub enum Clock {
    /// The time of day.
    #[default]
    System,
    /// Microseconds since 1970 that only a test changes.
    Fixed(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands at `at` until it is moved.
    pub fn fixed(at: Timestamp) -> Self {
        Clock::Fixed(Arc::new(AtomicI64::new(at.as_micros())))
    }

    /// The time now.
    pub fn now(&self) -> Timestamp {
        match self {
            Clock::System => {
                let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
                Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
            }
            Clock::Fixed(micros) => Timestamp::from_micros(micros.load(Ordering::SeqCst)),
        }
    }

    /// Time that has passed since some moment; the system's never goes back, whatever is done to the time of day.
    pub fn elapsed(&self) -> Duration {
        match self {
            Clock::System => STARTED.elapsed(),
            Clock::Fixed(micros) => Duration::from_micros(u64::try_from(micros.load(Ordering::SeqCst)).unwrap_or(0)),
        }
    }

    /// Moves a fixed clock on; the system's is left alone.
    pub fn advance(&self, micros: i64) {
        if let Clock::Fixed(at) = self {
            at.fetch_add(micros, Ordering::SeqCst);
        }
    }
}
