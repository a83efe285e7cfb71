//! The limiter of a single process: GCRA by `governor`, one bucket a route.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use domain::time::{HOUR, MINUTE, SECOND};
use governor::middleware::NoOpMiddleware;
use governor::nanos::Nanos;
use governor::state::{InMemoryState, NotKeyed};
use governor::{Quota, RateLimiter};

use super::breaker::{Breaker, Gate};
use super::{BURST, Grant, Limiter, Permit, Route, RouteState, Signal, burst_and_spacing};
use crate::clock::Clock;

/// Routes that nobody used for an hour are forgotten when there are more than this.
const MANY_ROUTES: usize = 10_000;

type Bucket = RateLimiter<NotKeyed, InMemoryState, SteadyClock, NoOpMiddleware<Nanos>>;

/// The limiter of a single process.
#[derive(Debug)]
pub struct InProcessLimiter {
    clock: Clock,
    /// Of how many processes this is one; 1 has the budgets for itself.
    share: u32,
    books: Mutex<HashMap<Arc<str>, Book>>,
}

/// What is kept about a route.
#[derive(Debug)]
struct Book {
    bucket: Bucket,
    spacing: i64,
    breaker: Breaker,
    /// The first slot that no refused product was sent to yet.
    free_slot: Timestamp,
    used_at: Timestamp,
}

/// What one route gave.
struct Given {
    permits: usize,
    next_at: Timestamp,
    is_closed: bool,
}

impl InProcessLimiter {
    /// A limiter with full budgets.
    pub fn new(clock: Clock) -> Self {
        InProcessLimiter { clock, share: 1, books: Mutex::default() }
    }

    /// The limiter of one of `share` processes that cannot ask each other: each takes that part of a budget, and begins with an
    /// empty bucket, because nobody knows what was spent before. Slower, and never too fast.
    pub fn alone(clock: Clock, share: u32) -> Self {
        InProcessLimiter { clock, share: share.max(2), books: Mutex::default() }
    }

    fn books(&self) -> MutexGuard<'_, HashMap<Arc<str>, Book>> {
        self.books.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn book<'a>(&self, books: &'a mut HashMap<Arc<str>, Book>, route: &Route, per_hour: u32, now: Timestamp) -> &'a mut Book {
        let book = books.entry(route.key.clone()).or_insert_with(|| Book::new(per_hour, self.share, &self.clock, now));
        book.used_at = now;
        book
    }
}

#[async_trait]
impl Limiter for InProcessLimiter {
    async fn take(&self, routes: &[Route], want: usize, now: Timestamp) -> Grant {
        if let Some(grant) = unlimited(routes, want, now) {
            return grant;
        }
        let mut books = self.books();
        if books.len() > MANY_ROUTES {
            books.retain(|_, book| now.micros_since(book.used_at) < HOUR || book.free_slot > now);
        }
        let mut permits = Vec::new();
        let mut given = Vec::with_capacity(routes.len());
        for route in routes {
            let book = self.book(&mut books, route, route.per_hour.unwrap_or(1), now);
            let of_route = book.take(want - permits.len(), now);
            permits.extend((0..of_route.permits).map(|_| Permit { route: route.clone() }));
            given.push(of_route);
        }
        let refused = want - permits.len();
        let (next_at, spacing) = if refused == 0 { (now, 0) } else { slots(&mut books, routes, &given, refused, now) };
        Grant { permits, next_at, spacing }
    }

    async fn report(&self, route: &Route, signal: Signal, now: Timestamp) -> Option<Timestamp> {
        let per_hour = route.per_hour?;
        self.book(&mut self.books(), route, per_hour, now).breaker.report(signal, now)
    }

    async fn states(&self, routes: &[Route], _now: Timestamp) -> Vec<RouteState> {
        let books = self.books();
        let state = |route: &Route| match books.get(&route.key) {
            Some(book) => book.breaker.state(route.key.clone()),
            None => RouteState::fresh(route.key.clone()),
        };
        routes.iter().map(state).collect()
    }
}

/// Without a route there is nothing to give; a route without a limit gives all.
pub(super) fn unlimited(routes: &[Route], want: usize, now: Timestamp) -> Option<Grant> {
    if routes.is_empty() {
        return Some(Grant { permits: Vec::new(), next_at: now.plus_micros(MINUTE), spacing: SECOND });
    }
    let route = routes.iter().find(|route| route.per_hour.is_none())?;
    let permits = (0..want).map(|_| Permit { route: route.clone() }).collect();
    Some(Grant { permits, next_at: now, spacing: 0 })
}

/// Where the refused may come back, and how far apart. A few slip in between, as somebody waits for them; a backlog queues up
/// behind what was refused before, so that no two of it share a slot. Routes together serve it faster than one.
fn slots(
    books: &mut HashMap<Arc<str>, Book>,
    routes: &[Route],
    given: &[Given],
    refused: usize,
    now: Timestamp,
) -> (Timestamp, i64) {
    let mut next_at = given.iter().map(|given| given.next_at).min().unwrap_or(now);
    let any_open = given.iter().any(|given| !given.is_closed);
    let counts: Vec<&Route> =
        routes.iter().zip(given).filter(|(_, given)| !(any_open && given.is_closed)).map(|(route, _)| route).collect();
    let of_counting = |books: &HashMap<Arc<str>, Book>| -> Vec<(i64, Timestamp)> {
        counts.iter().filter_map(|route| books.get(&route.key)).map(|book| (book.spacing, book.free_slot)).collect()
    };
    let kept = of_counting(books);
    let spacing = together(kept.iter().map(|(spacing, _)| *spacing));
    if refused > BURST as usize {
        next_at = kept.iter().map(|(_, free_slot)| *free_slot).fold(next_at, Timestamp::max);
        let span = spacing.saturating_mul(i64::try_from(refused).unwrap_or(i64::MAX));
        for route in counts {
            if let Some(book) = books.get_mut(&route.key) {
                book.free_slot = next_at.plus_micros(span);
            }
        }
    }
    (next_at, spacing)
}

/// The spacing of several routes that are used together, rounded up to whole microseconds: 1 / (1/a + 1/b + …).
fn together(spacings: impl Iterator<Item = i64>) -> i64 {
    #[expect(clippy::cast_precision_loss, reason = "a spacing is at most an hour: far below what a double holds exactly")]
    let rate: f64 = spacings.map(|spacing| 1.0 / spacing.max(1) as f64).sum();
    // A hair more than a whole number is that number.
    #[expect(clippy::cast_possible_truncation, reason = "it is at most an hour")]
    let spacing = (1.0 / rate - 0.001).ceil() as i64;
    spacing.clamp(1, HOUR)
}

impl Book {
    fn new(per_hour: u32, share: u32, clock: &Clock, now: Timestamp) -> Self {
        let (burst, spacing) = burst_and_spacing(per_hour);
        let (burst, spacing) = if share > 1 { (1, spacing.saturating_mul(i64::from(share))) } else { (burst, spacing) };
        let period = Duration::from_micros(spacing.unsigned_abs());
        let quota = Quota::with_period(period).expect("spacing is never zero");
        let quota = quota.allow_burst(NonZeroU32::new(burst).expect("at least one"));
        let bucket = RateLimiter::direct_with_clock(quota, SteadyClock(clock.clone()));
        if share > 1 {
            // Empty at first.
            let _ = bucket.check();
        }
        Book { bucket, spacing, breaker: Breaker::default(), free_slot: now, used_at: now }
    }

    fn take(&mut self, want: usize, now: Timestamp) -> Given {
        let gate = self.breaker.gate(now);
        let (most, opens_at) = match gate {
            Gate::Open => (want, now),
            Gate::Probe => (want.min(1), now),
            Gate::Closed(until) => (0, until),
        };
        // Where the breaker allows no more, whatever the budget holds.
        let mut next_at = opens_at.max(now.plus_micros(self.spacing));
        let mut permits = 0;
        while permits < most {
            if let Err(refusal) = self.bucket.check() {
                let wait = refusal.wait_time_from(governor::clock::Clock::now(self.bucket.clock()));
                next_at = now.plus_micros(i64::try_from(wait.as_micros()).unwrap_or(HOUR).saturating_add(1));
                break;
            }
            permits += 1;
        }
        if gate == Gate::Probe && permits > 0 {
            self.breaker.begin_probe(now);
        }
        Given { permits, next_at, is_closed: matches!(gate, Gate::Closed(_)) }
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_together_are_as_fast_as_their_sum() {
        assert_eq!(together([30].into_iter()), 30);
        assert_eq!(together([30, 30, 30].into_iter()), 10);
        assert_eq!(together([20, 30].into_iter()), 12);
        assert_eq!(together([7, 7].into_iter()), 4, "rounded up");
        assert_eq!(together(std::iter::repeat_n(36_000_000, 100)), 360_000);
    }
}
