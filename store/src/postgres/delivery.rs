//! The outbox: notifications that wait to be sent, and how attempts ended.

use std::collections::HashMap;
use std::time::Duration;

use domain::user::User;
use domain::{Channel, Notification, Timestamp, UserId};
use sqlx::{PgConnection, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::batch::column_rows;
use crate::error::Result;
use crate::model::{Delivery, DueNotification};
use crate::records::{DeliveryRow, NotificationRow};
use crate::rows::Columns;
use crate::{params, rows};

/// Adds notifications; ids are derived, so those already there stay as they are. The inbox is with its person.
pub(super) async fn insert(tx: &mut PgConnection, notifications: &[&Notification]) -> Result<()> {
    let batch = notifications.iter().map(|told| NotificationRow::of(told));
    let (mut inbox, mut outbox): (Vec<_>, Vec<_>) = batch.partition(NotificationRow::is_for_inbox);
    // In the order of their keys: neighbours in the index are written together, and two writers never wait in a circle.
    inbox.sort_by_key(|row| (row.user_id, row.notification_id));
    outbox.sort_by_key(|row| (row.product_id, row.notification_id));
    for (statement, rows) in [(sql::INSERT_INBOX, inbox), (sql::INSERT_NOTIFICATIONS, outbox)] {
        if !rows.is_empty() {
            column_rows(statement, &rows).execute(&mut *tx).await?;
        }
    }
    Ok(())
}

pub(super) async fn claim_notifications(
    store: &PostgresStore,
    channel: Channel,
    now: Timestamp,
    lease: Duration,
    limit: u32,
) -> Result<Vec<DueNotification>> {
    let until = params::lease_end(now, lease);
    let claimed = if store.is_sharded {
        scan_and_take(store, channel, now, until, limit).await?
    } else {
        let rows = query(sql::CLAIM_NOTIFICATIONS)
            .bind(channel.as_str())
            .bind(now.as_micros())
            .bind(i64::from(limit))
            .bind(until)
            .fetch_all(&store.pool)
            .await?;
        let mut claimed = rows.iter().map(rows::notification).collect::<Result<Vec<_>>>()?;
        for notification in &mut claimed {
            notification.attempts += 1;
            notification.next_attempt_at = Timestamp::from_micros(until);
        }
        claimed
    };
    let users = users(store, &claimed).await?;
    let with_user = |notification: Notification| {
        let user = users.get(&notification.user_id)?.clone();
        Some(DueNotification { notification, user })
    };
    Ok(claimed.into_iter().filter_map(with_user).collect())
}

/// A claim where a scan cannot lock: what was found due is taken where nobody else took it meanwhile.
async fn scan_and_take(
    store: &PostgresStore,
    channel: Channel,
    now: Timestamp,
    until: i64,
    limit: u32,
) -> Result<Vec<Notification>> {
    loop {
        let due = query(sql::DUE_NOTIFICATIONS)
            .bind(channel.as_str())
            .bind(now.as_micros())
            .bind(i64::from(limit))
            .fetch_all(&store.pool)
            .await?;
        let mut keys = due
            .iter()
            .map(|row| Ok((row.id("product_id")?, row.id("notification_id")?)))
            .collect::<Result<Vec<(Uuid, Uuid)>>>()?;
        keys.sort_unstable();
        let (products, ids): (Vec<Uuid>, Vec<Uuid>) = keys.into_iter().unzip();
        let taken = query(sql::TAKE_NOTIFICATIONS).bind(products).bind(ids).bind(now.as_micros()).bind(until);
        let taken = taken.fetch_all(&store.pool).await?;
        // Where another one took them all there may be more behind.
        if due.is_empty() || !taken.is_empty() {
            return taken.iter().map(rows::notification).collect();
        }
    }
}

/// Whom they are for: people may be on another server than the notification.
async fn users(store: &PostgresStore, claimed: &[Notification]) -> Result<HashMap<UserId, User>> {
    if claimed.is_empty() {
        return Ok(HashMap::new());
    }
    let ids: Vec<Uuid> = claimed.iter().map(|notification| notification.user_id.0).collect();
    let rows = query(sql::FIND_USERS).bind(ids).fetch_all(&store.pool).await?;
    let users = rows.iter().map(rows::user).collect::<Result<Vec<User>>>()?;
    Ok(users.into_iter().map(|user| (user.id, user)).collect())
}

pub(super) async fn record_deliveries(store: &PostgresStore, deliveries: &[Delivery], now: Timestamp) -> Result<()> {
    if deliveries.is_empty() {
        return Ok(());
    }
    let mut ended: Vec<_> = deliveries.iter().map(|delivery| DeliveryRow::of(delivery, now)).collect();
    ended.sort_by_key(|row| (row.product_id, row.notification_id));
    column_rows(sql::RECORD_DELIVERIES, &ended).execute(&store.pool).await?;
    Ok(())
}
