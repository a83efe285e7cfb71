//! One parcel on its way: is it still true, through which lanes, how did it end.

use std::time::Duration;

use domain::decide::Reason;
use domain::time::{DAY, HOUR, SECOND};
use domain::{Channel, EventId, Money, Notification, Timestamp};
use futures::future::join_all;
use moka::future::Cache;
use store::{Delivery, DeliveryOutcome, DueNotification, HeldNotification, Owned, PartlyDelivered};
use uuid::Uuid;

use super::outcome::{End, WayEnd, outcome};
use super::parcels::Parcel;
use super::{Ended, deadline};
use crate::context::JobContext;
use crate::metrics::{Stage, timed};
use crate::notify::{Alert, Curve, DeliveryError, Letter, Says, Way, draw_curve};

/// A message that goes out so long after the price was seen is held against what is known by now.
const LATE: i64 = HOUR;

/// Drawn curves: many people are told of the same event.
pub(crate) type Curves = Cache<(EventId, Option<Money>), Option<Curve>>;

/// Sends a parcel by all of its ways.
pub(super) async fn carry(ctx: &JobContext, parcel: Parcel) -> Ended {
    let mut ended = Ended::default();
    let Parcel { channel, due, is_digest, ways, no_way, is_partly_delivered } = parcel;
    let mut still = Vec::with_capacity(due.len());
    for due in due {
        match untrue_by_now(ctx, &due).await {
            Ok(None) => still.push(due),
            Ok(Some(error)) => ended.deliveries.push(delivery(&due, DeliveryOutcome::Failed { error })),
            Err(error) => {
                let reason = format!("the database did not answer ({error})");
                ended.held.push(held(&due, ctx.clock.now().plus_micros(30 * SECOND), reason));
            }
        }
    }
    let Some(first) = still.first() else { return ended };
    if ways.is_empty() {
        // Its ways have it, or there is none.
        let all = if is_partly_delivered { DeliveryOutcome::Sent } else { DeliveryOutcome::Failed { error: no_way } };
        ended.deliveries.extend(still.iter().map(|due| delivery(due, all.clone())));
        return ended;
    }
    let leased_until = first.notification.next_attempt_at;
    let letter = letter(ctx, channel, &still, is_digest).await;
    let ends = join_all(ways.iter().map(|way| go(ctx, channel, way, &letter, leased_until))).await;
    let now = ctx.clock.now();
    let attempts = first.notification.attempts;
    let end = outcome(&ends, since(first, channel, is_digest, &ctx.clock.now()), attempts, now);
    let is_over = matches!(&end, End::Tried(DeliveryOutcome::Sent | DeliveryOutcome::Failed { .. }));
    // What one way has is told, whatever became of the others: those say at the channel what was wrong.
    let end = match end {
        End::Tried(DeliveryOutcome::Failed { .. }) if is_partly_delivered => End::Tried(DeliveryOutcome::Sent),
        end => end,
    };
    for (way, end) in ways.iter().zip(&ends) {
        note(ctx, way, end, is_over).await;
    }
    log(&letter, channel, &end);
    for due in &still {
        match &end {
            End::Tried(outcome) => ended.deliveries.push(delivery(due, outcome.clone())),
            End::Waits { until, reason } => ended.held.push(held(due, *until, reason.clone())),
        }
        let goes_on = matches!(&end, End::Waits { .. } | End::Tried(DeliveryOutcome::Retry { .. }));
        let has = ways.iter().zip(&ends).filter(|(_, end)| goes_on && **end == WayEnd::Has);
        let (product_id, id) = (due.notification.product_id, due.notification.id);
        ended.partly.extend(has.map(|(way, _)| PartlyDelivered { product_id, id, channel_id: way.id }));
    }
    ended
}

/// One way: through the lane of its server.
async fn go(ctx: &JobContext, channel: Channel, way: &Way, letter: &Letter, leased_until: Timestamp) -> WayEnd {
    let host = ctx.notifiers.host(way);
    let entry = match ctx.lanes.enter(channel, &host, &way.destination(), ctx.clock.now()).await {
        Ok(entry) => entry,
        Err(turned) => return WayEnd::Waits { until: turned.until, reason: turned.reason },
    };
    let _room = entry.room().await;
    let now = ctx.clock.now();
    if ctx.stop.is_cancelled() {
        return WayEnd::Waits { until: now, reason: "Plummet was stopped; it is sent when it runs again".into() };
    }
    // Begun now, it might still be under way when another worker takes it.
    if now.plus_micros(i64::try_from(deadline(ctx).as_micros()).unwrap_or(0)) > leased_until {
        return WayEnd::Waits { until: now.plus_micros(SECOND), reason: format!("many messages wait for {host}") };
    }
    let sent = match tokio::time::timeout(deadline(ctx), timed(Stage::Deliver, ctx.notifiers.send(way, letter))).await {
        Ok(sent) => sent,
        Err(_) => Err(DeliveryError::transient(format!("{host} did not answer in time; it is sent again later"))),
    };
    ctx.lanes.report(&entry, sent.as_ref().copied(), ctx.clock.now());
    match sent {
        Ok(()) => WayEnd::Has,
        Err(error) => WayEnd::Failed(error),
    }
}

/// Shows the owner of a way what is wrong with it, or that nothing is any more.
async fn note(ctx: &JobContext, way: &Way, end: &WayEnd, is_over: bool) {
    let (error, enabled) = match end {
        WayEnd::Has if way.had_error => (None, None),
        WayEnd::Failed(DeliveryError::Gone(why)) => (Some(why.as_str()), Some(false)),
        WayEnd::Failed(DeliveryError::Permanent(why)) => (Some(why.as_str()), None),
        // While it is tried again the alert says so; noted at the channel, an outage would cost a write a message.
        WayEnd::Failed(DeliveryError::Transient { why, .. }) if is_over => (Some(why.as_str()), None),
        WayEnd::Has | WayEnd::Waits { .. } | WayEnd::Failed(DeliveryError::Transient { .. }) => return,
    };
    if let Err(error) = ctx.store.note_channel(way.user_id, way.id, error, enabled).await {
        tracing::warn!(channel.id = %way.id, %error, "could not note how a channel is");
    }
}

/// Why a message that comes late must not be sent any more. It stays in the inbox, where its time stands beside it.
async fn untrue_by_now(ctx: &JobContext, due: &DueNotification) -> store::Result<Option<String>> {
    let told = &due.notification;
    if ctx.clock.now().micros_since(told.alerted.observed_at) < LATE {
        return Ok(None);
    }
    let which = Owned { user_id: told.user_id, tracking_id: told.tracking_id };
    let Some(known) = ctx.store.find_tracking(which).await? else {
        return Ok(Some("not sent: you do not track this product any more".into()));
    };
    if !known.tracking.active {
        return Ok(Some("not sent: you paused this tracking meanwhile".into()));
    }
    if !known.tracking.channels.contains(&told.channel) {
        return Ok(Some(format!("not sent: this tracking does not tell by {} any more", told.channel.as_str())));
    }
    let (product, locale) = (&known.product, due.user.locale);
    if product.availability.is_buyable() == Some(false) {
        return Ok(Some("not sent: it is sold out by now".into()));
    }
    let risen =
        product.price.filter(|price| *price > told.alerted.new_price || price.currency != told.alerted.new_price.currency);
    Ok(risen.map(|price| format!("not sent: the price is {} by now", locale.money(price))))
}

async fn letter(ctx: &JobContext, channel: Channel, due: &[DueNotification], is_digest: bool) -> Letter {
    let mut alerts = Vec::with_capacity(due.len());
    for due in due {
        let curve = if channel == Channel::Email { curve(ctx, &due.notification).await } else { None };
        alerts.push(Alert { notification: due.notification.clone(), curve });
    }
    let first = &due[0];
    let told = &first.notification;
    let (id, at) = if is_digest {
        let last = due.iter().map(|due| due.notification.created_at).max().unwrap_or(told.created_at);
        (digest_id(due).to_string(), last)
    } else {
        (told.id.to_string(), told.created_at)
    };
    let says = match alerts.pop() {
        Some(alert) if !is_digest => Says::Alert(Box::new(alert)),
        last => {
            alerts.extend(last);
            Says::Digest(alerts)
        }
    };
    Letter { id, at, now: ctx.clock.now(), user: first.user.clone(), says }
}

/// The same alerts give the same id: a digest that is sent again is recognisable.
fn digest_id(due: &[DueNotification]) -> Uuid {
    let mut ids: Vec<_> = due.iter().map(|due| due.notification.id).collect();
    ids.sort_unstable();
    let bytes: Vec<u8> = ids.iter().flat_map(|id| id.0.into_bytes()).collect();
    Uuid::new_v5(&due[0].user.id.0, &bytes)
}

/// The price's curve up to what was told. A mail without it is still a mail.
async fn curve(ctx: &JobContext, told: &Notification) -> Option<Curve> {
    let target = match &told.alerted.reason {
        Reason::Target { target, .. } => Some(*target),
        _ => None,
    };
    let (product, at) = (told.product_id, told.alerted.observed_at);
    let draw = async {
        let runs = ctx.store.price_runs(product, at.plus_micros(-100 * DAY), at).await.ok()?;
        draw_curve(&runs, target, at)
    };
    ctx.curves.get_with((told.event_id, target), draw).await
}

/// When it could have gone out first: a digest's day begins with the digest.
fn since(due: &DueNotification, channel: Channel, is_digest: bool, now: &Timestamp) -> Timestamp {
    let told = &due.notification;
    if !is_digest || channel != Channel::Email {
        return told.created_at;
    }
    // At the latest a day after it was told: whatever the digest's time was, it came once in between.
    told.created_at.plus_micros(DAY).min(*now)
}

fn delivery(due: &DueNotification, outcome: DeliveryOutcome) -> Delivery {
    Delivery { product_id: due.notification.product_id, id: due.notification.id, outcome }
}

fn held(due: &DueNotification, until: Timestamp, reason: String) -> HeldNotification {
    HeldNotification { product_id: due.notification.product_id, id: due.notification.id, until, reason }
}

fn log(letter: &Letter, channel: Channel, end: &End) {
    let (id, channel) = (letter.id.as_str(), channel.as_str());
    match end {
        End::Tried(DeliveryOutcome::Sent) => tracing::debug!(notification.id = id, notification.channel = channel, "sent"),
        End::Tried(DeliveryOutcome::Retry { error, .. }) => {
            tracing::warn!(notification.id = id, notification.channel = channel, error, "not sent yet");
        }
        End::Tried(DeliveryOutcome::Failed { error }) => {
            tracing::warn!(notification.id = id, notification.channel = channel, error, "will not be sent");
        }
        End::Waits { reason, .. } => {
            tracing::debug!(notification.id = id, notification.channel = channel, reason, "waits");
        }
    }
}

/// An empty cache.
pub(crate) fn curves() -> Curves {
    Cache::builder().max_capacity(2_048).time_to_live(Duration::from_secs(600)).build()
}
