//! A person's list of trackings: filters, sorts and counts.

use domain::time::DAY;
use domain::{Availability, UserId};
use sqlx::sqlite::{SqliteArguments, SqliteRow};
use sqlx::{Row, Sqlite, query};

use super::trackings::tracked;
use super::{SqliteStore, params};
use crate::error::Result;
use crate::model::{Page, TrackedProduct, TrackingCounts, TrackingFilter, TrackingSort, Window};

/// A price is fresh until attempts have failed for this long.
const FRESH: i64 = 3 * DAY;

pub(super) async fn list_trackings(
    store: &SqliteStore,
    user: UserId,
    filter: TrackingFilter,
    sort: TrackingSort,
    window: Window,
) -> Result<Page<TrackedProduct>> {
    const COUNT: &str = concat!(
        include_str!("../sql/watchlist.sql"),
        "SELECT count(*) FROM watchlist w WHERE ",
        include_str!("../sql/watchlist_filter.sql")
    );
    const LIST: &str = concat!(
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
    let total: i64 = watchlist(COUNT, user).bind(filter_word(filter)).fetch_one(&mut *tx).await?.try_get(0)?;
    let rows = watchlist(LIST, user)
        .bind(filter_word(filter))
        .bind(sort_word(sort))
        .bind(window.limit)
        .bind(window.offset)
        .fetch_all(&mut *tx)
        .await?;
    let rows = rows.iter().map(tracked).collect::<Result<_>>()?;
    Ok(Page { rows, total: total.unsigned_abs() })
}

pub(super) async fn count_trackings(store: &SqliteStore, user: UserId) -> Result<TrackingCounts> {
    const COUNTS: &str = concat!(include_str!("../sql/watchlist.sql"), include_str!("../sql/watchlist_counts.sql"));
    let row = watchlist(COUNTS, user).fetch_one(&store.readers).await?;
    Ok(TrackingCounts {
        all: count(&row, "total")?,
        at_target: count(&row, "at_target")?,
        fell: count(&row, "fell")?,
        out_of_stock: count(&row, "out_of_stock")?,
        needs_me: count(&row, "needs_me")?,
        paused: count(&row, "paused")?,
    })
}

/// A statement that begins with `watchlist.sql`, with that part's parameters.
fn watchlist(sql: &'static str, user: UserId) -> sqlx::query::Query<'static, Sqlite, SqliteArguments> {
    let cannot_be_bought = Availability::ALL.into_iter().filter(|availability| availability.is_buyable() == Some(false));
    let words: Vec<_> = cannot_be_bought.map(Availability::as_str).collect();
    query(sql).bind(user.0.as_bytes().to_vec()).bind(FRESH).bind(params::json(&words))
}

/// A sum over no rows is NULL.
fn count(row: &SqliteRow, column: &str) -> Result<u64> {
    Ok(row.try_get::<Option<i64>, _>(column)?.unwrap_or_default().unsigned_abs())
}

const fn filter_word(filter: TrackingFilter) -> &'static str {
    match filter {
        TrackingFilter::All => "all",
        TrackingFilter::AtTarget => "at_target",
        TrackingFilter::Fell => "fell",
        TrackingFilter::OutOfStock => "out_of_stock",
        TrackingFilter::NeedsMe => "needs_me",
        TrackingFilter::Paused => "paused",
    }
}

const fn sort_word(sort: TrackingSort) -> &'static str {
    match sort {
        TrackingSort::Newest => "newest",
        TrackingSort::Name => "name",
        TrackingSort::Price => "price",
        TrackingSort::Drop => "drop",
    }
}
