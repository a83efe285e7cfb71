//! What the pages ask for beside what the straight path needs: changes of late, falls, alerts of a product, shares, tokens, accounts.

use async_trait::async_trait;
use domain::user::{Scope, User};
use domain::{EventId, Money, Notification, ProductId, ProductState, Timestamp, UserId};

use crate::error::Result;
use crate::model::{Page, TrackedProduct, TrackingFilter, TrackingSort, Window};

/// The part of [`crate::Store`] that the pages' lists need.
#[async_trait]
pub trait ListStore: Send + Sync + 'static {
    /// A person's trackings that hold the words, of one shop or all, as [`crate::Store::list_trackings`] otherwise.
    async fn find_trackings(&self, user: UserId, asked: &TrackingQuery, window: Window) -> Result<Page<TrackedProduct>>;

    /// The shops of a person's trackings with how many products each has, those with most first.
    async fn tracked_hosts(&self, user: UserId, limit: u32) -> Result<Vec<(String, u64)>>;

    /// Prices and stock states that changed after `since`, newest first.
    async fn recent_changes(&self, since: Timestamp, limit: u32) -> Result<Vec<Change>>;

    /// Products whose price fell after `since` and is still below what it fell from, the largest share first. One product may
    /// come more than once.
    async fn recent_falls(&self, since: Timestamp, limit: u32) -> Result<Vec<Fallen>>;

    /// Products with a GTIN, cheapest of each currency first.
    async fn products_of_gtin(&self, gtin: &str, limit: u32) -> Result<Vec<ProductState>>;

    /// Products whose last checks failed, the latest failure first.
    async fn failing_products(&self, window: Window) -> Result<Page<ProductState>>;

    /// What a person was told about a product, newest first.
    async fn list_alerts_of(&self, user: UserId, product: ProductId, limit: u32) -> Result<Vec<Notification>>;

    /// Shares a product, once a person: the share that there is, or this one.
    async fn put_share(&self, share: &Share) -> Result<Share>;

    /// The share of a product by its token.
    async fn find_share(&self, product: ProductId, token: &str) -> Result<Option<Share>>;

    /// A person's share of a product.
    async fn find_share_of(&self, user: UserId, product: ProductId) -> Result<Option<Share>>;

    /// Ends a share. False if there is none.
    async fn remove_share(&self, user: UserId, product: ProductId) -> Result<bool>;

    /// A person's API tokens, newest first; those that ended, too.
    async fn list_tokens(&self, user: UserId) -> Result<Vec<StoredToken>>;

    /// Revokes an API token of a person. False if they have no such one.
    async fn remove_token(&self, user: UserId, secret_hash: &[u8; 32]) -> Result<bool>;

    /// All accounts, by address.
    async fn list_accounts(&self, window: Window) -> Result<Page<Account>>;
}

/// A price or a stock state that changed, for pages that are open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Change {
    /// The product.
    pub product_id: ProductId,
    /// The event.
    pub event_id: EventId,
    /// When it was seen.
    pub at: Timestamp,
}

/// Which of a person's trackings a list shows, and in what order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrackingQuery {
    /// Words that name or URL must hold, in any case; none for all.
    pub words: String,
    /// One shop; `None` for all.
    pub host: Option<String>,
    /// Which of them.
    pub filter: TrackingFilter,
    /// The order.
    pub sort: TrackingSort,
}

/// A product whose price fell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallen {
    /// What is known about the product now.
    pub product: ProductState,
    /// The price before the fall.
    pub old_price: Money,
    /// When the fall was seen.
    pub at: Timestamp,
}

/// A link by which anybody may look at a product's history. It begins with the product's id, so that it is found beside it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Share {
    /// The product.
    pub product_id: ProductId,
    /// Who shares it.
    pub user_id: UserId,
    /// What nobody guesses.
    pub token: String,
    /// Since when.
    pub created_at: Timestamp,
}

/// An API token as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    /// SHA-256 of the secret: it names the token and opens nothing.
    pub secret_hash: [u8; 32],
    /// What its owner calls it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends, if it does.
    pub expires_at: Option<Timestamp>,
    /// When it was last used, to within some minutes.
    pub last_used_at: Option<Timestamp>,
}

/// An account as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The account.
    pub user: User,
    /// How many products it tracks.
    pub trackings: u64,
    /// When its newest session was opened, if one is open.
    pub signed_in_at: Option<Timestamp>,
}
