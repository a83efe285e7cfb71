//! A person's list of trackings: filters, sorts and counts.

use domain::UserId;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Row, Sqlite, query};

use super::SqliteStore;
use crate::error::Result;
use crate::model::{Page, TrackedProduct, TrackingCounts, TrackingFilter, TrackingSort, Window};
use crate::{params, rows};

pub(super) async fn list_trackings(
    store: &SqliteStore,
    user: UserId,
    filter: TrackingFilter,
    sort: TrackingSort,
    window: Window,
) -> Result<Page<TrackedProduct>> {
    const COUNT: &str = concat!(
        include_str!("../sql/sqlite/seen.sql"),
        include_str!("../sql/watchlist.sql"),
        "SELECT count(*) FROM watchlist w WHERE ",
        include_str!("../sql/watchlist_filter.sql")
    );
    const LIST: &str = concat!(
        include_str!("../sql/sqlite/seen.sql"),
        include_str!("../sql/watchlist.sql"),
        "SELECT ",
        include_str!("../sql/product_columns.sql"),
        ", ",
        include_str!("../sql/tracking_columns.sql"),
        " FROM watchlist w JOIN trackings t ON t.product_id = w.product_id AND t.tracking_id = w.tracking_id JOIN ",
        include_str!("../sql/product_tables.sql"),
        " WHERE p.product_id = w.product_id AND ",
        include_str!("../sql/watchlist_filter.sql"),
        " ORDER BY ",
        include_str!("../sql/watchlist_order.sql"),
        " LIMIT $6 OFFSET $7"
    );
    let mut tx = store.read().await?;
    let total: i64 = watchlist(COUNT, user).bind(filter.word()).fetch_one(&mut *tx).await?.try_get(0)?;
    let rows = watchlist(LIST, user)
        .bind(filter.word())
        .bind(sort.word())
        .bind(window.limit)
        .bind(window.offset)
        .fetch_all(&mut *tx)
        .await?;
    let rows = rows.iter().map(rows::tracked).collect::<Result<_>>()?;
    Ok(Page { rows, total: total.unsigned_abs() })
}

pub(super) async fn count_trackings(store: &SqliteStore, user: UserId) -> Result<TrackingCounts> {
    const COUNTS: &str = concat!(
        include_str!("../sql/sqlite/seen.sql"),
        include_str!("../sql/watchlist.sql"),
        include_str!("../sql/watchlist_counts.sql")
    );
    let row = watchlist(COUNTS, user).fetch_one(&store.readers).await?;
    rows::tracking_counts(&row)
}

/// A statement that begins with `watchlist.sql`, with that part's parameters.
pub(super) fn watchlist(sql: &'static str, user: UserId) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    query(sql).bind(user.0).bind(params::FRESH).bind(params::json(&params::cannot_be_bought()))
}
