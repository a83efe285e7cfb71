//! The part of the port about the pages' lists: straight to the store behind.

use async_trait::async_trait;
use domain::{Notification, ProductId, ProductState, Timestamp, UserId};

use super::cached_store::CachedStore;
use crate::error::Result;
use crate::lists::{Account, Change, Fallen, ListStore, Share, StoredToken, TrackingQuery};
use crate::model::{Page, TrackedProduct, Window};

#[async_trait]
impl ListStore for CachedStore {
    async fn find_trackings(&self, user: UserId, asked: &TrackingQuery, window: Window) -> Result<Page<TrackedProduct>> {
        self.store.find_trackings(user, asked, window).await
    }

    async fn tracked_hosts(&self, user: UserId, limit: u32) -> Result<Vec<(String, u64)>> {
        self.store.tracked_hosts(user, limit).await
    }

    async fn recent_changes(&self, since: Timestamp, limit: u32) -> Result<Vec<Change>> {
        self.store.recent_changes(since, limit).await
    }

    async fn recent_falls(&self, since: Timestamp, limit: u32) -> Result<Vec<Fallen>> {
        self.store.recent_falls(since, limit).await
    }

    async fn products_of_gtin(&self, gtin: &str, limit: u32) -> Result<Vec<ProductState>> {
        self.store.products_of_gtin(gtin, limit).await
    }

    async fn failing_products(&self, window: Window) -> Result<Page<ProductState>> {
        self.store.failing_products(window).await
    }

    async fn list_alerts_of(&self, user: UserId, product: ProductId, limit: u32) -> Result<Vec<Notification>> {
        self.store.list_alerts_of(user, product, limit).await
    }

    async fn put_share(&self, share: &Share) -> Result<Share> {
        self.store.put_share(share).await
    }

    async fn find_share(&self, product: ProductId, token: &str) -> Result<Option<Share>> {
        self.store.find_share(product, token).await
    }

    async fn find_share_of(&self, user: UserId, product: ProductId) -> Result<Option<Share>> {
        self.store.find_share_of(user, product).await
    }

    async fn remove_share(&self, user: UserId, product: ProductId) -> Result<bool> {
        self.store.remove_share(user, product).await
    }

    async fn list_tokens(&self, user: UserId) -> Result<Vec<StoredToken>> {
        self.store.list_tokens(user).await
    }

    async fn remove_token(&self, user: UserId, secret_hash: &[u8; 32]) -> Result<bool> {
        self.store.remove_token(user, secret_hash).await
    }

    async fn list_accounts(&self, window: Window) -> Result<Page<Account>> {
        self.store.list_accounts(window).await
    }
}
