//! The limiter of a single process: GCRA by `governor`, one bucket a route.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use domain::time::HOUR;
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::breaker::{Breaker, Gate};
use super::{Grant, Limiter, Permit, Route, Signal};
use crate::clock::Clock;

/// How many requests may follow each other at once: a person who adds a few products is served without waiting.
const BURST: u32 = 4;
/// Routes that nobody used for an hour are forgotten when there are more than this.
const MANY_ROUTES: usize = 10_000;

type Bucket = RateLimiter<NotKeyed, InMemoryState, SteadyClock, NoOpMiddleware<Nanos>>;

/// The limiter of a single process.
#[derive(Debug)]
pub struct InProcessLimiter {
    clock: Clock,
    routes: Mutex<HashMap<Arc<str>, RouteState>>,
}

#[derive(Debug)]
struct RouteState {
    bucket: Bucket,
    spacing: i64,
    breaker: Breaker,
    /// The first slot that no refused product was sent to yet.
    free_slot: Timestamp,
    used_at: Timestamp,
}

impl InProcessLimiter {
    /// A limiter with full budgets.
    pub fn new(clock: Clock) -> Self {
        InProcessLimiter { clock, routes: Mutex::default() }
    }

    fn routes(&self) -> MutexGuard<'_, HashMap<Arc<str>, RouteState>> {
        self.routes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[async_trait]
impl Limiter for InProcessLimiter {
    async fn take(&self, route: &Route, want: usize, now: Timestamp) -> Grant {
        let Some(per_hour) = route.per_hour else {
            let permits = (0..want).map(|_| Permit { route: route.clone() }).collect();
            return Grant { permits, next_at: now, spacing: 0 };
        };
        let mut routes = self.routes();
        if routes.len() > MANY_ROUTES {
            routes.retain(|_, state| now.micros_since(state.used_at) < HOUR || state.free_slot > now);
        }
        let state = routes.entry(route.key.clone()).or_insert_with(|| RouteState::new(per_hour, &self.clock, now));
        state.used_at = now;
        state.take(route, want, now)
    }

    async fn report(&self, route: &Route, signal: Signal, now: Timestamp) -> Option<Timestamp> {
        route.per_hour?;
        self.routes().get_mut(&route.key)?.breaker.report(signal, now)
    }
}

impl RouteState {
    fn new(per_hour: u32, clock: &Clock, now: Timestamp) -> Self {
        let (burst, spacing) = burst_and_spacing(per_hour);
        let quota = Quota::with_period(spacing).expect("spacing is never zero").allow_burst(burst);
        RouteState {
            bucket: RateLimiter::direct_with_clock(quota, SteadyClock(clock.clone())),
            spacing: i64::try_from(spacing.as_micros()).unwrap_or(HOUR),
            breaker: Breaker::default(),
            free_slot: now,
            used_at: now,
        }
    }

    fn take(&mut self, route: &Route, want: usize, now: Timestamp) -> Grant {
        let (most, mut next_at) = match self.breaker.gate(now) {
            Gate::Open => (want, now),
            Gate::Probe => (want.min(1), now),
            Gate::Closed(until) => (0, until),
        };
        let mut permits = Vec::new();
        while permits.len() < want {
            if permits.len() == most {
                next_at = next_at.max(now.plus_micros(self.spacing));
                break;
            }
            match self.bucket.check() {
                Ok(()) => permits.push(Permit { route: route.clone() }),
                Err(refusal) => {
                    let wait = refusal.wait_time_from(governor::clock::Clock::now(self.bucket.clock()));
                    next_at = now.plus_micros(i64::try_from(wait.as_micros()).unwrap_or(HOUR).saturating_add(1));
                    break;
                }
            }
        }
        if self.breaker.gate(now) == Gate::Probe && !permits.is_empty() {
            self.breaker.begin_probe(now);
        }
        let refused = want - permits.len();
        Grant { permits, next_at: self.reserve_slots(refused, next_at), spacing: self.spacing }
    }

    /// Where the refused may come back. A few slip in between, as somebody waits for them; a backlog queues up behind what was
    /// refused before, so that no two of it share a slot.
    fn reserve_slots(&mut self, refused: usize, next_at: Timestamp) -> Timestamp {
        if refused <= BURST as usize {
            return next_at;
        }
        let first = self.free_slot.max(next_at);
        let span = self.spacing.saturating_mul(i64::try_from(refused).unwrap_or(i64::MAX));
        self.free_slot = first.plus_micros(span);
        first
    }
}

/// Burst and least spacing so that no hour, wherever it begins, holds more than `per_hour` requests.
fn burst_and_spacing(per_hour: u32) -> (NonZeroU32, Duration) {
    let per_hour = per_hour.max(1);
    let burst = BURST.min(per_hour / 8).max(1);
    let steady = (per_hour - burst).max(1);
    (NonZeroU32::new(burst).expect("at least one"), Duration::from_secs(3_600) / steady)
}

/// Our clock as `governor` wants it: it never goes back.
#[derive(Clone, Debug)]
struct SteadyClock(Clock);

impl governor::clock::Clock for SteadyClock {
    type Instant = Nanos;

    fn now(&self) -> Nanos {
        Nanos::from(self.0.elapsed())
    }
}
