//! Lanes: how much may be under way to one server at once, how fast, and whether it answers at all.
//!
//! A lane that does not answer is closed for growing pauses and opened by one probe; one that is full turns messages away for a
//! moment. Either way they wait in the database, and lanes beside it go on. Each process has its own lanes: of a server that counts
//! requests of all of them, `Retry-After` tells each.

use std::collections::HashMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::time::{MINUTE, SECOND};
use domain::{Channel, Timestamp};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::notify::DeliveryError;

/// Attempts in a row without an answer until the lane is closed.
const OUTAGE: u32 = 5;
/// First and longest pause of a closed lane.
const PAUSES: (i64, i64) = (30 * SECOND, 10 * MINUTE);
/// How long a probe may take before another is let through.
const PROBE: i64 = 30 * SECOND;
/// What waits less for its turn waits here, what waits longer in the database.
const MAX_WAIT: i64 = SECOND;
/// How long a message is turned away from a full lane.
const TURNED_AWAY: i64 = 3 * SECOND;
/// Lanes and paces that are remembered; beyond that those that rest are forgotten.
const MOST: usize = 10_000;

/// The lanes of this process.
#[derive(Debug, Default)]
pub(crate) struct Lanes {
    lanes: Mutex<HashMap<(Channel, String), Arc<Lane>>>,
    paces: Mutex<HashMap<(Channel, String, String), Timestamp>>,
}

/// The way to one server.
#[derive(Debug)]
struct Lane {
    room: Semaphore,
    inside: AtomicUsize,
    breaker: Mutex<Breaker>,
}

#[derive(Debug, Default)]
struct Breaker {
    unanswered: u32,
    trips: u32,
    closed_until: Option<Timestamp>,
    probe_until: Option<Timestamp>,
    why: String,
}

/// How much one server gets of one channel.
#[derive(Clone, Copy, Debug)]
struct Limits {
    at_once: usize,
    /// Beside those under way, so many may wait for them.
    waiting: usize,
    /// Messages to one destination: so many at once, then one each `spacing` microseconds.
    burst: i64,
    spacing: i64,
}

/// Leave to send one message.
pub(super) struct Entry {
    lane: Arc<Lane>,
    key: (Channel, String, String),
}

/// Why a message has to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Turned {
    pub(super) until: Timestamp,
    pub(super) reason: String,
}

/// What the services ask for: Discord and Slack about one message a second to a webhook, Telegram 30 a second of a bot, ntfy.sh
/// 60 at once and then one in five seconds. Others are treated as politely as we would like to be.
fn limits(channel: Channel, host: &str) -> Limits {
    let of = |at_once, waiting, burst, spacing| Limits { at_once, waiting, burst, spacing };
    match channel {
        Channel::Inbox | Channel::Email => of(16, 1_024, 0, 0),
        Channel::Push => of(32, 512, 0, 0),
        Channel::Sms => of(8, 128, 20, SECOND / 20),
        Channel::Telegram => of(8, 128, 20, SECOND / 20),
        Channel::Ntfy if host == "ntfy.sh:443" => of(4, 64, 30, 5 * SECOND),
        Channel::Discord | Channel::Slack => of(4, 64, 5, SECOND),
        Channel::Webhook | Channel::Ntfy | Channel::Gotify => of(4, 64, 20, SECOND / 10),
    }
}

impl Lanes {
    /// Waits for a place in the lane, or says until when to stay away.
    pub(super) async fn enter(&self, channel: Channel, host: &str, destination: &str, now: Timestamp) -> Result<Entry, Turned> {
        let limits = limits(channel, host);
        let lane = self.lane(channel, host, limits);
        lane.admit(host, now)?;
        if lane.inside.fetch_add(1, Ordering::SeqCst) >= limits.at_once + limits.waiting {
            lane.inside.fetch_sub(1, Ordering::SeqCst);
            return Err(Turned { until: later(now, TURNED_AWAY), reason: format!("many messages wait for {host}") });
        }
        // From here on the entry leaves the lane again, whatever happens.
        let entry = Entry { lane, key: (channel, host.to_owned(), destination.to_owned()) };
        if let Some(wait) = self.reserve(&entry.key, limits, now)? {
            tokio::time::sleep(wait).await;
        }
        Ok(entry)
    }

    fn lane(&self, channel: Channel, host: &str, limits: Limits) -> Arc<Lane> {
        let mut lanes = lock(&self.lanes);
        if lanes.len() >= MOST {
            lanes.retain(|_, lane| Arc::strong_count(lane) > 1 || lock(&lane.breaker).closed_until.is_some());
        }
        let fresh =
            || Arc::new(Lane { room: Semaphore::new(limits.at_once), inside: AtomicUsize::new(0), breaker: Mutex::default() });
        lanes.entry((channel, host.to_owned())).or_insert_with(fresh).clone()
    }

    /// Takes the next slot of the destination (GCRA), if it is near.
    fn reserve(&self, key: &(Channel, String, String), limits: Limits, now: Timestamp) -> Result<Option<Duration>, Turned> {
        let mut paces = lock(&self.paces);
        if limits.spacing == 0 && !paces.contains_key(key) {
            return Ok(None);
        }
        if paces.len() >= MOST {
            paces.retain(|_, next| *next > now);
        }
        let next = paces.get(key).copied().unwrap_or(now).max(now);
        let wait = next.micros_since(now) - limits.burst * limits.spacing;
        if wait > MAX_WAIT {
            return Err(Turned { until: later(now, wait), reason: format!("{} takes no more messages for a while", key.1) });
        }
        paces.insert(key.clone(), next.plus_micros(limits.spacing));
        Ok(u64::try_from(wait).ok().filter(|wait| *wait > 0).map(Duration::from_micros))
    }

    /// Tells how a message fared.
    pub(super) fn report(&self, entry: &Entry, ended: Result<(), &DeliveryError>, now: Timestamp) {
        match ended {
            Err(DeliveryError::Transient { answered: false, why, .. }) => entry.lane.unanswered(why, now),
            Err(DeliveryError::Transient { at, .. }) => {
                entry.lane.answered();
                if let Some(at) = at {
                    let burst = limits(entry.key.0, &entry.key.1);
                    lock(&self.paces).insert(entry.key.clone(), at.plus_micros(burst.burst * burst.spacing));
                }
            }
            Ok(()) | Err(DeliveryError::Permanent(_) | DeliveryError::Gone(_)) => entry.lane.answered(),
        }
    }
}

impl Entry {
    /// Waits until the server has room.
    pub(super) async fn room(&self) -> Option<SemaphorePermit<'_>> {
        self.lane.room.acquire().await.ok()
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        self.lane.inside.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Lane {
    fn admit(&self, host: &str, now: Timestamp) -> Result<(), Turned> {
        let mut breaker = lock(&self.breaker);
        let Some(closed_until) = breaker.closed_until else { return Ok(()) };
        let until = breaker.probe_until.unwrap_or(closed_until).max(closed_until);
        if now < until {
            let reason = if breaker.why.is_empty() { format!("{host} does not answer") } else { breaker.why.clone() };
            return Err(Turned { until: later(until, 0), reason });
        }
        breaker.probe_until = Some(now.plus_micros(PROBE));
        Ok(())
    }

    fn answered(&self) {
        *lock(&self.breaker) = Breaker::default();
    }

    fn unanswered(&self, why: &str, now: Timestamp) {
        let mut breaker = lock(&self.breaker);
        breaker.unanswered += 1;
        let is_closed = breaker.closed_until.is_some_and(|until| now < until);
        // Several that were under way together are one outage.
        if is_closed || (breaker.unanswered < OUTAGE && breaker.closed_until.is_none()) {
            return;
        }
        let (first, longest) = PAUSES;
        let pause = first.saturating_mul(1 << breaker.trips.min(20)).min(longest);
        breaker.trips += 1;
        breaker.probe_until = None;
        breaker.closed_until = Some(now.plus_micros(pause));
        breaker.why = why.to_owned();
    }
}

/// A little after a moment, each message at another time: they do not come back together.
fn later(at: Timestamp, micros: i64) -> Timestamp {
    at.plus_micros(micros + rand::random_range(0..=3 * SECOND))
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_micros(seconds * SECOND)
    }

    fn no_answer() -> DeliveryError {
        DeliveryError::transient("x.example does not answer")
    }

    #[tokio::test]
    async fn a_server_that_does_not_answer_is_left_alone_and_probed() {
        let lanes = Lanes::default();
        for _ in 0..OUTAGE {
            let entry = lanes.enter(Channel::Webhook, "x.example:443", "a", at(0)).await.ok().unwrap();
            lanes.report(&entry, Err(&no_answer()), at(0));
        }
        let turned = lanes.enter(Channel::Webhook, "x.example:443", "a", at(29)).await.err().unwrap();
        assert!((at(30)..=at(33)).contains(&turned.until) && turned.reason.contains("does not answer"), "{turned:?}");
        assert!(lanes.enter(Channel::Webhook, "y.example:443", "a", at(29)).await.is_ok(), "another server");
        assert!(lanes.enter(Channel::Gotify, "x.example:443", "a", at(29)).await.is_ok(), "another channel");
        let probe = lanes.enter(Channel::Webhook, "x.example:443", "a", at(30)).await.ok().unwrap();
        assert!(lanes.enter(Channel::Webhook, "x.example:443", "a", at(31)).await.is_err(), "one probe at a time");
        lanes.report(&probe, Err(&no_answer()), at(32));
        assert!(lanes.enter(Channel::Webhook, "x.example:443", "a", at(91)).await.is_err(), "longer than before");
        let probe = lanes.enter(Channel::Webhook, "x.example:443", "a", at(93)).await.ok().unwrap();
        lanes.report(&probe, Ok(()), at(93));
        assert!(lanes.enter(Channel::Webhook, "x.example:443", "a", at(93)).await.is_ok());
    }

    #[tokio::test]
    async fn an_answer_of_trouble_is_no_outage_of_the_server() {
        let lanes = Lanes::default();
        let trouble = DeliveryError::Transient { why: "500".into(), at: None, answered: true };
        for _ in 0..3 * OUTAGE {
            let entry = lanes.enter(Channel::Webhook, "x.example:443", "a", at(0)).await.ok().unwrap();
            lanes.report(&entry, Err(&trouble), at(0));
        }
        assert!(lanes.enter(Channel::Webhook, "x.example:443", "b", at(0)).await.is_ok());
    }

    #[tokio::test]
    async fn one_destination_has_a_pace_and_others_their_own() {
        let lanes = Lanes::default();
        for _ in 0..5 {
            assert!(lanes.enter(Channel::Discord, "discord.com:443", "one", at(0)).await.is_ok());
        }
        for _ in 0..2 {
            // The sixth comes a second later; the one after it waits in the database.
            let _ =
                lanes.reserve(&(Channel::Discord, "discord.com:443".into(), "one".into()), limits(Channel::Discord, ""), at(0));
        }
        assert!(lanes.enter(Channel::Discord, "discord.com:443", "one", at(0)).await.is_err());
        assert!(lanes.enter(Channel::Discord, "discord.com:443", "two", at(0)).await.is_ok());
        assert!(lanes.enter(Channel::Discord, "discord.com:443", "one", at(60)).await.is_ok());
    }

    #[tokio::test]
    async fn a_time_that_a_service_names_is_kept_for_that_destination() {
        let lanes = Lanes::default();
        let entry = lanes.enter(Channel::Push, "push.example:443", "", at(0)).await.ok().unwrap();
        let wait = DeliveryError::Transient { why: "429".into(), at: Some(at(120)), answered: true };
        lanes.report(&entry, Err(&wait), at(0));
        let turned = lanes.enter(Channel::Push, "push.example:443", "", at(60)).await.err().unwrap();
        assert!((at(120)..=at(123)).contains(&turned.until));
        assert!(lanes.enter(Channel::Push, "push.example:443", "", at(120)).await.is_ok());
    }

    #[tokio::test]
    async fn a_full_lane_turns_away_and_has_room_again() {
        let lanes = Lanes::default();
        let full = {
            let limits = limits(Channel::Gotify, "");
            limits.at_once + limits.waiting
        };
        let mut inside = Vec::new();
        for n in 0..full {
            inside.push(lanes.enter(Channel::Gotify, "g.example:443", &n.to_string(), at(0)).await.ok().unwrap());
        }
        assert!(lanes.enter(Channel::Gotify, "g.example:443", "x", at(0)).await.is_err());
        inside.pop();
        assert!(lanes.enter(Channel::Gotify, "g.example:443", "y", at(0)).await.is_ok());
    }
}
