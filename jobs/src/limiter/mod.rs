//! Permits: leave to send one request to one shop through one proxy now.
//!
//! No worker waits for a permit. What is refused is told when to come back, each at a slot of its own.

mod breaker;
mod in_process;
mod routes;

use std::sync::Arc;

use async_trait::async_trait;
use domain::Timestamp;

pub use in_process::InProcessLimiter;
pub use routes::Routes;

/// The way to a shop: what has one budget and one breaker. There is no proxy yet, so the platform or host alone names it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Route {
    /// The platform's word, or the host where it has a budget of its own.
    pub key: Arc<str>,
    /// Requests an hour; `None` for the operator's own hosts, which have neither budget nor breaker.
    pub per_hour: Option<u32>,
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
    /// When the first of the refused may come back.
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

/// Keeps the budgets and breakers of all routes.
#[async_trait]
pub trait Limiter: Send + Sync + 'static {
    /// Asks for `want` permits at once.
    async fn take(&self, route: &Route, want: usize, now: Timestamp) -> Grant;

    /// Tells how a request ended. Returns until when the route is closed, if it is.
    async fn report(&self, route: &Route, signal: Signal, now: Timestamp) -> Option<Timestamp>;
}
