//! What people wish: tracking, changing, removing, finding.

use domain::tracking::{Alert, Rules};
use domain::{ProductId, ProductState, Timestamp, Tracking, TrackingId, UserId};
use sqlx::sqlite::SqliteRow;
use sqlx::{SqliteConnection, query};

use super::products::read_product;
use super::{SqliteStore, rows, tracking_rows};
use crate::error::Result;
use crate::model::{NewTracking, Owned, Tracked, TrackedProduct, TrackingChange};

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
        .bind(product_id.0.as_bytes().as_slice())
        .bind(wish.product.platform.as_str())
        .bind(&wish.product.external_id)
        .bind(&wish.product.url)
        .bind(&wish.product.host)
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
    let existing = read_tracking_of(&mut tx, wish.user_id, product_id).await?;
    let created = existing.is_none();
    let tracked = match existing {
        Some(existing) => {
            let change =
                TrackingChange { rules: Some(wish.rules.clone()), channels: Some(wish.channels.clone()), active: Some(true) };
            write_change(&mut tx, existing, &change, now).await?
        }
        None => {
            let product = read_product(&mut tx, product_id).await?.expect("it was inserted, or was there");
            begin(&mut tx, wish, product, now).await?
        }
    };
    tx.commit().await?;
    Ok(Tracked { tracked, created })
}

/// Makes the tracking of a product that the person did not track.
async fn begin(tx: &mut SqliteConnection, wish: &NewTracking, product: ProductState, now: Timestamp) -> Result<TrackedProduct> {
    let rules = settled(&wish.rules, &product);
    let may_be_met = product.price.is_some() && has_any(&rules);
    let tracking = Tracking {
        id: TrackingId::derive(wish.user_id, product.id),
        user_id: wish.user_id,
        product_id: product.id,
        rules,
        channels: wish.channels.clone(),
        active: true,
        reference: product.price,
        alert: Alert::Armed,
        told_at: None,
        revisit_at: may_be_met.then_some(now),
        revision: 0,
        created_at: now,
        updated_at: now,
    };
    tracking_rows::insert(tx, &tracking).await?;
    count_trackers(tx, product.id, 1, now).await?;
    read_tracked(tx, Owned { user_id: wish.user_id, tracking_id: tracking.id }).await.map(|found| found.expect("just inserted"))
}

pub(super) async fn update_tracking(
    store: &SqliteStore,
    which: Owned,
    change: &TrackingChange,
    now: Timestamp,
) -> Result<Option<TrackedProduct>> {
    let mut tx = store.write().await?;
    let Some(existing) = read_tracked(&mut tx, which).await? else { return Ok(None) };
    let changed = write_change(&mut tx, existing, change, now).await?;
    tx.commit().await?;
    Ok(Some(changed))
}

/// Writes a person's change. Other rules are armed afresh and, as after a pause, looked at at once: they may be met already.
async fn write_change(
    tx: &mut SqliteConnection,
    existing: TrackedProduct,
    change: &TrackingChange,
    now: Timestamp,
) -> Result<TrackedProduct> {
    let TrackedProduct { mut tracking, product } = existing;
    let was_active = tracking.active;
    tracking.active = change.active.unwrap_or(was_active);
    if let Some(channels) = &change.channels {
        tracking.channels.clone_from(channels);
    }
    let rules = change.rules.as_ref().map_or_else(|| tracking.rules.clone(), |rules| settled(rules, &product));
    let is_edited = !same(&rules, &settled(&tracking.rules, &product));
    if is_edited {
        tracking.alert = Alert::Armed;
    }
    tracking.rules = rules;
    let resumed = tracking.active && !was_active;
    if product.price.is_some() && has_any(&tracking.rules) && (is_edited || resumed) {
        tracking.revisit_at = Some(now);
    }
    tracking.updated_at = now;
    let keys = domain::decide::keys(&tracking);
    tracking_rows::update(tx, &[(&tracking, keys)]).await?;
    if tracking.active != was_active {
        count_trackers(tx, product.id, if tracking.active { 1 } else { -1 }, now).await?;
    }
    let which = Owned { user_id: tracking.user_id, tracking_id: tracking.id };
    read_tracked(tx, which).await.map(|found| found.expect("just updated"))
}

/// Rules with the product's currency, where the target was given before it was known.
fn settled(rules: &Rules, product: &ProductState) -> Rules {
    let target = rules.target.as_ref().map(|target| match product.price {
        Some(price) => target.in_currency_if_unknown(price.currency),
        None => target.clone(),
    });
    Rules { target, drop: rules.drop }
}

fn has_any(rules: &Rules) -> bool {
    rules.target.is_some() || rules.drop.is_some()
}

/// Whether the rules ask for the same: `99.9 EUR` is `99.90 EUR`.
fn same(a: &Rules, b: &Rules) -> bool {
    let money = |rules: &Rules| rules.target.as_ref().and_then(|target| target.money());
    let same_target = a.target == b.target || (money(a).is_some() && money(a) == money(b));
    same_target && a.drop == b.drop
}

async fn count_trackers(tx: &mut SqliteConnection, product: ProductId, more: i64, now: Timestamp) -> Result<()> {
    query(include_str!("../sql/count_trackers.sql"))
        .bind(product.0.as_bytes().as_slice())
        .bind(more)
        .bind(now.as_micros())
        .execute(tx)
        .await?;
    Ok(())
}

pub(super) async fn remove_tracking(store: &SqliteStore, which: Owned) -> Result<bool> {
    let mut tx = store.write().await?;
    let Some(existing) = read_tracked(&mut tx, which).await? else { return Ok(false) };
    let product = existing.product.id;
    // Its notifications go with it, by the foreign key.
    query("DELETE FROM trackings WHERE product_id = $1 AND tracking_id = $2")
        .bind(product.0.as_bytes().as_slice())
        .bind(which.tracking_id.0.as_bytes().as_slice())
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
    let row = query("SELECT user_id FROM trackings WHERE tracking_id = $1")
        .bind(tracking.0.as_bytes().as_slice())
        .fetch_optional(&store.readers)
        .await?;
    row.map(|row| Ok(UserId(rows::uuid(&row, "user_id")?))).transpose()
}

pub(super) async fn find_tracking_of(store: &SqliteStore, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
    read_tracking_of(&mut *store.readers.acquire().await?, user, product).await
}

async fn read_tracked(connection: &mut SqliteConnection, which: Owned) -> Result<Option<TrackedProduct>> {
    let row = query(select_tracked!("t.tracking_id = $1 AND t.user_id = $2"))
        .bind(which.tracking_id.0.as_bytes().as_slice())
        .bind(which.user_id.0.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(tracked).transpose()
}

async fn read_tracking_of(connection: &mut SqliteConnection, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
    let row = query(select_tracked!("t.product_id = $1 AND t.tracking_id = $2"))
        .bind(product.0.as_bytes().as_slice())
        .bind(TrackingId::derive(user, product).0.as_bytes().as_slice())
        .fetch_optional(connection)
        .await?;
    row.as_ref().map(tracked).transpose()
}

/// A row of [`select_tracked`].
pub(super) fn tracked(row: &SqliteRow) -> Result<TrackedProduct> {
    Ok(TrackedProduct { tracking: rows::tracking(row)?, product: rows::product(row)? })
}
