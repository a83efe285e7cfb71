//! Trackings that are looked at again without a new event.

use domain::Timestamp;
use sqlx::query;

use super::fan_out::write_decided;
use super::{PostgresStore, sql};
use crate::error::Result;
use crate::model::{DecidedTracking, Revisit, TrackedProduct};
use crate::rows;

pub(super) async fn due_revisits(store: &PostgresStore, now: Timestamp, limit: u32) -> Result<Vec<Revisit>> {
    let rows = query(sql::DUE_REVISITS).bind(now.as_micros()).bind(i64::from(limit)).fetch_all(&store.pool).await?;
    rows.iter()
        .map(|row| {
            let TrackedProduct { tracking, product } = rows::tracked(row)?;
            Ok(Revisit { tracking, product })
        })
        .collect()
}

pub(super) async fn record_revisits(store: &PostgresStore, decided: &[DecidedTracking]) -> Result<()> {
    if decided.is_empty() {
        return Ok(());
    }
    let mut tx = store.write().await?;
    write_decided(&mut tx, &decided.iter().collect::<Vec<_>>()).await?;
    Ok(tx.commit().await?)
}
