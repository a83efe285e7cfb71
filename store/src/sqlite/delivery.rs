//! The outbox: notifications that wait to be sent, and how attempts ended.

use std::time::Duration;

use domain::{Channel, Notification, Timestamp};
use sqlx::{SqliteConnection, query};

use super::SqliteStore;
use crate::batch::json_rows;
use crate::error::Result;
use crate::model::{Delivery, DueNotification};
use crate::records::{DeliveryRow, NotificationRow};
use crate::{params, rows};

pub(super) const DUE: &str = concat!(
    "SELECT ",
    include_str!("../sql/notification_columns.sql"),
    ", ",
    include_str!("../sql/user_columns.sql"),
    " FROM ",
    include_str!("../sql/sqlite/due_notifications.sql")
);
pub(super) const RECORD: &str =
    concat!(include_str!("../sql/sqlite/ended_deliveries.sql"), include_str!("../sql/record_deliveries.sql"));
const INSERT: &str =
    concat!(include_str!("../sql/sqlite/new_notifications.sql"), include_str!("../sql/insert_notifications.sql"));

/// Adds notifications; ids are derived, so those already there stay as they are.
pub(super) async fn insert(tx: &mut SqliteConnection, notifications: &[&Notification]) -> Result<()> {
    if notifications.is_empty() {
        return Ok(());
    }
    let batch: Vec<_> = notifications.iter().map(|told| NotificationRow::of(told)).collect();
    json_rows(INSERT, &batch).execute(tx).await?;
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
    json_rows(include_str!("../sql/sqlite/lease_notifications.sql"), &ids).bind(until).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(claimed)
}

pub(super) async fn record_deliveries(store: &SqliteStore, deliveries: &[Delivery], now: Timestamp) -> Result<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let ended: Vec<_> = deliveries.iter().map(|delivery| DeliveryRow::of(delivery, now)).collect();
    let mut tx = store.write().await?;
    json_rows(RECORD, &ended).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
