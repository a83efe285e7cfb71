//! A person's alerts, and how each went on every channel.

use std::collections::HashMap;

use domain::{Channel, EventId, NotificationId, Timestamp, TrackingId, UserId};
use sqlx::{PgConnection, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::error::Result;
use crate::model::{InboxEntry, Page, Window};
use crate::rows;

pub(super) async fn list_inbox(store: &PostgresStore, user: UserId, window: Window) -> Result<Page<InboxEntry>> {
    let mut tx = store.read().await?;
    let total: i64 = sqlx::query_scalar(sql::COUNT_INBOX).bind(user.0).fetch_one(&mut *tx).await?;
    let alerts = query(sql::LIST_INBOX)
        .bind(user.0)
        .bind(i64::from(window.limit))
        .bind(i64::from(window.offset))
        .fetch_all(&mut *tx)
        .await?;
    let mut entries = Vec::with_capacity(alerts.len());
    for row in &alerts {
        entries.push(InboxEntry { notification: rows::notification(row)?, deliveries: Vec::new() });
    }
    add_deliveries(&mut tx, &mut entries).await?;
    Ok(Page { rows: entries, total: total.unsigned_abs() })
}

/// Adds to each alert what the other channels were told of it. Their ids are derived from the same tracking and event.
async fn add_deliveries(tx: &mut PgConnection, entries: &mut [InboxEntry]) -> Result<()> {
    let (mut products, mut ids): (Vec<Uuid>, Vec<Uuid>) = (Vec::new(), Vec::new());
    for InboxEntry { notification: alert, .. } in entries.iter() {
        for channel in Channel::ALL.into_iter().filter(|channel| *channel != Channel::Inbox) {
            products.push(alert.product_id.0);
            ids.push(NotificationId::derive(alert.tracking_id, alert.event_id, channel).0);
        }
    }
    let mut positions: HashMap<(TrackingId, EventId), usize> = HashMap::new();
    for (position, InboxEntry { notification: alert, .. }) in entries.iter().enumerate() {
        positions.insert((alert.tracking_id, alert.event_id), position);
    }
    for row in &query(sql::DELIVERIES).bind(products).bind(ids).fetch_all(tx).await? {
        let delivery = rows::notification(row)?;
        if let Some(position) = positions.get(&(delivery.tracking_id, delivery.event_id)) {
            entries[*position].deliveries.push(delivery);
        }
    }
    Ok(())
}

pub(super) async fn count_unread(store: &PostgresStore, user: UserId) -> Result<u64> {
    let unread: i64 = sqlx::query_scalar(sql::COUNT_UNREAD).bind(user.0).fetch_one(&store.pool).await?;
    Ok(unread.unsigned_abs())
}

pub(super) async fn mark_read(
    store: &PostgresStore,
    user: UserId,
    which: Option<&[NotificationId]>,
    now: Timestamp,
) -> Result<()> {
    let ids: Option<Vec<Uuid>> = which.map(|ids| ids.iter().map(|id| id.0).collect());
    query(sql::MARK_READ).bind(user.0).bind(now.as_micros()).bind(ids).execute(&store.pool).await?;
    Ok(())
}
