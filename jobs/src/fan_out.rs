//! Fan-out: from an event, or a changed rule, to notifications.

use std::collections::BTreeSet;

use domain::check::ProductState;
use domain::decide::{Decision, Occasion, Reason, decide, keys};
use domain::notification::{Alerted, Status};
use domain::{Channel, Notification, NotificationId, PriceEvent, Timestamp, Tracking};
use store::{DecidedTracking, PendingEvent, Revisit};

use crate::context::JobContext;
use crate::metrics::{Count, Stage, count, timed};
use crate::queue::Job;

/// Trackings in one transaction.
const PAGE: u32 = 500;

/// Decides about every tracking that an event may concern, page by page. Killed anywhere, it goes on where it was.
pub(crate) async fn fan_out(ctx: &JobContext, event: PendingEvent) -> store::Result<()> {
    let mut channels = BTreeSet::new();
    while let Some(page) = ctx.store.fan_out_page(event, PAGE).await? {
        let now = ctx.clock.now();
        let decided: Vec<_> = page
            .candidates
            .iter()
            .filter_map(|tracking| decide_one(tracking, &page.product, &page.event, Occasion::Event, now))
            .collect();
        timed(Stage::FanOut, ctx.store.record_fan_out(&page, &decided)).await?;
        count(Count::Notifications, "event", decided.iter().map(|one| one.notifications.len()).sum());
        channels.extend(told_on(&decided));
        ring(ctx, &mut channels).await;
        if ctx.stop.is_cancelled() {
            break;
        }
    }
    Ok(())
}

/// Decides about trackings that are due to be looked at again.
pub(crate) async fn revisit(ctx: &JobContext) -> store::Result<()> {
    let mut channels = BTreeSet::new();
    loop {
        let now = ctx.clock.now();
        let due = ctx.store.due_revisits(now, PAGE).await?;
        let decided: Vec<_> = due.iter().map(|revisit| decide_again(revisit, now)).collect();
        if !decided.is_empty() {
            ctx.store.record_revisits(&decided).await?;
            count(Count::Notifications, "revisit", decided.iter().map(|one| one.notifications.len()).sum());
        }
        channels.extend(told_on(&decided));
        ring(ctx, &mut channels).await;
        if due.len() < PAGE as usize || ctx.stop.is_cancelled() {
            return Ok(());
        }
    }
}

/// `None` where nothing is told and nothing about the tracking changes.
fn decide_one(
    tracking: &Tracking,
    product: &ProductState,
    event: &PriceEvent,
    occasion: Occasion,
    now: Timestamp,
) -> Option<DecidedTracking> {
    let decided = decide(tracking, event, occasion, now);
    let notifications = match &decided.decision {
        Decision::Notify(reason) => notifications(tracking, product, event, reason, now),
        Decision::Hold(_) | Decision::Nothing => Vec::new(),
    };
    if notifications.is_empty() && decided.tracking == *tracking {
        return None;
    }
    Some(DecidedTracking { keys: keys(&decided.tracking), tracking: decided.tracking, notifications })
}

fn decide_again(revisit: &Revisit, now: Timestamp) -> DecidedTracking {
    let Revisit { tracking, product } = revisit;
    let decided = product.last_event.as_ref().and_then(|event| decide_one(tracking, product, event, Occasion::Revisit, now));
    decided.unwrap_or_else(|| {
        // Nothing to decide about yet: it was looked at all the same.
        let tracking = Tracking { revisit_at: None, ..tracking.clone() };
        DecidedTracking { keys: keys(&tracking), tracking, notifications: Vec::new() }
    })
}

/// One notification a channel; the inbox is always among them.
fn notifications(
    tracking: &Tracking,
    product: &ProductState,
    event: &PriceEvent,
    reason: &Reason,
    now: Timestamp,
) -> Vec<Notification> {
    let Some(new_price) = event.new_price else { return Vec::new() };
    let alerted = Alerted {
        product_name: product.facts.name.clone().unwrap_or_else(|| product.url.clone()),
        shop: product.host.clone(),
        product_url: product.url.clone(),
        old_price: event.old_price,
        new_price,
        observed_at: event.at,
        reason: reason.clone(),
    };
    let channels: BTreeSet<Channel> = tracking.channels.iter().copied().chain([Channel::Inbox]).collect();
    let notification = |channel| {
        // What stands in the inbox has arrived.
        let (status, sent_at) = if channel == Channel::Inbox { (Status::Sent, Some(now)) } else { (Status::Pending, None) };
        Notification {
            id: NotificationId::derive(tracking.id, event.id, channel),
            product_id: tracking.product_id,
            tracking_id: tracking.id,
            event_id: event.id,
            user_id: tracking.user_id,
            channel,
            alerted: alerted.clone(),
            status,
            attempts: 0,
            next_attempt_at: now,
            last_error: None,
            created_at: now,
            sent_at,
            read_at: None,
        }
    };
    channels.into_iter().map(notification).collect()
}

/// The channels on which something waits to be sent.
fn told_on(decided: &[DecidedTracking]) -> impl Iterator<Item = Channel> {
    decided
        .iter()
        .flat_map(|decided| &decided.notifications)
        .filter(|told| told.status == Status::Pending)
        .map(|told| told.channel)
}

async fn ring(ctx: &JobContext, channels: &mut BTreeSet<Channel>) {
    while let Some(channel) = channels.pop_first() {
        ctx.ring(Job::Deliver(channel)).await;
    }
}
