//! The outbox: notifications that wait to be sent, and how attempts ended.

use std::time::Duration;

use domain::notification::Status;
use domain::{Channel, Notification, Timestamp};
use sqlx::{SqliteConnection, query};

use super::{SqliteStore, params, rows};
use crate::error::Result;
use crate::model::{Delivery, DeliveryOutcome, DueNotification};

pub(super) const DUE: &str = concat!(
    "SELECT ",
    include_str!("../sql/notification_columns.sql"),
    ", ",
    include_str!("../sql/user_columns.sql"),
    " FROM ",
    include_str!("../sql/due_notifications.sql")
);

/// Adds notifications; ids are derived, so those already there stay as they are.
pub(super) async fn insert(tx: &mut SqliteConnection, notifications: &[&Notification]) -> Result<()> {
    if notifications.is_empty() {
        return Ok(());
    }
    let batch: Vec<_> = notifications
        .iter()
        .map(|told| {
            (
                params::hex(told.product_id.0),
                params::hex(told.id.0),
                params::hex(told.tracking_id.0),
                params::hex(told.event_id.0),
                params::hex(told.user_id.0),
                told.channel.as_str(),
                params::json(&told.alerted),
                told.status.as_str(),
                told.attempts,
                told.next_attempt_at.as_micros(),
                told.last_error.as_deref(),
                told.created_at.as_micros(),
                params::micros(told.sent_at),
                params::micros(told.read_at),
            )
        })
        .collect();
    query(include_str!("../sql/insert_notifications.sql")).bind(params::json(&batch)).execute(tx).await?;
    Ok(())
}

pub(super) async fn claim_notifications(
    store: &SqliteStore,
    channel: Channel,
    now: Timestamp,
    lease: Duration,
    limit: u32,
) -> Result<Vec<DueNotification>> {
    let due = || query(DUE).bind(channel.as_str()).bind(now.as_micros());
    // Most often nothing is due: a look that needs no write lock.
    if due().bind(1).fetch_optional(&store.readers).await?.is_none() {
        return Ok(Vec::new());
    }
    let until = params::lease_end(now, lease);
    let mut tx = store.write().await?;
    let rows = due().bind(limit).fetch_all(&mut *tx).await?;
    let mut claimed = Vec::with_capacity(rows.len());
    for row in &rows {
        let mut notification = rows::notification(row)?;
        notification.attempts += 1;
        notification.next_attempt_at = Timestamp::from_micros(until);
        claimed.push(DueNotification { notification, user: rows::user(row)? });
    }
    let ids: Vec<_> =
        claimed.iter().map(|due| (params::hex(due.notification.product_id.0), params::hex(due.notification.id.0))).collect();
    query(include_str!("../sql/lease_notifications.sql")).bind(params::json(&ids)).bind(until).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(claimed)
}

pub(super) async fn record_deliveries(store: &SqliteStore, deliveries: &[Delivery], now: Timestamp) -> Result<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let ended: Vec<_> = deliveries
        .iter()
        .map(|delivery| {
            let (status, error, retry_at) = match &delivery.outcome {
                DeliveryOutcome::Sent => (Status::Sent, None, None),
                DeliveryOutcome::Retry { at, error } => (Status::Pending, Some(error), Some(at.as_micros())),
                DeliveryOutcome::Failed { error } => (Status::Failed, Some(error), None),
            };
            (params::hex(delivery.product_id.0), params::hex(delivery.id.0), status.as_str(), error, retry_at)
        })
        .collect();
    let mut tx = store.write().await?;
    query(include_str!("../sql/record_deliveries.sql"))
        .bind(params::json(&ended))
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}
