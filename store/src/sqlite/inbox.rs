//! A person's alerts, and how each went on every channel.

use domain::{NotificationId, Timestamp, UserId};
use sqlx::{Row, SqliteConnection, query};

use super::SqliteStore;
use crate::error::Result;
use crate::model::{InboxEntry, Page, Window};
use crate::{params, rows};

pub(super) async fn list_inbox(store: &SqliteStore, user: UserId, window: Window) -> Result<Page<InboxEntry>> {
    const LIST: &str = concat!(
        "SELECT ",
        include_str!("../sql/notification_columns.sql"),
        " FROM notifications n WHERE n.user_id = $1 AND n.channel = 'inbox'",
        " ORDER BY n.created_at DESC, n.notification_id LIMIT $2 OFFSET $3"
    );
    let mut tx = store.read().await?;
    let total: i64 = sqlx::query_scalar("SELECT count(*) FROM notifications WHERE user_id = $1 AND channel = 'inbox'")
        .bind(user.0)
        .fetch_one(&mut *tx)
        .await?;
    let alerts = query(LIST).bind(user.0).bind(window.limit).bind(window.offset).fetch_all(&mut *tx).await?;
    let mut entries = Vec::with_capacity(alerts.len());
    for row in &alerts {
        entries.push(InboxEntry { notification: rows::notification(row)?, deliveries: Vec::new() });
    }
    add_deliveries(&mut tx, &mut entries).await?;
    Ok(Page { rows: entries, total: total.unsigned_abs() })
}

/// Adds to each alert what the other channels were told of it.
async fn add_deliveries(tx: &mut SqliteConnection, entries: &mut [InboxEntry]) -> Result<()> {
    const DELIVERIES: &str = concat!(
        "SELECT alert.key AS position, ",
        include_str!("../sql/notification_columns.sql"),
        " FROM json_each($1) AS alert CROSS JOIN notifications n",
        " WHERE n.product_id = unhex(alert.value ->> 0) AND n.tracking_id = unhex(alert.value ->> 1)",
        " AND n.event_id = unhex(alert.value ->> 2) AND n.channel <> 'inbox'",
        " ORDER BY alert.key, n.channel"
    );
    let alerts: Vec<_> = entries
        .iter()
        .map(|entry| {
            let alert = &entry.notification;
            (params::hex(alert.product_id.0), params::hex(alert.tracking_id.0), params::hex(alert.event_id.0))
        })
        .collect();
    for row in &query(DELIVERIES).bind(params::json(&alerts)).fetch_all(tx).await? {
        let position = usize::try_from(row.try_get::<i64, _>("position")?).unwrap_or(usize::MAX);
        if let Some(entry) = entries.get_mut(position) {
            entry.deliveries.push(rows::notification(row)?);
        }
    }
    Ok(())
}

pub(super) async fn count_unread(store: &SqliteStore, user: UserId) -> Result<u64> {
    const UNREAD: &str = "SELECT count(*) FROM notifications WHERE user_id = $1 AND channel = 'inbox' AND read_at IS NULL";
    let unread: i64 = sqlx::query_scalar(UNREAD).bind(user.0).fetch_one(&store.readers).await?;
    Ok(unread.unsigned_abs())
}

pub(super) async fn mark_read(store: &SqliteStore, user: UserId, which: Option<&[NotificationId]>, now: Timestamp) -> Result<()> {
    let ids = which.map(|ids| params::hex_array(ids.iter().map(|id| id.0)));
    let mut tx = store.write().await?;
    query(include_str!("../sql/sqlite/mark_read.sql")).bind(user.0).bind(now.as_micros()).bind(ids).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}
