//! What people wish: tracking, changing, removing, finding.
//!
//! Whoever writes a tracking on behalf of its person holds the product's row first, then the tracking's: two at once follow each
//! other. Fan-out, which touches many, takes none of the first and finds a tracking that moved by its revision.

use anyhow::anyhow;
use domain::{ProductId, Timestamp, TrackingId, UserId};
use sqlx::{PgConnection, query};

use super::products::read_product;
use super::{PostgresStore, sql, tracking_rows};
use crate::error::{Result, StoreError};
use crate::model::{NewTracking, Owned, Tracked, TrackedProduct, TrackingChange};
use crate::{rows, search, wishes};

pub(super) async fn track(store: &PostgresStore, wish: &NewTracking, now: Timestamp) -> Result<Tracked> {
    let product_id = wish.product.product_id();
    let mut tx = store.write().await?;
    // No foreign key leads to people: they may be on another server.
    if query(sql::FIND_USER).bind(wish.user_id.0).fetch_optional(&mut *tx).await?.is_none() {
        return Err(StoreError::Other(anyhow!("there is no account {}", wish.user_id)));
    }
    insert_product(&mut tx, wish, now).await?;
    lock_product(&mut tx, product_id).await?;
    let existing = lock_tracked(&mut tx, product_id, TrackingId::derive(wish.user_id, product_id)).await?;
    let created = existing.is_none();
    let tracked = match existing {
        Some(existing) => write_change(&mut tx, &existing, &wishes::again(wish), now).await?,
        None => {
            let product = read_product(&mut tx, product_id).await?.expect("it was inserted, or was there");
            let tracking = wishes::begin(wish, &product, now);
            tracking_rows::insert(&mut tx, &tracking).await?;
            query(sql::ADD_TO_USER).bind(wish.user_id.0).bind(tracking.id.0).bind(product_id.0).execute(&mut *tx).await?;
            count_trackers(&mut tx, product_id, 1, now).await?;
            read_tracked(&mut tx, product_id, tracking.id).await?.expect("just inserted")
        }
    };
    tx.commit().await?;
    Ok(Tracked { tracked, created })
}

async fn insert_product(tx: &mut PgConnection, wish: &NewTracking, now: Timestamp) -> Result<()> {
    query(sql::INSERT_PRODUCT)
        .bind(wish.product.product_id().0)
        .bind(wish.product.platform.as_str())
        .bind(&wish.product.external_id)
        .bind(&wish.product.url)
        .bind(&wish.product.host)
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
    query(sql::INSERT_TEXT)
        .bind(wish.product.product_id().0)
        .bind(wish.product.platform.as_str())
        .bind(search::text_of_new(&wish.product.url))
        .execute(&mut *tx)
        .await?;
    Ok(())
}

pub(super) async fn update_tracking(
    store: &PostgresStore,
    which: Owned,
    change: &TrackingChange,
    now: Timestamp,
) -> Result<Option<TrackedProduct>> {
    let mut tx = store.write().await?;
    let Some(product) = product_of(&mut tx, which).await? else { return Ok(None) };
    lock_product(&mut tx, product).await?;
    let Some(existing) = lock_tracked(&mut tx, product, which.tracking_id).await? else { return Ok(None) };
    let changed = write_change(&mut tx, &existing, change, now).await?;
    tx.commit().await?;
    Ok(Some(changed))
}

/// Writes a person's change.
async fn write_change(
    tx: &mut PgConnection,
    existing: &TrackedProduct,
    change: &TrackingChange,
    now: Timestamp,
) -> Result<TrackedProduct> {
    let tracking = wishes::changed(existing, change, now);
    tracking_rows::update(tx, &[(&tracking, domain::decide::keys(&tracking))]).await?;
    if let Some(more) = wishes::more_trackers(&existing.tracking, &tracking) {
        count_trackers(tx, tracking.product_id, more, now).await?;
    }
    read_tracked(tx, tracking.product_id, tracking.id).await.map(|found| found.expect("just updated"))
}

async fn count_trackers(tx: &mut PgConnection, product: ProductId, more: i64, now: Timestamp) -> Result<()> {
    query(sql::COUNT_TRACKERS).bind(product.0).bind(more).bind(now.as_micros()).execute(tx).await?;
    Ok(())
}

pub(super) async fn remove_tracking(store: &PostgresStore, which: Owned) -> Result<bool> {
    let mut tx = store.write().await?;
    let Some(product) = product_of(&mut tx, which).await? else { return Ok(false) };
    lock_product(&mut tx, product).await?;
    let Some(existing) = lock_tracked(&mut tx, product, which.tracking_id).await? else { return Ok(false) };
    // The tracking first: whoever adds notifications holds its row, so afterwards there are no more to come.
    for statement in [sql::DELETE_TRACKING, sql::DELETE_NOTIFICATIONS] {
        query(statement).bind(product.0).bind(which.tracking_id.0).execute(&mut *tx).await?;
    }
    for statement in [sql::DELETE_INBOX, sql::REMOVE_FROM_USER] {
        query(statement).bind(which.user_id.0).bind(which.tracking_id.0).execute(&mut *tx).await?;
    }
    if existing.tracking.active {
        count_trackers(&mut tx, product, -1, Timestamp::EPOCH).await?;
    }
    tx.commit().await?;
    Ok(true)
}

pub(super) async fn find_tracking(store: &PostgresStore, which: Owned) -> Result<Option<TrackedProduct>> {
    let mut connection = store.pool.acquire().await?;
    let Some(product) = product_of(&mut connection, which).await? else { return Ok(None) };
    read_tracked(&mut connection, product, which.tracking_id).await
}

pub(super) async fn find_tracking_owner(store: &PostgresStore, tracking: TrackingId) -> Result<Option<UserId>> {
    let row = query(sql::OWNER_OF_TRACKING).bind(tracking.0).fetch_optional(&store.pool).await?;
    row.map(|row| Ok(UserId(rows::uuid(&row, "user_id")?))).transpose()
}

pub(super) async fn find_tracking_of(store: &PostgresStore, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
    read_tracked(&mut *store.pool.acquire().await?, product, TrackingId::derive(user, product)).await
}

/// Whose product the tracking is of, if it is that person's.
async fn product_of(connection: &mut PgConnection, which: Owned) -> Result<Option<ProductId>> {
    let row = query(sql::PRODUCT_OF_TRACKING).bind(which.user_id.0).bind(which.tracking_id.0).fetch_optional(connection).await?;
    row.map(|row| Ok(ProductId(rows::uuid(&row, "product_id")?))).transpose()
}

async fn lock_product(tx: &mut PgConnection, product: ProductId) -> Result<()> {
    query(sql::LOCK_PRODUCT).bind(product.0).execute(tx).await?;
    Ok(())
}

async fn lock_tracked(tx: &mut PgConnection, product: ProductId, tracking: TrackingId) -> Result<Option<TrackedProduct>> {
    tracked(tx, sql::LOCK_TRACKED, product, tracking).await
}

async fn read_tracked(connection: &mut PgConnection, product: ProductId, tracking: TrackingId) -> Result<Option<TrackedProduct>> {
    tracked(connection, sql::FIND_TRACKED, product, tracking).await
}

async fn tracked(
    connection: &mut PgConnection,
    statement: &'static str,
    product: ProductId,
    tracking: TrackingId,
) -> Result<Option<TrackedProduct>> {
    let row = query(statement).bind(product.0).bind(tracking.0).fetch_optional(connection).await?;
    row.as_ref().map(rows::tracked).transpose()
}
