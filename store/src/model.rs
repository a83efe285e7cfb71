//! What goes into a store and comes out of it, beside the types of `domain`.

use domain::history::PriceRun;
use domain::offer::Evidence;
use domain::tracking::{Rules, Tracking, WatchKeys};
use domain::user::{Role, Scope, User};
use domain::{
    Channel, EventId, Notification, PriceEvent, ProductId, ProductState, ProductUrl, ProxyId, Timestamp, TrackingId, UserId,
};

/// A wish to track: new, or a change of the one that is there.
#[derive(Clone, Debug)]
pub struct NewTracking {
    /// Whose.
    pub user_id: UserId,
    /// Of what.
    pub product: ProductUrl,
    /// When to tell.
    pub rules: Rules,
    /// Where to tell.
    pub channels: Vec<Channel>,
}

/// A tracking with its product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrackedProduct {
    /// The wish.
    pub tracking: Tracking,
    /// What is known about the product.
    pub product: ProductState,
}

/// What `track` did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tracked {
    /// The wish and its product, as they are now.
    pub tracked: TrackedProduct,
    /// False if the person tracked it already and the wish was updated.
    pub created: bool,
}

/// A change of a tracking; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct TrackingChange {
    /// When to tell, all rules together.
    pub rules: Option<Rules>,
    /// Where to tell.
    pub channels: Option<Vec<Channel>>,
    /// Pause or resume.
    pub active: Option<bool>,
}

/// Which trackings a list shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrackingFilter {
    /// All.
    #[default]
    All,
    /// At or below the target, with a fresh price that can be bought.
    AtTarget,
    /// The last change was a fall.
    Fell,
    /// Cannot be bought now.
    OutOfStock,
    /// The last check failed, or its reading is suspect.
    NeedsMe,
    /// Paused.
    Paused,
}

impl TrackingFilter {
    /// What `watchlist_filter.sql` calls it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            TrackingFilter::All => "all",
            TrackingFilter::AtTarget => "at_target",
            TrackingFilter::Fell => "fell",
            TrackingFilter::OutOfStock => "out_of_stock",
            TrackingFilter::NeedsMe => "needs_me",
            TrackingFilter::Paused => "paused",
        }
    }
}

/// The order of a list of trackings. Each ends with the id, so that pages never overlap.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TrackingSort {
    /// Newest first: the order of the HTTP API.
    #[default]
    Newest,
    /// Name, A to Z.
    Name,
    /// Cheapest first.
    Price,
    /// Largest fall of the last change first.
    Drop,
}

impl TrackingSort {
    /// What `watchlist_order.sql` calls it.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            TrackingSort::Newest => "newest",
            TrackingSort::Name => "name",
            TrackingSort::Price => "price",
            TrackingSort::Drop => "drop",
        }
    }
}

/// A page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows of this page.
    pub rows: Vec<T>,
    /// How many rows there are in all.
    pub total: u64,
}

/// Which rows of a list: at most `limit`, after the first `offset`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// At most so many.
    pub limit: u32,
    /// After so many.
    pub offset: u32,
}

/// How many of a person's trackings each filter shows; by the same predicates as the list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TrackingCounts {
    /// [`TrackingFilter::All`].
    pub all: u64,
    /// [`TrackingFilter::AtTarget`].
    pub at_target: u64,
    /// [`TrackingFilter::Fell`].
    pub fell: u64,
    /// [`TrackingFilter::OutOfStock`].
    pub out_of_stock: u64,
    /// [`TrackingFilter::NeedsMe`].
    pub needs_me: u64,
    /// [`TrackingFilter::Paused`].
    pub paused: u64,
}

impl TrackingCounts {
    /// The count of one filter.
    pub(crate) const fn of(&self, filter: TrackingFilter) -> u64 {
        match filter {
            TrackingFilter::All => self.all,
            TrackingFilter::AtTarget => self.at_target,
            TrackingFilter::Fell => self.fell,
            TrackingFilter::OutOfStock => self.out_of_stock,
            TrackingFilter::NeedsMe => self.needs_me,
            TrackingFilter::Paused => self.paused,
        }
    }
}

/// An event that still has trackings to be looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PendingEvent {
    /// The product.
    pub product_id: ProductId,
    /// The event.
    pub event_id: EventId,
}

/// One page of an event's fan-out: candidates found by index, to be decided by `domain::decide`.
#[derive(Clone, Debug)]
pub struct FanOutPage {
    /// The event.
    pub event: PriceEvent,
    /// The product, for the message.
    pub product: ProductState,
    /// Trackings whose [`WatchKeys`] the event touches, after the cursor.
    pub candidates: Vec<Tracking>,
    /// Where this page began; a page recorded from another cursor is refused.
    pub cursor: String,
    /// Where the next page begins; `None` if this is the last.
    pub next_cursor: Option<String>,
}

/// A tracking to be looked at again without a new event: its rules were edited, or a held alert's time has come.
#[derive(Clone, Debug)]
pub struct Revisit {
    /// The tracking.
    pub tracking: Tracking,
    /// Its product, with the last event in `last_event`.
    pub product: ProductState,
}

/// What was decided about one tracking: its new state and what is to be told. `tracking.revision` is that of the tracking as it
/// was read; if the store has another, nothing of this is written and the tracking is marked to be looked at again.
#[derive(Clone, Debug)]
pub struct DecidedTracking {
    /// The tracking after the decision.
    pub tracking: Tracking,
    /// Its index keys: `domain::decide::keys(&tracking)`.
    pub keys: WatchKeys,
    /// One notification a channel; ids are derived, so those already there stay as they are.
    pub notifications: Vec<Notification>,
}

/// A notification with what its channel needs to send it.
#[derive(Clone, Debug)]
pub struct DueNotification {
    /// The notification; `attempts` counts this one already.
    pub notification: Notification,
    /// Whom to tell.
    pub user: User,
}

/// How an attempt to deliver ended.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// The product: rows are keyed by it first.
    pub product_id: ProductId,
    /// The notification.
    pub id: domain::NotificationId,
    /// What happened.
    pub outcome: DeliveryOutcome,
}

/// What happened to an attempt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DeliveryOutcome {
    /// The peer accepted it.
    Sent,
    /// Try again then.
    Retry {
        /// When.
        at: Timestamp,
        /// Why it failed; names the thing and the remedy.
        error: String,
    },
    /// Will never succeed, or was tried for too long.
    Failed {
        /// Why; names the thing and the remedy.
        error: String,
    },
}

/// A notification as its owner sees it: one alert, and how it went on each channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InboxEntry {
    /// The inbox notification: what was told, and whether it was read.
    pub notification: Notification,
    /// The other channels' notifications of the same tracking and event.
    pub deliveries: Vec<Notification>,
}

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewUser {
    /// The account.
    pub user: User,
    /// Its password's hash (PHC string), if it has one.
    pub password_hash: Option<String>,
}

/// An account with what sign-in needs.
#[derive(Clone, Debug)]
pub struct Credentials {
    /// The account.
    pub user: User,
    /// Its password's hash (PHC string), if it has one.
    pub password_hash: Option<String>,
}

/// A session, or an API token: known by the SHA-256 of a secret that only its holder has.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    /// Whose.
    pub user_id: UserId,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Timestamp,
}

/// An API token to be made.
#[derive(Clone, Debug)]
pub struct NewToken {
    /// SHA-256 of the secret.
    pub secret_hash: [u8; 32],
    /// Whose.
    pub user_id: UserId,
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
}

/// The holder of an API token.
#[derive(Clone, Debug)]
pub struct TokenHolder {
    /// Whose.
    pub user: User,
    /// What it may do.
    pub scope: Scope,
}

/// A change of an account; what is `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct UserChange {
    /// The new role.
    pub role: Option<Role>,
    /// The new password's hash; every session of the account ends with it.
    pub password_hash: Option<String>,
    /// Language and region.
    pub locale: Option<domain::Locale>,
    /// IANA time zone.
    pub time_zone: Option<String>,
}

/// Evidence of a product's last reading that was worth keeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptEvidence {
    /// Start of the check.
    pub at: Timestamp,
    /// `offer`, `out_of_stock`, `suspect`, or a failure's word.
    pub outcome: String,
    /// Every candidate seen.
    pub evidence: Vec<Evidence>,
}

/// A product's line for a list: its recent runs, oldest first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RecentRuns {
    /// The product.
    pub product_id: ProductId,
    /// Oldest first.
    pub runs: Vec<PriceRun>,
}

/// Counts for the operator, and for tests that balance the books.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Products.
    pub products: u64,
    /// Price runs.
    pub price_runs: u64,
    /// Trackings.
    pub trackings: u64,
    /// Events.
    pub events: u64,
    /// Events that are not fanned out yet.
    pub pending_events: u64,
    /// Notifications.
    pub notifications: u64,
    /// Notifications that wait to be sent.
    pub pending_notifications: u64,
    /// Products due for a check at the time asked about.
    pub due: u64,
}

/// Which tracking, for calls on behalf of a person: only their own is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Owned {
    /// Whose.
    pub user_id: UserId,
    /// Which.
    pub tracking_id: TrackingId,
}

/// A proxy that an admin added, for the pool of routes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredProxy {
    /// The proxy.
    pub id: ProxyId,
    /// What its admin calls it.
    pub name: String,
    /// `http`, `https` or `socks5`.
    pub scheme: String,
    /// `host:port`.
    pub address: String,
    /// User name and password, sealed: the store cannot read them.
    pub credentials: Option<Vec<u8>>,
    /// Whether the pool uses it.
    pub enabled: bool,
    /// When it was added.
    pub created_at: Timestamp,
}
