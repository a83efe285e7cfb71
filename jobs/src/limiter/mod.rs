//! Permits: leave to send one request to one shop through one proxy now.
//!
//! No worker waits for a permit. What is refused is told when to come back, each at a slot of its own.
//!
//! Two limiters, the same answers (`tests/` runs each case on both): [`InProcessLimiter`] for one process, [`RedisLimiter`] for
//! any number, all of whose workers share one budget a route.

mod breaker;
mod in_process;
mod redis;
mod routes;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use async_trait::async_trait;
use domain::{ProxyId, Timestamp};

pub use in_process::InProcessLimiter;
pub use redis::RedisLimiter;
pub use routes::Routes;

/// How many requests may follow each other at once: a person who adds a few products is served without waiting.
const BURST: u32 = 4;

/// The way to a shop: what has one budget and one breaker.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// What is asked, and through which proxy: see [`Route::new`].
    pub key: Arc<str>,
    /// Requests an hour; `None` for the operator's own hosts, which have neither budget nor breaker.
    pub per_hour: Option<u32>,
    /// The proxy; `None` for a direct connection.
    pub proxy: Option<ProxyId>,
}

impl Route {
    /// The route to a site: the platform's word, or the host where it has a budget of its own. Its key is `site`, or
    /// `site proxy-id`: all routes to one site have their site before the first space, and lie together in a Redis Cluster.
    pub fn new(site: &str, per_hour: Option<u32>, proxy: Option<ProxyId>) -> Self {
        let key = match proxy {
            None => site.into(),
            Some(proxy) => format!("{site} {proxy}").into(),
        };
        Route { key, per_hour, proxy }
    }

    /// What is asked, whatever the proxy.
    pub fn site(&self) -> &str {
        self.key.split(' ').next().unwrap_or(&self.key)
    }
}

/// Leave to send one request. Only a limiter, or a person at the command line, gives one.
#[derive(Debug)]
pub struct Permit {
    pub(crate) route: Route,
}

impl Permit {
    /// The permit of a single check that a person runs from the command line, beside any running program.
    pub(crate) fn by_hand(route: Route) -> Self {
        Permit { route }
    }
}

/// What a limiter answers.
#[derive(Debug)]
pub struct Grant {
    /// As many as may be sent now.
    pub permits: Vec<Permit>,
    /// When the first of the refused may come back: the earliest time at which any of the routes has a permit for it.
    pub next_at: Timestamp,
    /// How far apart the refused must stay, in microseconds: the `i`-th comes back at `next_at + i * spacing`.
    pub spacing: i64,
}

/// How a request ended, as far as its route cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signal {
    /// The shop answered with a page, whatever it says.
    Answered,
    /// A human check or bot wall.
    Blocked,
    /// The shop asks for fewer requests, perhaps until a time.
    RateLimited(Option<Timestamp>),
    /// No connection, a server error, or nothing in time.
    NoAnswer,
}

/// How a route is: for its operator, and for who picks between routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RouteState {
    /// The route's key.
    pub key: Arc<str>,
    /// Until when its breaker is closed; in the past while it waits for the probe that opens it again.
    pub closed_until: Option<Timestamp>,
    /// How many times in a row the breaker tripped.
    pub trips: u32,
    /// How many requests in a row had no answer.
    pub unanswered: u32,
}

impl RouteState {
    /// A route that nothing is known about: open, with its whole budget.
    pub fn fresh(key: Arc<str>) -> Self {
        RouteState { key, closed_until: None, trips: 0, unanswered: 0 }
    }
}

/// Keeps the budgets and breakers of all routes.
#[async_trait]
pub trait Limiter: Send + Sync + 'static {
    /// Asks for `want` permits at once, in all, from routes to one site: as many as there are from the first, then from the
    /// second, and so on. Each permit knows its route.
    async fn take(&self, routes: &[Route], want: usize, now: Timestamp) -> Grant;

    /// Tells how a request ended. Returns until when the route is closed, if it is.
    async fn report(&self, route: &Route, signal: Signal, now: Timestamp) -> Option<Timestamp>;

    /// How these routes are, in their order.
    async fn states(&self, routes: &[Route], now: Timestamp) -> Vec<RouteState>;
}

/// Burst, and least spacing in microseconds, so that no hour, wherever it begins, holds more than `per_hour` requests.
fn burst_and_spacing(per_hour: u32) -> (u32, i64) {
    let per_hour = per_hour.max(1);
    let burst = BURST.min(per_hour / 8).max(1);
    let steady = i64::from((per_hour - burst).max(1));
    // Rounded up: a spacing that is a hair too short would let one request too many into some hour.
    (burst, (domain::time::HOUR + steady - 1) / steady)
}
