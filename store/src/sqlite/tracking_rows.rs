//! Trackings as rows, and the one way in which they are written: only over the revision they were read at.

use std::collections::HashSet;

use domain::tracking::{Alert, WatchKeys};
use domain::{Tracking, TrackingId};
use serde::Serialize;
use sqlx::SqliteConnection;

use super::{params, rows};
use crate::error::Result;

/// For `insert_tracking.sql` and `update_trackings.sql`.
#[derive(Serialize)]
pub(super) struct TrackingRow<'a> {
    product_id: String,
    tracking_id: String,
    user_id: String,
    target_amount: Option<&'a str>,
    target_currency: Option<&'static str>,
    target_minor: Option<i64>,
    drop_basis_points: Option<u32>,
    channels: String,
    active: u8,
    reference_minor: Option<i64>,
    reference_currency: Option<&'static str>,
    told_minor: Option<i64>,
    told_currency: Option<&'static str>,
    told_at: Option<i64>,
    revisit_at: Option<i64>,
    revision: i64,
    created_at: i64,
    updated_at: i64,
    watch_below: i64,
    watch_above: i64,
    watch_fall: u32,
}

impl<'a> TrackingRow<'a> {
    pub(super) fn of(tracking: &'a Tracking, keys: WatchKeys) -> Self {
        let target = tracking.rules.target.as_ref();
        let told = match tracking.alert {
            Alert::Armed => None,
            Alert::Fired { price } => Some(price),
        };
        TrackingRow {
            product_id: params::hex(tracking.product_id.0),
            tracking_id: params::hex(tracking.id.0),
            user_id: params::hex(tracking.user_id.0),
            target_amount: target.map(|target| target.amount()),
            target_currency: target.and_then(|target| target.currency()).map(|currency| currency.code()),
            target_minor: params::minor(target.and_then(|target| target.money())),
            drop_basis_points: tracking.rules.drop.map(|drop| drop.get()),
            channels: rows::channels_text(&tracking.channels),
            active: u8::from(tracking.active),
            reference_minor: params::minor(tracking.reference),
            reference_currency: params::currency(tracking.reference),
            told_minor: params::minor(told),
            told_currency: params::currency(told),
            told_at: params::micros(tracking.told_at),
            revisit_at: params::micros(tracking.revisit_at),
            revision: tracking.revision,
            created_at: tracking.created_at.as_micros(),
            updated_at: tracking.updated_at.as_micros(),
            watch_below: keys.below,
            watch_above: keys.above,
            watch_fall: keys.fall,
        }
    }
}

/// Makes a tracking.
pub(super) async fn insert(tx: &mut SqliteConnection, tracking: &Tracking) -> Result<()> {
    let row = [TrackingRow::of(tracking, domain::decide::keys(tracking))];
    sqlx::query(include_str!("../sql/insert_tracking.sql")).bind(params::json(&row)).execute(tx).await?;
    Ok(())
}

/// Writes trackings over the revision that each carries, and says which: the others changed since they were read.
pub(super) async fn update(tx: &mut SqliteConnection, trackings: &[(&Tracking, WatchKeys)]) -> Result<HashSet<TrackingId>> {
    if trackings.is_empty() {
        return Ok(HashSet::new());
    }
    let batch: Vec<_> = trackings.iter().map(|(tracking, keys)| TrackingRow::of(tracking, *keys)).collect();
    let updated = sqlx::query(include_str!("../sql/update_trackings.sql")).bind(params::json(&batch)).fetch_all(tx).await?;
    updated.iter().map(|row| Ok(TrackingId(rows::uuid(row, "tracking_id")?))).collect()
}
