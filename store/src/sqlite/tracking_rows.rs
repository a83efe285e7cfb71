//! The one way in which trackings are written: only over the revision they were read at.

use std::collections::HashSet;

use domain::tracking::WatchKeys;
use domain::{Tracking, TrackingId};
use sqlx::SqliteConnection;

use crate::batch::json_rows;
use crate::error::Result;
use crate::records::TrackingRow;
use crate::rows;

const INSERT: &str = concat!(include_str!("../sql/sqlite/new_trackings.sql"), include_str!("../sql/insert_tracking.sql"));
pub(super) const UPDATE: &str =
    concat!(include_str!("../sql/sqlite/new_trackings.sql"), include_str!("../sql/update_trackings.sql"));

/// Makes a tracking.
pub(super) async fn insert(tx: &mut SqliteConnection, tracking: &Tracking) -> Result<()> {
    json_rows(INSERT, &[TrackingRow::of(tracking, domain::decide::keys(tracking))]).execute(tx).await?;
    Ok(())
}

/// Writes trackings over the revision that each carries, and says which: the others changed since they were read.
pub(super) async fn update(tx: &mut SqliteConnection, trackings: &[(&Tracking, WatchKeys)]) -> Result<HashSet<TrackingId>> {
    if trackings.is_empty() {
        return Ok(HashSet::new());
    }
    let batch: Vec<_> = trackings.iter().map(|(tracking, keys)| TrackingRow::of(tracking, *keys)).collect();
    let updated = json_rows(UPDATE, &batch).fetch_all(tx).await?;
    updated.iter().map(|row| Ok(TrackingId(rows::uuid(row, "tracking_id")?))).collect()
}
