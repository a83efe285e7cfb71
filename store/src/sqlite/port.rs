//! The port, each method handed to the module of its topic.

use std::time::Duration;

use async_trait::async_trait;
use domain::check::CheckRecord;
use domain::history::PriceRun;
use domain::{Channel, DueProduct, NotificationId, Platform, ProductId, ProductState, Timestamp, TrackingId, UserId};

use crate::error::Result;
use crate::model::{
    Credentials, DecidedTracking, Delivery, DueNotification, FanOutPage, InboxEntry, KeptEvidence, NewSession, NewToken,
    NewTracking, NewUser, Owned, Page, PendingEvent, RecentRuns, Revisit, TokenHolder, Totals, Tracked, TrackedProduct,
    TrackingChange, TrackingCounts, TrackingFilter, TrackingSort, UserChange, Window,
};
use crate::port::Store;

use super::{SqliteStore, checking, delivery, fan_out, inbox, instance, people, products, revisits, trackings, watchlist};

#[async_trait]
impl Store for SqliteStore {
    async fn claim_due(&self, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>> {
        checking::claim_due(self, now, lease, limit).await
    }

    async fn defer(&self, products: &[(ProductId, Timestamp)]) -> Result<()> {
        checking::defer(self, products).await
    }

    async fn claim_now(&self, product: ProductId, now: Timestamp, lease: Duration) -> Result<bool> {
        checking::claim_now(self, product, now, lease).await
    }

    async fn leased_products(&self, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductState>> {
        checking::leased_products(self, products, now).await
    }

    async fn record_checks(&self, records: &[CheckRecord]) -> Result<Vec<ProductId>> {
        checking::record_checks(self, records).await
    }

    async fn find_product(&self, product: ProductId) -> Result<Option<ProductState>> {
        products::find_product(self, product).await
    }

    async fn price_runs(&self, product: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>> {
        products::price_runs(self, product, from, to).await
    }

    async fn recent_runs(&self, products: &[ProductId], from: Timestamp, most: u32) -> Result<Vec<RecentRuns>> {
        products::recent_runs(self, products, from, most).await
    }

    async fn find_evidence(&self, product: ProductId) -> Result<Option<KeptEvidence>> {
        products::find_evidence(self, product).await
    }

    async fn search_products(&self, query: &str, platform: Option<Platform>, window: Window) -> Result<Page<ProductState>> {
        products::search_products(self, query, platform, window).await
    }

    async fn track(&self, wish: &NewTracking, now: Timestamp) -> Result<Tracked> {
        trackings::track(self, wish, now).await
    }

    async fn update_tracking(&self, which: Owned, change: &TrackingChange, now: Timestamp) -> Result<Option<TrackedProduct>> {
        trackings::update_tracking(self, which, change, now).await
    }

    async fn remove_tracking(&self, which: Owned) -> Result<bool> {
        trackings::remove_tracking(self, which).await
    }

    async fn find_tracking(&self, which: Owned) -> Result<Option<TrackedProduct>> {
        trackings::find_tracking(self, which).await
    }

    async fn find_tracking_owner(&self, tracking: TrackingId) -> Result<Option<UserId>> {
        trackings::find_tracking_owner(self, tracking).await
    }

    async fn find_tracking_of(&self, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>> {
        trackings::find_tracking_of(self, user, product).await
    }

    async fn list_trackings(
        &self,
        user: UserId,
        filter: TrackingFilter,
        sort: TrackingSort,
        window: Window,
    ) -> Result<Page<TrackedProduct>> {
        watchlist::list_trackings(self, user, filter, sort, window).await
    }

    async fn count_trackings(&self, user: UserId) -> Result<TrackingCounts> {
        watchlist::count_trackings(self, user).await
    }

    async fn pending_events(&self, limit: u32) -> Result<Vec<PendingEvent>> {
        fan_out::pending_events(self, limit).await
    }

    async fn fan_out_page(&self, event: PendingEvent, size: u32) -> Result<Option<FanOutPage>> {
        fan_out::fan_out_page(self, event, size).await
    }

    async fn record_fan_out(&self, page: &FanOutPage, decided: &[DecidedTracking]) -> Result<()> {
        fan_out::record_fan_out(self, page, decided).await
    }

    async fn due_revisits(&self, now: Timestamp, limit: u32) -> Result<Vec<Revisit>> {
        revisits::due_revisits(self, now, limit).await
    }

    async fn record_revisits(&self, decided: &[DecidedTracking]) -> Result<()> {
        revisits::record_revisits(self, decided).await
    }

    async fn claim_notifications(
        &self,
        channel: Channel,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<DueNotification>> {
        delivery::claim_notifications(self, channel, now, lease, limit).await
    }

    async fn record_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<()> {
        delivery::record_deliveries(self, deliveries, now).await
    }

    async fn list_inbox(&self, user: UserId, window: Window) -> Result<Page<InboxEntry>> {
        inbox::list_inbox(self, user, window).await
    }

    async fn count_unread(&self, user: UserId) -> Result<u64> {
        inbox::count_unread(self, user).await
    }

    async fn mark_read(&self, user: UserId, which: Option<&[NotificationId]>, now: Timestamp) -> Result<()> {
        inbox::mark_read(self, user, which, now).await
    }

    async fn create_user(&self, user: &NewUser) -> Result<()> {
        people::create_user(self, user).await
    }

    async fn create_first_user(&self, user: &NewUser) -> Result<bool> {
        people::create_first_user(self, user).await
    }

    async fn has_users(&self) -> Result<bool> {
        people::has_users(self).await
    }

    async fn find_user(&self, user: UserId) -> Result<Option<domain::user::User>> {
        people::find_user(self, user).await
    }

    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>> {
        people::find_credentials(self, email).await
    }

    async fn update_user(&self, user: UserId, change: &UserChange) -> Result<bool> {
        people::update_user(self, user, change).await
    }

    async fn create_session(&self, session: &NewSession) -> Result<()> {
        people::create_session(self, session).await
    }

    async fn find_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<domain::user::User>> {
        people::find_session(self, secret_hash, now).await
    }

    async fn end_session(&self, secret_hash: &[u8; 32]) -> Result<()> {
        people::end_session(self, secret_hash).await
    }

    async fn find_token(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenHolder>> {
        people::find_token(self, secret_hash, now).await
    }

    async fn create_token(&self, token: &NewToken) -> Result<()> {
        people::create_token(self, token).await
    }

    async fn find_setting(&self, name: &str) -> Result<Option<String>> {
        instance::find_setting(self, name).await
    }

    async fn put_setting(&self, name: &str, value: Option<&str>) -> Result<()> {
        instance::put_setting(self, name, value).await
    }

    async fn totals(&self, now: Timestamp) -> Result<Totals> {
        instance::totals(self, now).await
    }

    async fn ping(&self) -> Result<()> {
        instance::ping(self).await
    }

    async fn close(&self) {
        self.shut().await;
    }
}
