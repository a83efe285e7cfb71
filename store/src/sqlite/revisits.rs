//! Trackings that are looked at again without a new event.

use domain::Timestamp;
use sqlx::query;

use super::SqliteStore;
use super::fan_out::write_decided;
use super::trackings::select_tracked;
use crate::error::Result;
use crate::model::{DecidedTracking, Revisit, TrackedProduct};
use crate::rows;

pub(super) const DUE: &str = select_tracked!("t.revisit_at <= $1 ORDER BY t.revisit_at, t.tracking_id LIMIT $2");

pub(super) async fn due_revisits(store: &SqliteStore, now: Timestamp, limit: u32) -> Result<Vec<Revisit>> {
    let rows = query(DUE).bind(now.as_micros()).bind(limit).fetch_all(&store.readers).await?;
    rows.iter()
        .map(|row| {
            let TrackedProduct { tracking, product } = rows::tracked(row)?;
            Ok(Revisit { tracking, product })
        })
        .collect()
}

pub(super) async fn record_revisits(store: &SqliteStore, decided: &[DecidedTracking]) -> Result<()> {
    if decided.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    write_decided(&mut tx, &decided.iter().collect::<Vec<_>>()).await?;
    Ok(tx.commit().await?)
}
