//! The limiter of many processes: budgets and breakers in Redis, one script a batch of permits, by the server's clock.
//!
//! While Redis does not answer, each process goes on alone with its part of the budgets, as many parts as there were processes
//! when Redis was last there ([`InProcessLimiter::alone`]): slower, and never above a budget. In the hour in which Redis comes
//! back a route may get one burst more than its budget.

use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::Timestamp;
use store::redis::{LuaScript, RedisDown, RedisLink, RedisResult, cmd};

use super::breaker::{BLOCKED, MAX_RETRY_AFTER, NO_ANSWER, OUTAGE, PROBE, RATE_LIMITED};
use super::in_process::{InProcessLimiter, unlimited};
use super::{BURST, Grant, Limiter, Permit, Route, RouteState, Signal, burst_and_spacing};
use crate::clock::Clock;

/// Longest time to wait for Redis; then the process decides alone.
const PATIENCE: Duration = Duration::from_millis(500);
/// How often a process says that it is there.
const PRESENCE: Duration = Duration::from_secs(10);
/// How many processes share the budgets, where Redis was never there to say so.
const UNKNOWN: u32 = 8;
/// Who is there.
const PROCESSES: &str = "plummet:limiter:processes";

static TAKE: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("take.lua")));
static REPORT: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("report.lua")));
static PRESENT: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("presence.lua")));

/// The limiter of many processes.
#[derive(Debug)]
pub struct RedisLimiter {
    pub(super) link: RedisLink,
    clock: Clock,
    /// A test's time instead of the server's.
    time: Option<Clock>,
    /// This process, among those that share the budgets.
    name: String,
    pub(super) processes: Arc<AtomicU32>,
    /// When it said last that it is there, in milliseconds of the clock.
    pub(super) said_at: AtomicU64,
    /// What decides while Redis does not answer.
    alone: Mutex<Option<Arc<InProcessLimiter>>>,
}

/// What Redis keeps of a route's breaker: closed until (µs), trips in a row, requests in a row without an answer.
type Kept = (Option<i64>, Option<u32>, Option<u32>);

impl RedisLimiter {
    /// A limiter whose budgets are shared with all others on the same Redis.
    pub fn new(link: RedisLink, clock: Clock) -> Self {
        RedisLimiter {
            link,
            clock,
            time: None,
            name: uuid::Uuid::new_v4().to_string(),
            processes: Arc::new(AtomicU32::new(UNKNOWN)),
            said_at: AtomicU64::new(0),
            alone: Mutex::default(),
        }
    }

    /// One that takes the time of a test's clock for the server's.
    #[cfg(test)]
    pub(super) fn by_the_time_of(link: RedisLink, clock: Clock) -> Self {
        RedisLimiter { time: Some(clock.clone()), ..RedisLimiter::new(link, clock) }
    }

    /// Runs a script; while Redis answers nobody decides alone.
    async fn ask<T: store::redis::FromRedisValue>(
        &self,
        script: &LuaScript,
        keys: Vec<String>,
        arguments: Vec<String>,
    ) -> Result<T, RedisDown> {
        let answer = self.link.quick(PATIENCE, |mut link| async move { script.run(&mut link, &keys, &arguments).await }).await?;
        self.is_back();
        Ok(answer)
    }

    fn is_back(&self) {
        *self.alone.lock().unwrap_or_else(PoisonError::into_inner) = None;
        let now = u64::try_from(self.clock.elapsed().as_millis()).unwrap_or(0);
        let said_at = self.said_at.load(Ordering::Relaxed);
        let is_time = said_at == 0 || now.saturating_sub(said_at) >= u64::try_from(PRESENCE.as_millis()).unwrap_or(0);
        if is_time && self.said_at.compare_exchange(said_at, now.max(1), Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            let (mut link, name, processes) = (self.link.clone(), self.name.clone(), self.processes.clone());
            tokio::spawn(async move {
                if let Ok(count) = PRESENT.run::<u32>(&mut link, &[PROCESSES.to_owned()], &[name]).await {
                    processes.store(count.max(1), Ordering::Relaxed);
                }
            });
        }
    }

    /// Who decides now that Redis does not answer: a new one at each outage, because nobody knows what was spent meanwhile.
    fn alone(&self) -> Arc<InProcessLimiter> {
        let mut alone = self.alone.lock().unwrap_or_else(PoisonError::into_inner);
        let new = || Arc::new(InProcessLimiter::alone(self.clock.clone(), self.processes.load(Ordering::Relaxed)));
        alone.get_or_insert_with(new).clone()
    }

    fn time(&self) -> String {
        self.time.as_ref().map(|clock| clock.now().as_micros().to_string()).unwrap_or_default()
    }

    async fn ask_states(&self, routes: &[Route]) -> Result<Vec<RouteState>, RedisDown> {
        let ask = |mut link: RedisLink| async move {
            let kept = routes.iter().map(|route| {
                let mut link = link.clone();
                async move {
                    let mut ask = cmd("HMGET");
                    ask.arg(key_of(route)).arg(&["closed_until", "trips", "unanswered"]);
                    ask.query_async::<(Option<i64>, Option<u32>, Option<u32>)>(&mut link).await
                }
            });
            let kept = futures::future::try_join_all(kept).await?;
            Ok((kept, server_time(&mut link).await?))
        };
        let (kept, server) = self.link.quick(PATIENCE, ask).await?;
        let here = self.clock.now();
        let server = self.time.as_ref().map_or(server, |clock| clock.now().as_micros());
        let state = |(route, (closed_until, trips, unanswered)): (&Route, Kept)| RouteState {
            key: route.key.clone(),
            closed_until: closed_until.map(|until| here.plus_micros(until - server)),
            trips: trips.unwrap_or(0),
            unanswered: unanswered.unwrap_or(0),
        };
        Ok(routes.iter().zip(kept).map(state).collect())
    }
}

#[async_trait]
impl Limiter for RedisLimiter {
    async fn take(&self, routes: &[Route], want: usize, now: Timestamp) -> Grant {
        if let Some(grant) = unlimited(routes, want, now) {
            return grant;
        }
        let mut arguments = vec![self.time(), want.to_string(), PROBE.to_string(), BURST.to_string()];
        for route in routes {
            let (burst, spacing) = burst_and_spacing(route.per_hour.unwrap_or(1));
            arguments.extend([spacing.to_string(), burst.to_string()]);
        }
        let keys = routes.iter().map(key_of).collect();
        let Ok(answer) = self.ask::<Vec<i64>>(&TAKE, keys, arguments).await else {
            return self.alone().take(routes, want, now).await;
        };
        let (wait, spacing) = (answer.first().copied().unwrap_or(0), answer.get(1).copied().unwrap_or(0));
        let permits = routes.iter().zip(answer.iter().skip(2)).flat_map(|(route, given)| {
            let given = usize::try_from(*given).unwrap_or(0);
            (0..given).map(|_| Permit { route: route.clone() })
        });
        // What counts is how long to wait: the two clocks need not agree.
        Grant { permits: permits.collect(), next_at: now.plus_micros(wait), spacing }
    }

    async fn report(&self, route: &Route, signal: Signal, now: Timestamp) -> Option<Timestamp> {
        route.per_hour?;
        let (word, (first, longest), asked) = match signal {
            Signal::Answered => ("answered", (0, 0), None),
            Signal::Blocked => ("blocked", BLOCKED, None),
            Signal::RateLimited(retry_at) => ("rate_limited", RATE_LIMITED, retry_at),
            Signal::NoAnswer => ("no_answer", NO_ANSWER, None),
        };
        let asked = asked.map(|at| at.micros_since(now).min(MAX_RETRY_AFTER).to_string()).unwrap_or_default();
        let arguments = vec![self.time(), word.into(), first.to_string(), longest.to_string(), asked, OUTAGE.to_string()];
        match self.ask::<i64>(&REPORT, vec![key_of(route)], arguments).await {
            Ok(closed_for) => Some(closed_for).filter(|closed_for| *closed_for > 0).map(|closed_for| now.plus_micros(closed_for)),
            Err(RedisDown) => self.alone().report(route, signal, now).await,
        }
    }

    async fn states(&self, routes: &[Route], now: Timestamp) -> Vec<RouteState> {
        match self.ask_states(routes).await {
            Ok(states) => states,
            Err(RedisDown) => self.alone().states(routes, now).await,
        }
    }
}

/// All routes to one site lie in one slot of a cluster, because one script touches them together.
pub(super) fn key_of(route: &Route) -> String {
    let site = route.site();
    format!("plummet:limiter:{{{site}}}{}", &route.key[site.len()..])
}

/// The server's clock, in microseconds.
async fn server_time(link: &mut RedisLink) -> RedisResult<i64> {
    let (seconds, micros): (i64, i64) = cmd("TIME").query_async(link).await?;
    Ok(seconds * domain::time::SECOND + micros)
}
