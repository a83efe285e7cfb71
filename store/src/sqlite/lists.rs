//! What the pages' lists ask for.

use async_trait::async_trait;
use domain::{Notification, ProductId, ProductState, Timestamp, UserId};
use sqlx::{Row, query};

use super::SqliteStore;
use super::watchlist::watchlist;
use crate::error::Result;
use crate::list_rows;
use crate::lists::{Account, Change, Fallen, ListStore, Share, StoredToken, TrackingQuery};
use crate::model::{Page, TrackedProduct, Window};
use crate::rows::Columns;
use crate::{params, rows};

/// `SELECT …` of whole products up to the condition.
macro_rules! select_products {
    ($condition:literal) => {
        concat!(
            "SELECT ",
            include_str!("../sql/product_columns.sql"),
            " FROM ",
            include_str!("../sql/product_tables.sql"),
            " WHERE ",
            $condition
        )
    };
}

const COUNT: &str = concat!(
    include_str!("../sql/sqlite/seen.sql"),
    include_str!("../sql/watchlist.sql"),
    "SELECT count(*) FROM watchlist w JOIN products p ON p.product_id = w.product_id WHERE ",
    include_str!("../sql/watchlist_filter.sql"),
    " AND NOT EXISTS (SELECT 1 FROM json_each($6) AS word WHERE instr(w.search_text, word.value) = 0) AND ($7 IS NULL OR p.host = $7)"
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
    " AND NOT EXISTS (SELECT 1 FROM json_each($6) AS word WHERE instr(w.search_text, word.value) = 0) AND ($7 IS NULL OR p.host = $7) ORDER BY ",
    include_str!("../sql/watchlist_order.sql"),
    " LIMIT $8 OFFSET $9"
);
const CHANGES: &str = "SELECT product_id, event_id, at FROM price_events WHERE at > $1 ORDER BY at DESC LIMIT $2";
const FALLS: &str = concat!(
    "SELECT fall.at AS fall_at, fall.old_minor AS fall_minor, fall.old_currency AS fall_currency, ",
    include_str!("../sql/product_columns.sql"),
    " FROM price_events fall CROSS JOIN ",
    include_str!("../sql/product_tables.sql"),
    " WHERE fall.product_id = p.product_id AND fall.at > $1 AND fall.new_currency = fall.old_currency",
    " AND fall.new_minor < fall.old_minor AND p.price_currency = fall.old_currency AND p.price_minor < fall.old_minor",
    " ORDER BY (CAST(fall.old_minor AS REAL) - p.price_minor) / fall.old_minor DESC, p.product_id LIMIT $2"
);
const SAME: &str = select_products!("p.gtin = $1 ORDER BY p.price_currency, p.price_minor, p.product_id LIMIT $2");
const FAILING: &str = select_products!("p.failures > 0 ORDER BY p.last_attempt_at DESC, p.product_id LIMIT $1 OFFSET $2");
const COUNT_FAILING: &str = "SELECT count(*) FROM products WHERE failures > 0";
const PUT_SHARE: &str = "INSERT INTO shares (product_id, user_id, token, created_at) VALUES ($1, $2, $3, $4)
    ON CONFLICT (product_id, user_id) DO NOTHING";
const SHARE_OF: &str = "SELECT * FROM shares WHERE product_id = $1 AND user_id = $2";
const SHARE: &str = "SELECT * FROM shares WHERE product_id = $1 AND token = $2";
const REMOVE_SHARE: &str = "DELETE FROM shares WHERE product_id = $1 AND user_id = $2";
const TOKENS: &str = "SELECT * FROM api_tokens WHERE user_id = $1 ORDER BY created_at DESC, secret_hash";
const REMOVE_TOKEN: &str = "DELETE FROM api_tokens WHERE secret_hash = $1 AND user_id = $2";
const HOSTS: &str = "SELECT p.host, count(*) AS products FROM trackings t JOIN products p ON p.product_id = t.product_id
    WHERE t.user_id = $1 GROUP BY p.host ORDER BY products DESC, p.host LIMIT $2";
const ALERTS: &str = concat!(
    "SELECT ",
    include_str!("../sql/notification_columns.sql"),
    " FROM notifications n WHERE n.product_id = $1 AND n.user_id = $2 AND n.channel = 'inbox'",
    " ORDER BY n.created_at DESC, n.notification_id LIMIT $3"
);
const ACCOUNTS: &str = concat!(
    "SELECT ",
    include_str!("../sql/user_columns.sql"),
    ", (SELECT count(*) FROM trackings t WHERE t.user_id = u.user_id) AS trackings,",
    " (SELECT max(s.created_at) FROM sessions s WHERE s.user_id = u.user_id) AS signed_in_at",
    " FROM users u ORDER BY u.email LIMIT $1 OFFSET $2"
);

#[async_trait]
impl ListStore for SqliteStore {
    async fn find_trackings(&self, user: UserId, asked: &TrackingQuery, window: Window) -> Result<Page<TrackedProduct>> {
        let words = params::json(&list_rows::words(&asked.words));
        let mut tx = self.read().await?;
        let total: i64 = watchlist(COUNT, user)
            .bind(asked.filter.word())
            .bind(asked.sort.word())
            .bind(&words)
            .bind(asked.host.as_deref())
            .fetch_one(&mut *tx)
            .await?
            .try_get(0)?;
        let found = watchlist(LIST, user)
            .bind(asked.filter.word())
            .bind(asked.sort.word())
            .bind(&words)
            .bind(asked.host.as_deref())
            .bind(window.limit)
            .bind(window.offset)
            .fetch_all(&mut *tx)
            .await?;
        Ok(Page { rows: found.iter().map(rows::tracked).collect::<Result<_>>()?, total: total.unsigned_abs() })
    }

    async fn tracked_hosts(&self, user: UserId, limit: u32) -> Result<Vec<(String, u64)>> {
        let found = query(HOSTS).bind(user.0).bind(limit).fetch_all(&self.readers).await?;
        found.iter().map(|row| Ok((row.text("host")?.to_owned(), row.int("products")?.unsigned_abs()))).collect()
    }

    async fn recent_changes(&self, since: Timestamp, limit: u32) -> Result<Vec<Change>> {
        let found = query(CHANGES).bind(since.as_micros()).bind(limit).fetch_all(&self.readers).await?;
        found.iter().map(list_rows::change).collect()
    }

    async fn recent_falls(&self, since: Timestamp, limit: u32) -> Result<Vec<Fallen>> {
        let found = query(FALLS).bind(since.as_micros()).bind(limit).fetch_all(&self.readers).await?;
        found.iter().map(list_rows::fallen).collect()
    }

    async fn products_of_gtin(&self, gtin: &str, limit: u32) -> Result<Vec<ProductState>> {
        let found = query(SAME).bind(gtin).bind(limit).fetch_all(&self.readers).await?;
        found.iter().map(rows::product).collect()
    }

    async fn failing_products(&self, window: Window) -> Result<Page<ProductState>> {
        let mut tx = self.read().await?;
        let total: i64 = sqlx::query_scalar(COUNT_FAILING).fetch_one(&mut *tx).await?;
        let found = query(FAILING).bind(window.limit).bind(window.offset).fetch_all(&mut *tx).await?;
        Ok(Page { rows: found.iter().map(rows::product).collect::<Result<_>>()?, total: total.unsigned_abs() })
    }

    async fn list_alerts_of(&self, user: UserId, product: ProductId, limit: u32) -> Result<Vec<Notification>> {
        let found = query(ALERTS).bind(product.0).bind(user.0).bind(limit).fetch_all(&self.readers).await?;
        found.iter().map(rows::notification).collect()
    }

    async fn put_share(&self, share: &Share) -> Result<Share> {
        let mut tx = self.write().await?;
        query(PUT_SHARE)
            .bind(share.product_id.0)
            .bind(share.user_id.0)
            .bind(&share.token)
            .bind(share.created_at.as_micros())
            .execute(&mut *tx)
            .await?;
        let row = query(SHARE_OF).bind(share.product_id.0).bind(share.user_id.0).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        list_rows::share(&row)
    }

    async fn find_share(&self, product: ProductId, token: &str) -> Result<Option<Share>> {
        let row = query(SHARE).bind(product.0).bind(token).fetch_optional(&self.readers).await?;
        row.as_ref().map(list_rows::share).transpose()
    }

    async fn find_share_of(&self, user: UserId, product: ProductId) -> Result<Option<Share>> {
        let row = query(SHARE_OF).bind(product.0).bind(user.0).fetch_optional(&self.readers).await?;
        row.as_ref().map(list_rows::share).transpose()
    }

    async fn remove_share(&self, user: UserId, product: ProductId) -> Result<bool> {
        let mut tx = self.write().await?;
        let removed = query(REMOVE_SHARE).bind(product.0).bind(user.0).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    async fn list_tokens(&self, user: UserId) -> Result<Vec<StoredToken>> {
        let found = query(TOKENS).bind(user.0).fetch_all(&self.readers).await?;
        found.iter().map(list_rows::token).collect()
    }

    async fn remove_token(&self, user: UserId, secret_hash: &[u8; 32]) -> Result<bool> {
        let mut tx = self.write().await?;
        let removed = query(REMOVE_TOKEN).bind(secret_hash.as_slice()).bind(user.0).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    async fn list_accounts(&self, window: Window) -> Result<Page<Account>> {
        let mut tx = self.read().await?;
        let total: i64 = sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&mut *tx).await?;
        let found = query(ACCOUNTS).bind(window.limit).bind(window.offset).fetch_all(&mut *tx).await?;
        let mut accounts = Vec::with_capacity(found.len());
        for row in &found {
            let signed_in_at = row.maybe_int("signed_in_at")?.map(Timestamp::from_micros);
            accounts.push(Account { user: rows::user(row)?, trackings: row.int("trackings")?.unsigned_abs(), signed_in_at });
        }
        Ok(Page { rows: accounts, total: total.unsigned_abs() })
    }
}
