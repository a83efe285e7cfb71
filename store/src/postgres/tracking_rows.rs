//! The one way in which trackings are written: only over the revision they were read at.

use std::collections::HashSet;

use domain::tracking::WatchKeys;
use domain::{Tracking, TrackingId};
use sqlx::PgConnection;

use super::sql;
use crate::batch::column_rows;
use crate::error::Result;
use crate::records::TrackingRow;
use crate::rows;

/// Makes a tracking.
pub(super) async fn insert(tx: &mut PgConnection, tracking: &Tracking) -> Result<()> {
    column_rows(sql::INSERT_TRACKING, &[TrackingRow::of(tracking, domain::decide::keys(tracking))]).execute(tx).await?;
    Ok(())
}

/// Writes trackings over the revision that each carries, and says which: the others changed since they were read.
pub(super) async fn update(tx: &mut PgConnection, trackings: &[(&Tracking, WatchKeys)]) -> Result<HashSet<TrackingId>> {
    if trackings.is_empty() {
        return Ok(HashSet::new());
    }
    let mut batch: Vec<_> = trackings.iter().map(|(tracking, keys)| TrackingRow::of(tracking, *keys)).collect();
    // In the order of their keys, so that two writers wait for each other and hardly ever in a circle.
    batch.sort_by_key(|row| (row.product_id, row.tracking_id));
    let updated = column_rows(sql::UPDATE_TRACKINGS, &batch).fetch_all(tx).await?;
    updated.iter().map(|row| Ok(TrackingId(rows::uuid(row, "tracking_id")?))).collect()
}
