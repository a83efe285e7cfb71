//! The port: what Plummet asks of a database. One contract suite runs by name on every engine (`tests/contract`).

use std::time::Duration;

use async_trait::async_trait;
use domain::check::CheckRecord;
use domain::history::PriceRun;
use domain::{Channel, DueProduct, NotificationId, Platform, ProductId, ProductState, ProxyId, Timestamp, TrackingId, UserId};

use crate::channels::ChannelStore;
use crate::error::Result;
use crate::lists::ListStore;
use crate::model::{
    Credentials, DecidedTracking, Delivery, DueNotification, FanOutPage, InboxEntry, KeptEvidence, NewSession, NewToken,
    NewTracking, NewUser, Owned, Page, PendingEvent, RecentRuns, Revisit, StoredProxy, TokenHolder, Totals, Tracked,
    TrackedProduct, TrackingChange, TrackingCounts, TrackingFilter, TrackingSort, UserChange, Window,
};

/// A database of Plummet. Every method is one transaction: it happens wholly, or not at all.
#[async_trait]
pub trait Store: ChannelStore + ListStore {
    // --- Checking -------------------------------------------------------------------------------------------------------

    /// Takes products that are due at `now`, most overdue first, and leases each until `now + lease`: nobody else gets it before.
    /// Only products with an active tracking are ever due.
    async fn claim_due(&self, now: Timestamp, lease: Duration, limit: u32) -> Result<Vec<DueProduct>>;

    /// Gives leased products back, each due again at its own time: no permit, or a stop. Others are left alone.
    async fn defer(&self, products: &[(ProductId, Timestamp)]) -> Result<()>;

    /// Takes one product for a check now, due or not, as [`Store::claim_due`] would. False if it is leased or unknown.
    async fn claim_now(&self, product: ProductId, now: Timestamp, lease: Duration) -> Result<bool>;

    /// The leased ones of these products, for a worker. A job that runs twice finds none the second time.
    async fn leased_products(&self, products: &[ProductId], now: Timestamp) -> Result<Vec<ProductState>>;

    /// Tracked products from an id on, in the order of their ids. Ids are derived and thus spread evenly: any stretch of them is a
    /// fair sample. Filled in as for workers.
    async fn sample_products(&self, from: ProductId, limit: u32) -> Result<Vec<ProductState>>;

    /// Writes a batch of checks: product states, runs and events, and ends the leases. A record whose revision is not the
    /// product's is left out and its product returned: read it again, settle again. Durable when it returns.
    async fn record_checks(&self, records: &[CheckRecord]) -> Result<Vec<ProductId>>;

    // --- Products -------------------------------------------------------------------------------------------------------

    /// One product.
    async fn find_product(&self, product: ProductId) -> Result<Option<ProductState>>;

    /// Runs of a product that touch the window, oldest first; the open one with its current last seen time and count.
    async fn price_runs(&self, product: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>>;

    /// The same for the sparklines of a list, at most `most` newest runs each.
    async fn recent_runs(&self, products: &[ProductId], from: Timestamp, most: u32) -> Result<Vec<RecentRuns>>;

    /// Evidence of the last reading that was worth keeping.
    async fn find_evidence(&self, product: ProductId) -> Result<Option<KeptEvidence>>;

    /// Products whose name or URL holds every word of `query` (in any case), by name.
    async fn search_products(&self, query: &str, platform: Option<Platform>, window: Window) -> Result<Page<ProductState>>;

    // --- Trackings ------------------------------------------------------------------------------------------------------

    /// Tracks: makes the product if nobody tracked it yet (due at once), makes or updates the tracking. A product that is known
    /// with a price, or a changed rule, makes the tracking due for a revisit at once: a target already met is told once.
    async fn track(&self, wish: &NewTracking, now: Timestamp) -> Result<Tracked>;

    /// Changes a tracking. `None` if the person has no such one.
    async fn update_tracking(&self, which: Owned, change: &TrackingChange, now: Timestamp) -> Result<Option<TrackedProduct>>;

    /// Removes a tracking with its notifications; the product and its history stay. False if the person has no such one.
    async fn remove_tracking(&self, which: Owned) -> Result<bool>;

    /// One tracking of a person.
    async fn find_tracking(&self, which: Owned) -> Result<Option<TrackedProduct>>;

    /// Whose tracking this is, for an admin.
    async fn find_tracking_owner(&self, tracking: TrackingId) -> Result<Option<UserId>>;

    /// A person's tracking of a product.
    async fn find_tracking_of(&self, user: UserId, product: ProductId) -> Result<Option<TrackedProduct>>;

    /// A person's trackings.
    async fn list_trackings(
        &self,
        user: UserId,
        filter: TrackingFilter,
        sort: TrackingSort,
        window: Window,
    ) -> Result<Page<TrackedProduct>>;

    /// How many of a person's trackings each filter shows.
    async fn count_trackings(&self, user: UserId) -> Result<TrackingCounts>;

    // --- Fan-out --------------------------------------------------------------------------------------------------------

    /// Events with trackings still to be looked at, oldest first.
    async fn pending_events(&self, limit: u32) -> Result<Vec<PendingEvent>>;

    /// The next page of an event's fan-out; `None` if it is done, or waits for an earlier event of its product.
    async fn fan_out_page(&self, event: PendingEvent, size: u32) -> Result<Option<FanOutPage>>;

    /// Writes what was decided about a page, its notifications and the cursor. Does nothing if the event is no longer at the
    /// page's cursor: another worker did this page.
    async fn record_fan_out(&self, page: &FanOutPage, decided: &[DecidedTracking]) -> Result<()>;

    /// Trackings that are due to be looked at again.
    async fn due_revisits(&self, now: Timestamp, limit: u32) -> Result<Vec<Revisit>>;

    /// Writes what was decided about revisited trackings, with their notifications.
    async fn record_revisits(&self, decided: &[DecidedTracking]) -> Result<()>;

    // --- Delivery -------------------------------------------------------------------------------------------------------

    /// Takes notifications of a channel that are due at `now`, and leases each: its next attempt is `now + lease` unless its
    /// delivery is recorded before.
    async fn claim_notifications(
        &self,
        channel: Channel,
        now: Timestamp,
        lease: Duration,
        limit: u32,
    ) -> Result<Vec<DueNotification>>;

    /// Writes how attempts ended.
    async fn record_deliveries(&self, deliveries: &[Delivery], now: Timestamp) -> Result<()>;

    /// A person's alerts, newest first.
    async fn list_inbox(&self, user: UserId, window: Window) -> Result<Page<InboxEntry>>;

    /// How many of a person's alerts are unread.
    async fn count_unread(&self, user: UserId) -> Result<u64>;

    /// Marks a person's alerts as read: these, or all if `None`.
    async fn mark_read(&self, user: UserId, which: Option<&[NotificationId]>, now: Timestamp) -> Result<()>;

    // --- People ---------------------------------------------------------------------------------------------------------

    /// Makes an account; `Taken` if the address has one.
    async fn create_user(&self, user: &NewUser) -> Result<()>;

    /// Makes the first account, an admin's; false if there is any account already. Two at once make one.
    async fn create_first_user(&self, user: &NewUser) -> Result<bool>;

    /// Whether there is any account.
    async fn has_users(&self) -> Result<bool>;

    /// One account.
    async fn find_user(&self, user: UserId) -> Result<Option<domain::user::User>>;

    /// The account of an e-mail address, with what sign-in needs.
    async fn find_credentials(&self, email: &str) -> Result<Option<Credentials>>;

    /// Changes an account. False if there is none.
    async fn update_user(&self, user: UserId, change: &UserChange) -> Result<bool>;

    /// Opens a session.
    async fn create_session(&self, session: &NewSession) -> Result<()>;

    /// The account of an open session.
    async fn find_session(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<domain::user::User>>;

    /// Ends a session.
    async fn end_session(&self, secret_hash: &[u8; 32]) -> Result<()>;

    /// Makes an API token.
    async fn create_token(&self, token: &NewToken) -> Result<()>;

    /// The holder of a valid API token; notes that it was used.
    async fn find_token(&self, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenHolder>>;

    // --- Proxies --------------------------------------------------------------------------------------------------------

    /// All proxies, oldest first.
    async fn list_proxies(&self) -> Result<Vec<StoredProxy>>;

    /// Adds a proxy, or replaces the one with its id; `Taken` if another one has its address.
    async fn put_proxy(&self, proxy: &StoredProxy) -> Result<()>;

    /// Removes a proxy. False if there is none.
    async fn remove_proxy(&self, proxy: ProxyId) -> Result<bool>;

    // --- The instance ---------------------------------------------------------------------------------------------------

    /// A value of this instance, such as the hash of the set-up link.
    async fn find_setting(&self, name: &str) -> Result<Option<String>>;

    /// Writes a value of this instance; `None` removes it.
    async fn put_setting(&self, name: &str, value: Option<&str>) -> Result<()>;

    /// Counts, as of `now`.
    async fn totals(&self, now: Timestamp) -> Result<Totals>;

    /// Whether the database answers.
    async fn ping(&self) -> Result<()>;

    /// Closes it: everything that was acknowledged is in the file.
    async fn close(&self);
}
