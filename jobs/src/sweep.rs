//! The sweeper: rings again for whatever waits in the database. A bell that was lost costs time, nothing else.

use domain::Channel;

use crate::context::JobContext;
use crate::queue::Job;

/// Events that are rung for in one sweep.
const MAX_EVENTS: u32 = 1_000;

/// Sweeps until the stop: at once, at each interval, and when it is woken.
pub(crate) async fn sweep(ctx: &JobContext) {
    while !ctx.stop.is_cancelled() {
        ring_for_all(ctx).await;
        tokio::select! {
            () = ctx.stop.cancelled() => {}
            () = ctx.wake_sweeper.notified() => {}
            () = tokio::time::sleep(ctx.config.sweep_every) => {}
        }
    }
}

async fn ring_for_all(ctx: &JobContext) {
    match ctx.store.pending_events(MAX_EVENTS).await {
        Ok(events) => {
            for event in events {
                ctx.ring(Job::FanOut(event)).await;
            }
        }
        Err(error) => tracing::warn!(%error, "could not look for events; the next sweep looks again"),
    }
    ctx.ring(Job::Revisit).await;
    for channel in Channel::ALL.into_iter().filter(|channel| *channel != Channel::Inbox) {
        ctx.ring(Job::Deliver(channel)).await;
    }
}
