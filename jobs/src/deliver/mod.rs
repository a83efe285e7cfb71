//! Delivery: each channel by itself, with retries. A message that was handed over and not noted is sent again under the same id.
//!
//! Notifications are claimed in batches as long as there is room; each goes its way on a task of its own, through the lane of its
//! server. What ended is written in batches. So a server that hangs holds up nothing but its own lane.

mod carry;
mod lanes;
mod outcome;
mod parcels;
mod turn;

use std::sync::Arc;
use std::time::Duration;

use domain::Channel;
use store::{Delivery, DeliveryOutcome, HeldNotification, PartlyDelivered};
use tokio::task::{JoinError, JoinSet};

pub(crate) use carry::{Curves, curves};
pub(crate) use lanes::Lanes;
pub(crate) use turn::Deliveries;

use crate::context::JobContext;
use crate::metrics::{Count, count};
use carry::carry;
use parcels::{Parcel, parcels};

/// Notifications claimed at once.
const BATCH: u32 = 128;
/// Messages of a channel that are under way at once in a process.
const MOST: usize = 1_024;

/// How long a claimed notification is left to its sender: as long as a product, by default two minutes. What could not be finished by
/// then is not begun.
fn lease(ctx: &JobContext) -> Duration {
    ctx.config.check_lease
}

/// Longest time for one message on one way, by default 40 seconds.
fn deadline(ctx: &JobContext) -> Duration {
    lease(ctx) / 3
}

/// How parcels ended.
#[derive(Debug, Default)]
struct Ended {
    deliveries: Vec<Delivery>,
    held: Vec<HeldNotification>,
    partly: Vec<PartlyDelivered>,
}

impl Ended {
    fn add(&mut self, other: Ended) {
        self.deliveries.extend(other.deliveries);
        self.held.extend(other.held);
        self.partly.extend(other.partly);
    }
}

/// Sends what waits on a channel.
pub(crate) async fn deliver(ctx: &Arc<JobContext>, channel: Channel) -> store::Result<()> {
    let Some(mut turn) = ctx.deliveries.begin(channel) else { return Ok(()) };
    let mut under_way = JoinSet::new();
    let mut more = true;
    loop {
        let has_room = under_way.len() + BATCH as usize <= MOST;
        if more && has_room && !ctx.stop.is_cancelled() {
            more = claim(ctx, channel, &mut under_way).await?;
            // What ended meanwhile is written first: the claim may have been the last for a while.
            record(ctx, ended_by_now(&mut under_way, None)).await?;
            continue;
        }
        if under_way.is_empty() {
            if !ctx.stop.is_cancelled() && turn.goes_on() {
                more = true;
                continue;
            }
            return Ok(());
        }
        tokio::select! {
            Some(first) = under_way.join_next() => record(ctx, ended_by_now(&mut under_way, Some(first))).await?,
            () = turn.rung(), if !more => more = true,
        }
    }
}

/// Claims a batch and sends it on its way. False if nothing else is due.
async fn claim(ctx: &Arc<JobContext>, channel: Channel, under_way: &mut JoinSet<Ended>) -> store::Result<bool> {
    let now = ctx.clock.now();
    let mut due = ctx.store.claim_notifications(channel, now, lease(ctx), BATCH).await?;
    let more = due.len() == BATCH as usize;
    if due.is_empty() {
        return Ok(false);
    }
    let (mut ready, mut held) = parcels(ctx, channel, std::mem::take(&mut due), now).await?;
    if more {
        // Alerts of one digest wait for the same moment, so they come one after another: the rest of the last may be in the next
        // batch.
        if let Some(cut) = ready.pop_if(|last| last.is_digest) {
            let rest = ctx.store.claim_notifications(channel, now, lease(ctx), BATCH).await?;
            let together = cut.due.into_iter().chain(rest).collect();
            let (again, held_too) = parcels(ctx, channel, together, now).await?;
            ready.extend(again);
            held.extend(held_too);
        }
    }
    record(ctx, Ended { held, ..Ended::default() }).await?;
    for parcel in ready {
        under_way.spawn(send(ctx.clone(), parcel));
    }
    Ok(more)
}

async fn send(ctx: Arc<JobContext>, parcel: Parcel) -> Ended {
    carry(&ctx, parcel).await
}

/// Sends what is due and is killed before it notes anything.
#[cfg(test)]
pub(crate) async fn send_unnoted(ctx: &Arc<JobContext>, channel: Channel) {
    let due = ctx.store.claim_notifications(channel, ctx.clock.now(), lease(ctx), BATCH).await.unwrap();
    let (ready, _) = parcels(ctx, channel, due, ctx.clock.now()).await.unwrap();
    for parcel in ready {
        carry(ctx, parcel).await;
    }
}

/// What has ended, without waiting for more.
fn ended_by_now(under_way: &mut JoinSet<Ended>, first: Option<Result<Ended, JoinError>>) -> Ended {
    let mut all = Ended::default();
    let mut next = first.or_else(|| under_way.try_join_next());
    while let Some(ended) = next {
        match ended {
            Ok(ended) => all.add(ended),
            Err(error) => tracing::error!(%error, "a message was not finished; it is sent again when its lease ends"),
        }
        next = under_way.try_join_next();
    }
    all
}

async fn record(ctx: &JobContext, ended: Ended) -> store::Result<()> {
    // First what some ways have already: killed here, they are not told again.
    ctx.store.note_partly_delivered(&ended.partly).await?;
    if !ended.deliveries.is_empty() {
        ended.deliveries.iter().for_each(|delivery| count(Count::Deliveries, word(&delivery.outcome), 1));
        ctx.store.record_deliveries(&ended.deliveries, ctx.clock.now()).await?;
    }
    ctx.store.hold_notifications(&ended.held).await
}

/// How an attempt ended, for the metrics.
fn word(outcome: &DeliveryOutcome) -> &'static str {
    match outcome {
        DeliveryOutcome::Sent => "sent",
        DeliveryOutcome::Retry { .. } => "retry",
        DeliveryOutcome::Failed { .. } => "failed",
    }
}
