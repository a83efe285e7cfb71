//! Delivery: each channel by itself, with retries. A message that was handed over and not noted is sent again under the same id.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use domain::time::{DAY, HOUR, SECOND};
use domain::{Channel, Timestamp};
use futures::StreamExt;
use store::{Delivery, DeliveryOutcome, DueNotification};

use crate::context::JobContext;
use crate::notify::DeliveryError;

/// Notifications claimed at once. With the times below a claim is done before its lease ends.
const BATCH: u32 = 16;
/// Messages under way at once on a channel.
const AT_ONCE: usize = 8;
/// Longest time for one message.
const DEADLINE: Duration = Duration::from_secs(25);
/// How long a claimed notification is left to its sender: two rounds of the deadline, and a little.
const LEASE: Duration = Duration::from_secs(60);
/// First and longest pause between attempts.
const PAUSES: (i64, i64) = (30 * SECOND, HOUR);
/// After this time a message is given up.
const GIVE_UP_AFTER: i64 = DAY;

/// Channels that are being delivered: one sender each, so that a server that hangs holds up nothing but its own channel.
#[derive(Debug, Default)]
pub(crate) struct Deliveries(Mutex<HashMap<Channel, Again>>);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Again {
    No,
    /// It was rung for meanwhile.
    Yes,
}

impl Deliveries {
    fn lock(&self) -> MutexGuard<'_, HashMap<Channel, Again>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// `None` if the channel has a sender already, which will look once more.
    fn begin(&self, channel: Channel) -> Option<Turn<'_>> {
        let mut running = self.lock();
        if let Some(again) = running.get_mut(&channel) {
            *again = Again::Yes;
            return None;
        }
        running.insert(channel, Again::No);
        Some(Turn { deliveries: self, channel, ended: false })
    }
}

/// The right to send on a channel. It ends even if the sender is aborted.
struct Turn<'a> {
    deliveries: &'a Deliveries,
    channel: Channel,
    ended: bool,
}

impl Turn<'_> {
    /// True if the channel was rung for meanwhile; otherwise the turn is over, and the next bell begins a new one.
    fn goes_on(&mut self) -> bool {
        let mut running = self.deliveries.lock();
        if running.get(&self.channel) == Some(&Again::Yes) {
            running.insert(self.channel, Again::No);
            return true;
        }
        running.remove(&self.channel);
        self.ended = true;
        false
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.deliveries.lock().remove(&self.channel);
        }
    }
}

/// Sends what waits on a channel.
pub(crate) async fn deliver(ctx: &JobContext, channel: Channel) -> store::Result<()> {
    let Some(mut turn) = ctx.deliveries.begin(channel) else { return Ok(()) };
    loop {
        let due = ctx.store.claim_notifications(channel, ctx.clock.now(), LEASE, BATCH).await?;
        if due.is_empty() {
            if turn.goes_on() {
                continue;
            }
            return Ok(());
        }
        let sends: Vec<_> = due.iter().map(|due| send(ctx, due)).collect();
        let deliveries: Vec<_> = futures::stream::iter(sends).buffer_unordered(AT_ONCE).collect().await;
        ctx.store.record_deliveries(&deliveries, ctx.clock.now()).await?;
        if ctx.stop.is_cancelled() {
            return Ok(());
        }
    }
}

async fn send(ctx: &JobContext, due: &DueNotification) -> Delivery {
    let notification = &due.notification;
    let ended = if ctx.stop.is_cancelled() {
        DeliveryOutcome::Retry {
            at: ctx.clock.now(),
            error: "Plummet was stopped; the message is sent when it runs again".into(),
        }
    } else {
        let sent = match tokio::time::timeout(DEADLINE, ctx.notifiers.send(due)).await {
            Ok(sent) => sent,
            Err(_) => Err(DeliveryError::Transient(format!(
                "{} did not answer in time; it is tried again",
                notification.channel.as_str()
            ))),
        };
        outcome(sent, notification.created_at, notification.attempts, ctx.clock.now())
    };
    log(due, &ended);
    Delivery { product_id: notification.product_id, id: notification.id, outcome: ended }
}

/// What an attempt means for the notification.
fn outcome(sent: Result<(), DeliveryError>, created_at: Timestamp, attempts: u32, now: Timestamp) -> DeliveryOutcome {
    match sent {
        Ok(()) => DeliveryOutcome::Sent,
        Err(DeliveryError::Permanent(error)) => DeliveryOutcome::Failed { error },
        Err(DeliveryError::Transient(error)) if now.micros_since(created_at) >= GIVE_UP_AFTER => {
            DeliveryOutcome::Failed { error: format!("given up after a day: {error}") }
        }
        Err(DeliveryError::Transient(error)) => DeliveryOutcome::Retry { at: now.plus_micros(pause(attempts)), error },
    }
}

/// Doubled at each attempt, ±20 %: those that failed together do not come back together.
fn pause(attempts: u32) -> i64 {
    let (first, longest) = PAUSES;
    let pause = first.saturating_mul(1 << attempts.saturating_sub(1).min(20)).min(longest);
    pause - pause / 5 + rand::random_range(0..=2 * (pause / 5))
}

fn log(due: &DueNotification, outcome: &DeliveryOutcome) {
    let (id, channel) = (due.notification.id, due.notification.channel.as_str());
    match outcome {
        DeliveryOutcome::Sent => tracing::debug!(notification.id = %id, notification.channel = channel, "sent"),
        DeliveryOutcome::Retry { error, .. } => {
            tracing::warn!(notification.id = %id, notification.channel = channel, error, "not sent yet");
        }
        DeliveryOutcome::Failed { error } => {
            tracing::warn!(notification.id = %id, notification.channel = channel, error, "will not be sent");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let transient = || Err(DeliveryError::Transient("no connection".into()));
        assert!(matches!(outcome(transient(), made, 9, made.plus_micros(DAY - 1)), DeliveryOutcome::Retry { .. }));
        let gone = DeliveryOutcome::Failed { error: "given up after a day: no connection".into() };
        assert_eq!(outcome(transient(), made, 30, made.plus_micros(DAY)), gone);
        let refused = outcome(Err(DeliveryError::Permanent("no such address".into())), made, 1, made);
        assert_eq!(refused, DeliveryOutcome::Failed { error: "no such address".into() });
    }
}
