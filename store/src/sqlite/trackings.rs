//! What people wish: tracking, changing, removing, finding.

use domain::{ProductId, Timestamp, TrackingId, UserId};
use sqlx::{SqliteConnection, query};

use super::products::read_product;
use super::{SqliteStore, tracking_rows};
use crate::error::Result;
use crate::model::{NewTracking, Owned, Tracked, TrackedProduct, TrackingChange};
use crate::{rows, search, wishes};

/// A tracking with its product, up to the condition.
macro_rules! select_tracked {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            include_str!("../sql/product_columns.sql"),
            ", ",
            include_str!("../sql/tracking_columns.sql"),
            " FROM trackings t JOIN ",
            include_str!("../sql/product_tables.sql"),
            " WHERE p.product_id = t.product_id AND ",
            $condition
        )
    };
}
pub(super) use select_tracked;

pub(super) async fn track(store: &SqliteStore, wish: &NewTracking, now: Timestamp) -> Result<Tracked> {
    let product_id = wish.product.product_id();
    let mut tx = store.write().await?;
    query(include_str!("../sql/insert_product.sql"))
        .bind(product_id.0)
        .bind(wish.product.platform.as_str())
        .bind(&wish.product.external_id)
        .bind(&wish.product.url)
        .bind(&wish.product.host)
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
    query(include_str!("../sql/insert_text.sql"))
        .bind(product_id.0)
        .bind(wish.product.platform.as_str())
        .bind(search::text_of_new(&wish.product.url))
        .execute(&mut *tx)
        .await?;
    let existing = read_tracking_of(&mut tx, wish.user_id, product_id).await?;
    let created = existing.is_none();
    let tracked = match existing {
        Some(existing) => write_change(&mut tx, &existing, &wishes::again(wish), now).await?,
        None => {
            let product = read_product(&mut tx, product_id).await?.expect("it was inserted, or was there");
            let tracking = wishes::begin(wish, &product, now);
            tracking_rows::insert(&mut tx, &tracking).await?;
            count_trackers(&mut tx, product_id, 1, now).await?;
            read_tracking_of(&mut tx, wish.user_id, product_id).await?.expect("just inserted")
        }
    };
    tx.commit().await?;
    Ok(Tracked { tracked, created })
}

pub(super) async fn update_tracking(
    store: &SqliteStore,
    which: Owned,
    change: &TrackingChange,
    now: Timestamp,
) -> Result<Option<TrackedProduct>> {
    let mut tx = store.write().await?;
    let Some(existing) = read_tracked(&mut tx, which).await? else { return Ok(None) };
    let changed = write_change(&mut tx, &existing, change, now).await?;
    tx.commit().await?;
    Ok(Some(changed))
}

/// Writes a person's change.
async fn write_change(
    tx: &mut SqliteConnection,
    existing: &TrackedProduct,
    change: &TrackingChange,
    now: Timestamp,
) -> Result<TrackedProduct> {
    let tracking = wishes::changed(existing, change, now);
    tracking_rows::update(tx, &[(&tracking, domain::decide::keys(&tracking))]).await?;
    if let Some(more) = wishes::more_trackers(&existing.tracking, &tracking) {
        count_trackers(tx, tracking.product_id, more, now).await?;
    }
    read_tracking_of(tx, tracking.user_id, tracking.product_id).await.map(|found| found.expect("just updated"))
}

async fn count_trackers(tx: &mut SqliteConnection, product: ProductId, more: i64, now: Timestamp) -> Result<()> {
    query(include_str!("../sql/count_trackers.sql")).bind(product.0).bind(more).bind(now.as_micros()).execute(tx).await?;
    Ok(())
}

pub(super) async fn remove_tracking(store: &SqliteStore, which: Owned) -> Result<bool> {
    let mut tx = store.write().await?;
    let Some(existing) = read_tracked(&mut tx, which).await? else { return Ok(false) };
    let product = existing.product.id;
    // Its notifications go with it, by the foreign key.
    query("DELETE FROM trackings WHERE product_id = $1 AND tracking_id = $2")
        .bind(product.0)
        .bind(which.tracking_id.0)
        .execute(&mut *tx)
        .await?;
    if existing.tracking.active {
        count_trackers(&mut tx, product, -1, Timestamp::EPOCH).await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub(super) async fn find_tracking(store: &SqliteStore, which: Owned) -> Result<Option<TrackedProduct>> {
    read_tracked(&mut *store.readers.acquire().await?, which).await
}

pub(super) async fn find_tracking_owner(store: &SqliteStore, tracking: TrackingId) -> Result<Option<UserId>> {
    let row =
        query("SELECT user_id FROM trackings WHERE tracking_id = $1").bind(tracking.0).fetch_optional(&store.readers).await?;
    row.map(|row| Ok(UserId(rows::uuid(&row, "user_id")?))).transpose()
}

pub(super) async fn find_tracking_of(store: &SqliteStore, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
    read_tracking_of(&mut *store.readers.acquire().await?, user, product).await
}

async fn read_tracked(connection: &mut SqliteConnection, which: Owned) -> Result<Option<TrackedProduct>> {
    let row = query(select_tracked!("t.tracking_id = $1 AND t.user_id = $2"))
        .bind(which.tracking_id.0)
        .bind(which.user_id.0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(rows::tracked).transpose()
}

async fn read_tracking_of(connection: &mut SqliteConnection, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
    let row = query(select_tracked!("t.product_id = $1 AND t.tracking_id = $2"))
        .bind(product.0)
        .bind(TrackingId::derive(user, product).0)
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(rows::tracked).transpose()
}
