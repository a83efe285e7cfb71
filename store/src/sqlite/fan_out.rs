//! Fan-out: an event's candidates by index, page by page, and writing what was decided about them.
//!
//! Candidates come in three stages, one an index: trackings that watch for a price as low as this one, for one as high, and for
//! a fall as large. Within a stage they are paged by (key, tracking).

use std::collections::{HashMap, HashSet};
use std::fmt;

use anyhow::{Context, anyhow};
use domain::{EventId, PriceEvent, ProductId, Tracking, TrackingId};
use sqlx::{Row, SqliteConnection, query};
use uuid::Uuid;

use super::products::read_product;
use super::{SqliteStore, delivery, params, rows, tracking_rows};
use crate::error::Result;
use crate::model::{DecidedTracking, FanOutPage, PendingEvent};

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

/// One of the three ways to be a candidate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Below,
    Above,
    Fall,
}

/// A place in an event's fan-out: after this tracking of this stage. Stored as `stage:key:tracking`.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Cursor {
    stage: Stage,
    key: i64,
    /// Empty at the start of a stage: before every id.
    after: Vec<u8>,
}

/// Where an event's fan-out begins; `None` if it tells no price, so that nothing can be decided.
pub(super) fn first_cursor(event: &PriceEvent) -> Option<String> {
    Some(Cursor::start(Stage::Below, event)?.to_string())
}

impl Cursor {
    /// Before the first candidate of a stage; `None` if the stage has none.
    fn start(stage: Stage, event: &PriceEvent) -> Option<Self> {
        let price = event.new_price?;
        let key = match stage {
            Stage::Below => price.minor,
            Stage::Above => i64::MIN,
            Stage::Fall => event.fall_basis_points().filter(|fall| *fall > 0).and(Some(i64::MIN))?,
        };
        Some(Cursor { stage, key, after: Vec::new() })
    }

    /// Before the first candidate of the next stage that has any.
    fn next_stage(&self, event: &PriceEvent) -> Option<Self> {
        match self.stage {
            Stage::Below => Cursor::start(Stage::Above, event).or_else(|| Cursor::start(Stage::Fall, event)),
            Stage::Above => Cursor::start(Stage::Fall, event),
            Stage::Fall => None,
        }
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let mut parts = text.split(':');
        let (stage, key, after) = (parts.next(), parts.next(), parts.next());
        let stage = match stage {
            Some("below") => Stage::Below,
            Some("above") => Stage::Above,
            Some("fall") => Stage::Fall,
            _ => return Err(anyhow!("`{text}` is no place in a fan-out")),
        };
        let key = key.unwrap_or_default().parse().with_context(|| format!("`{text}` is no place in a fan-out"))?;
        let after = match after {
            None | Some("") => Vec::new(),
            Some(hex) => Uuid::try_parse(hex)?.as_bytes().to_vec(),
        };
        Ok(Cursor { stage, key, after })
    }
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stage = match self.stage {
            Stage::Below => "below",
            Stage::Above => "above",
            Stage::Fall => "fall",
        };
        let after = Uuid::from_slice(&self.after).map(params::hex).unwrap_or_default();
        write!(f, "{stage}:{}:{after}", self.key)
    }
}

pub(super) async fn pending_events(store: &SqliteStore, limit: u32) -> Result<Vec<PendingEvent>> {
    let rows = query(include_str!("../sql/pending_events.sql")).bind(limit).fetch_all(&store.readers).await?;
    rows.iter()
        .map(|row| {
            let product_id = ProductId(rows::uuid(row, "product_id")?);
            Ok(PendingEvent { product_id, event_id: EventId(rows::uuid(row, "event_id")?) })
        })
        .collect()
}

pub(super) async fn fan_out_page(store: &SqliteStore, which: PendingEvent, size: u32) -> Result<Option<FanOutPage>> {
    let mut tx = store.read().await?;
    let row = query(FIND)
        .bind(which.product_id.0.as_bytes().as_slice())
        .bind(which.event_id.0.as_bytes().as_slice())
        .fetch_optional(&mut *tx)
        .await?;
    let Some(row) = row else { return Ok(None) };
    let Some(cursor) = row.try_get::<Option<String>, _>("fan_out_cursor")? else { return Ok(None) };
    let event = rows::event(&row)?;
    let product = read_product(&mut tx, which.product_id).await?.context("an event has a product, by its foreign key")?;
    let (candidates, next) = candidates(&mut tx, &event, Cursor::parse(&cursor)?, size.max(1) as usize).await?;
    Ok(Some(FanOutPage { event, product, candidates, cursor, next_cursor: next.map(|next| next.to_string()) }))
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
            Some(last) if rows.len() == room => {
                let after = rows::uuid(last, "tracking_id")?.as_bytes().to_vec();
                Some(Cursor { stage: cursor.stage, key: last.try_get("watch_key")?, after })
            }
            _ => cursor.next_stage(event),
        };
    }
    Ok((found, None))
}

fn stage_query(
    cursor: &Cursor,
    event: &PriceEvent,
    room: usize,
) -> sqlx::query::Query<'static, sqlx::Sqlite, sqlx::sqlite::SqliteArguments> {
    let (sql, most) = match cursor.stage {
        Stage::Below => (BELOW, None),
        Stage::Above => (ABOVE, event.new_price.map(|price| price.minor)),
        Stage::Fall => (FALL, event.fall_basis_points()),
    };
    query(sql)
        .bind(event.product_id.0.as_bytes().to_vec())
        .bind(cursor.key)
        .bind(cursor.after.clone())
        .bind(i64::try_from(room).unwrap_or(i64::MAX))
        .bind(most)
}

pub(super) async fn record_fan_out(store: &SqliteStore, page: &FanOutPage, decided: &[DecidedTracking]) -> Result<()> {
    let mut tx = store.write().await?;
    let moved =
        query("UPDATE price_events SET fan_out_cursor = $4 WHERE product_id = $1 AND event_id = $2 AND fan_out_cursor = $3")
            .bind(page.event.product_id.0.as_bytes().as_slice())
            .bind(page.event.id.0.as_bytes().as_slice())
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
        query(include_str!("../sql/revisit_again.sql")).bind(params::json(&ids)).execute(&mut *tx).await?;
    }
    let notifications: Vec<_> = written.iter().flat_map(|decided| &decided.notifications).collect();
    delivery::insert(tx, &notifications).await
}
