//! What the pages' lists ask for.

use std::collections::HashMap;

use async_trait::async_trait;
use domain::{Notification, ProductId, ProductState, Timestamp, UserId};
use sqlx::query;
use uuid::Uuid;

use super::watchlist::Wanted;
use super::{PostgresStore, sql};
use crate::error::Result;
use crate::list_rows;
use crate::lists::{Account, Change, Fallen, ListStore, Share, StoredToken, TrackingQuery};
use crate::model::{Page, TrackedProduct, Window};
use crate::rows;
use crate::rows::Columns;

#[async_trait]
impl ListStore for PostgresStore {
    async fn find_trackings(&self, user: UserId, asked: &TrackingQuery, window: Window) -> Result<Page<TrackedProduct>> {
        self.unit(async || {
            let words = list_rows::words(&asked.words);
            let mut tx = self.read().await?;
            let wanted = Wanted::of(&mut tx, user).await?;
            let ask = |statement| {
                let statement = wanted.ask(statement, asked.filter, asked.sort, window);
                statement.bind(words.clone()).bind(asked.host.as_deref())
            };
            let total = ask(sql::COUNT_TRACKINGS_WITH).fetch_one(&mut *tx).await?.int("count")?;
            let found = ask(sql::TRACKINGS_WITH).fetch_all(&mut *tx).await?;
            Ok(Page { rows: found.iter().map(rows::tracked).collect::<Result<_>>()?, total: total.unsigned_abs() })
        })
        .await
    }

    async fn tracked_hosts(&self, user: UserId, limit: u32) -> Result<Vec<(String, u64)>> {
        self.unit(async || {
            let products: Vec<Uuid> = sqlx::query_scalar(sql::PRODUCTS_OF_USER).bind(user.0).fetch_all(&self.pool).await?;
            let found = query(sql::HOSTS_OF).bind(products).bind(i64::from(limit)).fetch_all(&self.pool).await?;
            found.iter().map(|row| Ok((row.text("host")?.to_owned(), row.int("products")?.unsigned_abs()))).collect()
        })
        .await
    }

    async fn recent_changes(&self, since: Timestamp, limit: u32) -> Result<Vec<Change>> {
        self.unit(async || {
            let found = query(sql::RECENT_CHANGES).bind(since.as_micros()).bind(i64::from(limit)).fetch_all(&self.pool).await?;
            found.iter().map(list_rows::change).collect()
        })
        .await
    }

    async fn recent_falls(&self, since: Timestamp, limit: u32) -> Result<Vec<Fallen>> {
        self.unit(async || {
            let found = query(sql::RECENT_FALLS).bind(since.as_micros()).bind(i64::from(limit)).fetch_all(&self.pool).await?;
            found.iter().map(list_rows::fallen).collect()
        })
        .await
    }

    async fn products_of_gtin(&self, gtin: &str, limit: u32) -> Result<Vec<ProductState>> {
        self.unit(async || {
            let found = query(sql::PRODUCTS_OF_GTIN).bind(gtin).bind(i64::from(limit)).fetch_all(&self.pool).await?;
            found.iter().map(rows::product).collect()
        })
        .await
    }

    async fn failing_products(&self, window: Window) -> Result<Page<ProductState>> {
        self.unit(async || {
            let mut tx = self.read().await?;
            let total: i64 = sqlx::query_scalar(sql::COUNT_FAILING).fetch_one(&mut *tx).await?;
            let page = query(sql::FAILING_PRODUCTS).bind(i64::from(window.limit)).bind(i64::from(window.offset));
            let found = page.fetch_all(&mut *tx).await?;
            Ok(Page { rows: found.iter().map(rows::product).collect::<Result<_>>()?, total: total.unsigned_abs() })
        })
        .await
    }

    async fn list_alerts_of(&self, user: UserId, product: ProductId, limit: u32) -> Result<Vec<Notification>> {
        self.unit(async || {
            let found = query(sql::ALERTS_OF).bind(product.0).bind(user.0).bind(i64::from(limit)).fetch_all(&self.pool).await?;
            found.iter().map(rows::notification).collect()
        })
        .await
    }

    async fn put_share(&self, share: &Share) -> Result<Share> {
        self.unit(async || {
            query(sql::PUT_SHARE)
                .bind(share.product_id.0)
                .bind(share.user_id.0)
                .bind(&share.token)
                .bind(share.created_at.as_micros())
                .execute(&self.pool)
                .await?;
            let row = query(sql::SHARE_OF).bind(share.product_id.0).bind(share.user_id.0).fetch_one(&self.pool).await?;
            list_rows::share(&row)
        })
        .await
    }

    async fn find_share(&self, product: ProductId, token: &str) -> Result<Option<Share>> {
        self.unit(async || {
            let row = query(sql::FIND_SHARE).bind(product.0).bind(token).fetch_optional(&self.pool).await?;
            row.as_ref().map(list_rows::share).transpose()
        })
        .await
    }

    async fn find_share_of(&self, user: UserId, product: ProductId) -> Result<Option<Share>> {
        self.unit(async || {
            let row = query(sql::SHARE_OF).bind(product.0).bind(user.0).fetch_optional(&self.pool).await?;
            row.as_ref().map(list_rows::share).transpose()
        })
        .await
    }

    async fn remove_share(&self, user: UserId, product: ProductId) -> Result<bool> {
        self.unit(async || {
            let removed = query(sql::DELETE_SHARE).bind(product.0).bind(user.0).execute(&self.pool).await?;
            Ok(removed.rows_affected() == 1)
        })
        .await
    }

    async fn list_tokens(&self, user: UserId) -> Result<Vec<StoredToken>> {
        self.unit(async || {
            let found = query(sql::TOKENS_OF_USER).bind(user.0).fetch_all(&self.pool).await?;
            found.iter().map(list_rows::token).collect()
        })
        .await
    }

    async fn remove_token(&self, user: UserId, secret_hash: &[u8; 32]) -> Result<bool> {
        self.unit(async || {
            let removed = query(sql::DELETE_TOKEN).bind(secret_hash.as_slice()).bind(user.0).execute(&self.pool).await?;
            Ok(removed.rows_affected() == 1)
        })
        .await
    }

    async fn list_accounts(&self, window: Window) -> Result<Page<Account>> {
        self.unit(async || {
            let total: i64 = sqlx::query_scalar(sql::COUNT_USERS).fetch_one(&self.pool).await?;
            let page = query(sql::LIST_ACCOUNTS).bind(i64::from(window.limit)).bind(i64::from(window.offset));
            let found = page.fetch_all(&self.pool).await?;
            let mut accounts = Vec::with_capacity(found.len());
            for row in &found {
                let trackings = row.int("trackings")?.unsigned_abs();
                accounts.push(Account { user: rows::user(row)?, trackings, signed_in_at: None });
            }
            let users: Vec<Uuid> = accounts.iter().map(|account| account.user.id.0).collect();
            let mut signed_in = HashMap::new();
            for row in &query(sql::SIGNED_IN).bind(users).fetch_all(&self.pool).await? {
                signed_in.insert(row.id("user_id")?, Timestamp::from_micros(row.int("at")?));
            }
            for account in &mut accounts {
                account.signed_in_at = signed_in.get(&account.user.id.0).copied();
            }
            Ok(Page { rows: accounts, total: total.unsigned_abs() })
        })
        .await
    }
}
