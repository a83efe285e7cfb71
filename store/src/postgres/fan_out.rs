//! Fan-out: an event's candidates by index, page by page, and writing what was decided about them.

use std::collections::{HashMap, HashSet};

use anyhow::Context;
use domain::{PriceEvent, Tracking, TrackingId};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres, query};
use uuid::Uuid;

use super::products::read_product;
use super::{PostgresStore, delivery, sql, tracking_rows};
use crate::batch::column_rows;
use crate::cursor::{Cursor, Stage};
use crate::error::Result;
use crate::model::{DecidedTracking, FanOutPage, PendingEvent};
use crate::records::KeyRow;
use crate::rows;
use crate::rows::Columns;

pub(super) async fn pending_events(store: &PostgresStore, limit: u32) -> Result<Vec<PendingEvent>> {
    let rows = query(sql::PENDING_EVENTS).bind(i64::from(limit)).fetch_all(&store.pool).await?;
    rows.iter().map(rows::pending_event).collect()
}

pub(super) async fn fan_out_page(store: &PostgresStore, which: PendingEvent, size: u32) -> Result<Option<FanOutPage>> {
    let mut tx = store.read().await?;
    let row = query(sql::NEXT_EVENT).bind(which.product_id.0).bind(which.event_id.0).fetch_optional(&mut *tx).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(cursor) = row.maybe_text("fan_out_cursor")? else { return Ok(None) };
    let event = rows::event(&row)?;
    let product = read_product(&mut tx, which.product_id).await?.context("an event has a product, by its foreign key")?;
    let (candidates, next) = candidates(&mut tx, &event, Cursor::parse(cursor)?, size.max(1) as usize).await?;
    let next_cursor = next.map(|next| next.to_string());
    Ok(Some(FanOutPage { event, product, candidates, cursor: cursor.to_owned(), next_cursor }))
}

/// Up to `size` candidates after a place, across the stages, and the place after them.
async fn candidates(
    tx: &mut PgConnection,
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

fn stage_query(cursor: &Cursor, event: &PriceEvent, room: usize) -> Query<'static, Postgres, PgArguments> {
    let statement = match cursor.stage {
        Stage::Below => sql::BELOW,
        Stage::Above => sql::ABOVE,
        Stage::Fall => sql::FALL,
    };
    let query = query(statement)
        .bind(event.product_id.0)
        .bind(cursor.key)
        // Before every id: none is derived as nothing but zeros.
        .bind(cursor.after.unwrap_or(Uuid::nil()))
        .bind(i64::try_from(room).unwrap_or(i64::MAX));
    match cursor.stage {
        Stage::Below => query,
        Stage::Above | Stage::Fall => query.bind(cursor.most(event)),
    }
}

pub(super) async fn record_fan_out(store: &PostgresStore, page: &FanOutPage, decided: &[DecidedTracking]) -> Result<()> {
    let mut tx = store.write().await?;
    // Another worker with this page waits here until the first has committed, and then finds the event elsewhere.
    let moved = query(sql::MOVE_CURSOR)
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
pub(super) async fn write_decided(tx: &mut PgConnection, decided: &[&DecidedTracking]) -> Result<()> {
    let batch: Vec<_> = decided.iter().map(|decided| (&decided.tracking, decided.keys)).collect();
    let written = tracking_rows::update(tx, &batch).await?;
    let (written, changed): (Vec<&DecidedTracking>, Vec<&DecidedTracking>) =
        decided.iter().partition(|decided| written.contains(&decided.tracking.id));
    if !changed.is_empty() {
        let key = |other: &&DecidedTracking| KeyRow { product_id: other.tracking.product_id.0, id: other.tracking.id.0 };
        column_rows(sql::REVISIT_AGAIN, &changed.iter().map(key).collect::<Vec<_>>()).execute(&mut *tx).await?;
    }
    let notifications: Vec<_> = written.iter().flat_map(|decided| &decided.notifications).collect();
    delivery::insert(tx, &notifications).await
}
