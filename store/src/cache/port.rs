//! The whole port. What is not read from the cache and takes nothing out of it goes straight to the store behind.
//!
//! A claim takes nothing out: all it changes is when a product is due, and that is known for good when its check is recorded.

use std::time::Duration;

use async_trait::async_trait;
use domain::check::CheckRecord;
use domain::history::PriceRun;
use domain::{Channel, DueProduct, NotificationId, Platform, ProductId, ProductState, ProxyId, Timestamp, TrackingId, UserId};

use super::cached_store::{CachedStore, products_of};
use crate::Store;
use crate::error::Result;
use crate::model::{
    Credentials, DecidedTracking, Delivery, DueNotification, FanOutPage, InboxEntry, KeptEvidence, NewSession, NewToken,
    NewTracking, NewUser, Owned, Page, PendingEvent, RecentRuns, Revisit, StoredProxy, TokenHolder, Totals, Tracked,
    TrackedProduct, TrackingChange, TrackingCounts, TrackingFilter, TrackingSort, UserChange, Window,
};

#[async_trait]
impl Store for CachedStore {
    async fn find_product(&self, product: ProductId) -> Result<Option<ProductState>> {
        self.product(product).await
    }

    async fn find_evidence(&self, product: ProductId) -> Result<Option<KeptEvidence>> {
        self.evidence(product).await
    }

    async fn price_runs(&self, product: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>> {
        self.runs(product, from, to).await
    }

    async fn recent_runs(&self, products: &[ProductId], from: Timestamp, most: u32) -> Result<Vec<RecentRuns>> {
        self.recent(products, from, most).await
    }

    async fn record_checks(&self, records: &[CheckRecord]) -> Result<Vec<ProductId>> {
        self.writing(products_of(records), self.store.record_checks(records)).await
    }

    async fn defer(&self, products: &[(ProductId, Timestamp)]) -> Result<()> {
        self.writing(products.iter().map(|(product, _)| *product).collect(), self.store.defer(products)).await
    }

    async fn track(&self, wish: &NewTracking, now: Timestamp) -> Result<Tracked> {
        self.writing(vec![wish.product.product_id()], self.store.track(wish, now)).await
    }

    async fn update_tracking(&self, which: Owned, change: &TrackingChange, now: Timestamp) -> Result<Option<TrackedProduct>> {
        self.writing(self.product_of(which).await?, self.store.update_tracking(which, change, now)).await
    }

    async fn remove_tracking(&self, which: Owned) -> Result<bool> {
        self.writing(self.product_of(which).await?, self.store.remove_tracking(which)).await
    }

    async fn claim_due(&self, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>> {
        self.store.claim_due(now, lease, limit).await
    }

    async fn claim_now(&self, product: ProductId, now: Timestamp, lease: Duration) -> Result<bool> {
        self.store.claim_now(product, now, lease).await
    }

    async fn leased_products(&self, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductState>> {
        self.store.leased_products(products, now).await
    }

    async fn sample_products(&self, from: ProductId, limit: u32) -> Result<Vec<ProductState>> {
        self.store.sample_products(from, limit).await
    }

    async fn search_products(&self, query: &str, platform: Option<Platform>, window: Window) -> Result<Page<ProductState>> {
        self.store.search_products(query, platform, window).await
    }

    async fn find_tracking(&self, which: Owned) -> Result<Option<TrackedProduct>> {
        self.store.find_tracking(which).await
    }

    async fn find_tracking_owner(&self, tracking: TrackingId) -> Result<Option<UserId>> {
        self.store.find_tracking_owner(tracking).await
    }

    async fn find_tracking_of(&self, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
        self.store.find_tracking_of(user, product).await
    }

    async fn list_trackings(
        &self,
        user: UserId,
        filter: TrackingFilter,
        sort: TrackingSort,
        window: Window,
    ) -> Result<Page<TrackedProduct>> {
        self.store.list_trackings(user, filter, sort, window).await
    }

    async fn count_trackings(&self, user: UserId) -> Result<TrackingCounts> {
        self.store.count_trackings(user).await
    }

    async fn pending_events(&self, limit: u32) -> Result<Vec<PendingEvent>> {
        self.store.pending_events(limit).await
    }

    async fn fan_out_page(&self, event: PendingEvent, size: u32) -> Result<Option<FanOutPage>> {
        self.store.fan_out_page(event, size).await
    }

    async fn record_fan_out(&self, page: &FanOutPage, decided: &[DecidedTracking]) -> Result<()> {
        self.store.record_fan_out(page, decided).await
    }

    async fn due_revisits(&self, now: Timestamp, limit: u32) -> Result<Vec<Revisit>> {
        self.store.due_revisits(now, limit).await
    }

    async fn record_revisits(&self, decided: &[DecidedTracking]) -> Result<()> {
        self.store.record_revisits(decided).await
    }

    async fn claim_notifications(
        &self,
        channel: Channel,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<DueNotification>> {
        self.store.claim_notifications(channel, now, lease, limit).await
    }

    async fn record_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<()> {
        self.store.record_deliveries(deliveries, now).await
    }

    async fn list_inbox(&self, user: UserId, window: Window) -> Result<Page<InboxEntry>> {
        self.store.list_inbox(user, window).await
    }

    async fn count_unread(&self, user: UserId) -> Result<u64> {
        self.store.count_unread(user).await
    }

    async fn mark_read(&self, user: UserId, which: Option<&[NotificationId]>, now: Timestamp) -> Result<()> {
        self.store.mark_read(user, which, now).await
    }

    async fn create_user(&self, user: &NewUser) -> Result<()> {
        self.store.create_user(user).await
    }

    async fn create_first_user(&self, user: &NewUser) -> Result<bool> {
        self.store.create_first_user(user).await
    }

    async fn has_users(&self) -> Result<bool> {
        self.store.has_users().await
    }

    async fn find_user(&self, user: UserId) -> Result<Option<domain::user::User>> {
        self.store.find_user(user).await
    }

    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>> {
        self.store.find_credentials(email).await
    }

    async fn update_user(&self, user: UserId, change: &UserChange) -> Result<bool> {
        self.store.update_user(user, change).await
    }

    async fn create_session(&self, session: &NewSession) -> Result<()> {
        self.store.create_session(session).await
    }

    async fn find_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<domain::user::User>> {
        self.store.find_session(secret_hash, now).await
    }

    async fn end_session(&self, secret_hash: &[u8; 32]) -> Result<()> {
        self.store.end_session(secret_hash).await
    }

    async fn create_token(&self, token: &NewToken) -> Result<()> {
        self.store.create_token(token).await
    }

    async fn find_token(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenHolder>> {
        self.store.find_token(secret_hash, now).await
    }

    async fn list_proxies(&self) -> Result<Vec<StoredProxy>> {
        self.store.list_proxies().await
    }

    async fn put_proxy(&self, proxy: &StoredProxy) -> Result<()> {
        self.store.put_proxy(proxy).await
    }

    async fn remove_proxy(&self, proxy: ProxyId) -> Result<bool> {
        self.store.remove_proxy(proxy).await
    }

    async fn find_setting(&self, name: &str) -> Result<Option<String>> {
        self.store.find_setting(name).await
    }

    async fn put_setting(&self, name: &str, value: Option<&str>) -> Result<()> {
        self.store.put_setting(name, value).await
    }

    async fn totals(&self, now: Timestamp) -> Result<Totals> {
        self.store.totals(now).await
    }

    async fn ping(&self) -> Result<()> {
        self.store.ping().await
    }

    async fn close(&self) {
        self.store.close().await
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn no_method_is_left_to_its_default() {
        let names = |text: &'static str| text.lines().filter_map(|line| line.trim().strip_prefix("async fn ")?.split('(').next());
        for (here, port) in
            [(include_str!("port.rs"), include_str!("../port.rs")), (include_str!("channels.rs"), include_str!("../channels.rs"))]
        {
            let here: Vec<_> = names(here).collect();
            let missing: Vec<_> = names(port).filter(|name| !here.contains(name)).collect();
            assert!(missing.is_empty(), "a default would bypass the store behind: write {missing:?} in store/src/cache");
        }
    }
}
