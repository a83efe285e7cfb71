//! A person's list of trackings: filters, sorts and counts.

use domain::UserId;
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{PgConnection, Postgres, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::error::Result;
use crate::model::{Page, TrackedProduct, TrackingCounts, TrackingFilter, TrackingSort, Window};
use crate::rows::Columns;
use crate::{params, rows};

pub(super) async fn list_trackings(
    store: &PostgresStore,
    user: UserId,
    filter: TrackingFilter,
    sort: TrackingSort,
    window: Window,
) -> Result<Page<TrackedProduct>> {
    let mut tx = store.read().await?;
    let wanted = Wanted::of(&mut tx, user).await?;
    let counts = wanted.ask(sql::WATCHLIST_COUNTS, filter, sort, window).fetch_one(&mut *tx).await?;
    let total = rows::tracking_counts(&counts)?.of(filter);
    let rows = wanted.ask(sql::WATCHLIST, filter, sort, window).fetch_all(&mut *tx).await?;
    Ok(Page { rows: rows.iter().map(rows::tracked).collect::<Result<_>>()?, total })
}

pub(super) async fn count_trackings(store: &PostgresStore, user: UserId) -> Result<TrackingCounts> {
    let mut tx = store.read().await?;
    let wanted = Wanted::of(&mut tx, user).await?;
    let (filter, sort, window) = (TrackingFilter::All, TrackingSort::Newest, Window { limit: 0, offset: 0 });
    let row = wanted.ask(sql::WATCHLIST_COUNTS, filter, sort, window).fetch_one(&mut *tx).await?;
    rows::tracking_counts(&row)
}

/// Which trackings a person has: from what is keyed by people to what is keyed by products.
pub(super) struct Wanted {
    products: Vec<Uuid>,
    trackings: Vec<Uuid>,
}

impl Wanted {
    pub(super) async fn of(tx: &mut PgConnection, user: UserId) -> Result<Self> {
        let rows = query(sql::TRACKINGS_OF_USER).bind(user.0).fetch_all(tx).await?;
        let ids = rows.iter().map(|row| Ok((row.id("product_id")?, row.id("tracking_id")?))).collect::<Result<Vec<_>>>()?;
        let (products, trackings) = ids.into_iter().unzip();
        Ok(Wanted { products, trackings })
    }

    /// A statement that begins with `seen.sql`, with all that such a statement may ask for.
    pub(super) fn ask(
        &self,
        statement: &'static str,
        filter: TrackingFilter,
        sort: TrackingSort,
        window: Window,
    ) -> Query<'static, Postgres, PgArguments> {
        query(statement)
            .bind(&self.products)
            .bind(params::FRESH)
            .bind(params::cannot_be_bought())
            .bind(filter.word())
            .bind(sort.word())
            .bind(i64::from(window.limit))
            .bind(i64::from(window.offset))
            .bind(&self.trackings)
    }
}
