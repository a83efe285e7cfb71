//! Fan-out: an event's candidates by index, page by page, and writing what was decided about them.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use domain::{PriceEvent, Tracking, TrackingId};
use sqlx::sqlite::SqliteArguments;
use sqlx::{Sqlite, SqliteConnection, query};

use super::products::read_product;
use super::{SqliteStore, delivery, tracking_rows};
use crate::cursor::{Cursor, Stage};
use crate::error::Result;
use crate::model::{DecidedTracking, FanOutPage, PendingEvent};
use crate::rows::Columns;
use crate::{params, rows};

macro_rules! select_candidates {
    ($key:literal, $condition:literal) => {
        concat!(
            "SELECT ",
            include_str!("../sql/tracking_columns.sql"),
            ", ",
            $key,
            " AS watch_key FROM trackings t WHERE ",
            include_str!($condition)
        )
    };
}

pub(super) const FIND: &str = concat!(
    "SELECT ",
    include_str!("../sql/event_columns.sql"),
    ", e.fan_out_cursor FROM price_events e WHERE ",
    include_str!("../sql/next_event.sql")
);
pub(super) const BELOW: &str = select_candidates!("t.watch_below", "../sql/fan_out_below.sql");
pub(super) const ABOVE: &str = select_candidates!("t.watch_above", "../sql/fan_out_above.sql");
pub(super) const FALL: &str = select_candidates!("t.watch_fall", "../sql/fan_out_fall.sql");

pub(super) async fn pending_events(store: &SqliteStore, limit: u32) -> Result<Vec<PendingEvent>> {
    let rows = query(include_str!("../sql/pending_events.sql")).bind(limit).fetch_all(&store.readers).await?;
    rows.iter().map(rows::pending_event).collect()
}

pub(super) async fn fan_out_page(store: &SqliteStore, which: PendingEvent, size: u32) -> Result<Option<FanOutPage>> {
    let mut tx = store.read().await?;
    let row = query(FIND).bind(which.product_id.0).bind(which.event_id.0).fetch_optional(&mut *tx).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(cursor) = row.maybe_text("fan_out_cursor")? else { return Ok(None) };
    let event = rows::event(&row)?;
    let product = read_product(&mut tx, which.product_id).await?.context("an event has a product, by its foreign key")?;
    let (candidates, next) = candidates(&mut tx, &event, Cursor::parse(cursor)?, size.max(1) as usize).await?;
    Ok(Some(FanOutPage { event, product, candidates, cursor: cursor.to_owned(), next_cursor: next.map(|next| next.to_string()) }))
}

/// Up to `size` candidates after a place, across the stages, and the place after them.
async fn candidates(
    tx: &mut SqliteConnection,
    event: &PriceEvent,
    from: Cursor,
    size: usize,
) -> Result<(Vec<Tracking>, Option<Cursor>)> {
    let mut found = Vec::new();
    // A tracking can be a candidate for two reasons; within a page it is decided once. (Twice would be harmless.)
    let mut seen = HashSet::new();
    let mut place = Some(from);
    while let Some(cursor) = place {
        let room = size - found.len();
        if room == 0 {
            return Ok((found, Some(cursor)));
        }
        let rows = stage_query(&cursor, event, room).fetch_all(&mut *tx).await?;
        for row in &rows {
            let tracking = rows::tracking(row)?;
            if seen.insert(tracking.id) {
                found.push(tracking);
            }
        }
        place = match rows.last() {
            Some(last) if rows.len() == room => Some(cursor.after(last.int("watch_key")?, last.id("tracking_id")?)),
            _ => cursor.next_stage(event),
        };
    }
    Ok((found, None))
}

fn stage_query(cursor: &Cursor, event: &PriceEvent, room: usize) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    let sql = match cursor.stage {
        Stage::Below => BELOW,
        Stage::Above => ABOVE,
        Stage::Fall => FALL,
    };
    query(sql)
        .bind(event.product_id.0)
        .bind(cursor.key)
        // The empty text of bytes is before every id.
        .bind(cursor.after.map(|after| after.as_bytes().to_vec()).unwrap_or_default())
        .bind(i64::try_from(room).unwrap_or(i64::MAX))
        .bind(cursor.most(event))
}

pub(super) async fn record_fan_out(store: &SqliteStore, page: &FanOutPage, decided: &[DecidedTracking]) -> Result<()> {
    let mut tx = store.write().await?;
    let moved = query(include_str!("../sql/move_cursor.sql"))
        .bind(page.event.product_id.0)
        .bind(page.event.id.0)
        .bind(&page.cursor)
        .bind(&page.next_cursor)
        .execute(&mut *tx)
        .await?;
    if moved.rows_affected() == 0 {
        return Ok(());
    }
    let before: HashMap<TrackingId, &Tracking> = page.candidates.iter().map(|tracking| (tracking.id, tracking)).collect();
    let is_news = |decided: &&DecidedTracking| {
        !decided.notifications.is_empty() || before.get(&decided.tracking.id) != Some(&&decided.tracking)
    };
    let news: Vec<&DecidedTracking> = decided.iter().filter(is_news).collect();
    write_decided(&mut tx, &news).await?;
    Ok(tx.commit().await?)
}

/// Writes decided trackings with their notifications. What changed since it was read is neither told nor overwritten: it is due
/// to be looked at again at once.
pub(super) async fn write_decided(tx: &mut SqliteConnection, decided: &[&DecidedTracking]) -> Result<()> {
    let batch: Vec<_> = decided.iter().map(|decided| (&decided.tracking, decided.keys)).collect();
    let written = tracking_rows::update(tx, &batch).await?;
    let (written, changed): (Vec<&DecidedTracking>, Vec<_>) =
        decided.iter().partition(|decided| written.contains(&decided.tracking.id));
    if !changed.is_empty() {
        let ids: Vec<_> =
            changed.iter().map(|other| (params::hex(other.tracking.product_id.0), params::hex(other.tracking.id.0))).collect();
        query(include_str!("../sql/sqlite/revisit_again.sql")).bind(params::json(&ids)).execute(&mut *tx).await?;
    }
    let notifications: Vec<_> = written.iter().flat_map(|decided| &decided.notifications).collect();
    delivery::insert(tx, &notifications).await
}
