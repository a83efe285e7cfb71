//! The part of the port that is about ways to tell a person: where their alerts go, and what they prefer.
//!
//! A trait of its own, so that engines implement it in a file of its own. [`crate::Store`] holds it.

use async_trait::async_trait;
use domain::preferences::Preferences;
use domain::{Channel, ChannelId, NotificationId, ProductId, Timestamp, UserId};

use crate::error::Result;

/// One way to one person: an address, a subscription, a webhook. A person may have several on one channel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserChannel {
    /// Its id.
    pub id: ChannelId,
    /// Whose.
    pub user_id: UserId,
    /// The channel.
    pub channel: Channel,
    /// What its owner calls it.
    pub label: String,
    /// Address, keys and tokens, sealed: the store cannot read them.
    pub settings: Vec<u8>,
    /// What may be shown of them: `a…@example.org`.
    pub hint: String,
    /// Whether it is used.
    pub enabled: bool,
    /// When its owner showed that it is theirs; nothing but a code is sent there before.
    pub verified_at: Option<Timestamp>,
    /// Why it does not work, or did not the last time; what to do.
    pub last_error: Option<String>,
    /// When it was added.
    pub created_at: Timestamp,
    /// The code that is to show that it is its owner's.
    pub code: Option<ChannelCode>,
}

/// A code that was sent, as its hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChannelCode {
    /// SHA-256 of channel and code.
    pub hash: [u8; 32],
    /// It counts until then.
    pub expires_at: Timestamp,
    /// How often a wrong one may still be tried.
    pub tries_left: u32,
}

/// What came of trying a code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CodeTry {
    /// It was right: the channel is its owner's.
    Verified,
    /// It was wrong; so many more may be tried.
    Wrong {
        /// How many.
        tries_left: u32,
    },
    /// There is none, it has expired, or was tried too often.
    Over,
}

/// A notification that was claimed and not tried: it waits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HeldNotification {
    /// The product: rows are keyed by it first.
    pub product_id: ProductId,
    /// The notification.
    pub id: NotificationId,
    /// Until then.
    pub until: Timestamp,
    /// Why.
    pub reason: String,
}

/// A notification of which one of several ways has its message already.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct PartlyDelivered {
    /// The product: rows are keyed by it first.
    pub product_id: ProductId,
    /// The notification.
    pub id: NotificationId,
    /// The way that has it.
    pub channel_id: ChannelId,
}

/// Ways to tell people. Every method is one transaction.
#[async_trait]
pub trait ChannelStore: Send + Sync + 'static {
    /// A person's ways, oldest first.
    async fn list_channels(&self, user: UserId) -> Result<Vec<UserChannel>>;

    /// The ways of these people on one channel, whether they are used or not.
    async fn find_channels_of(&self, users: &[UserId], channel: Channel) -> Result<Vec<UserChannel>>;

    /// Adds a way, or replaces its owner's one with its id.
    async fn put_channel(&self, channel: &UserChannel) -> Result<()>;

    /// Removes a way. False if the person has no such one.
    async fn remove_channel(&self, user: UserId, channel: ChannelId) -> Result<bool>;

    /// Writes why a way does not work, or that it does; with `enabled`, switches it on or off too.
    async fn note_channel(&self, user: UserId, channel: ChannelId, error: Option<&str>, enabled: Option<bool>) -> Result<()>;

    /// Tries a code: the right one verifies and enables the way and is used up, a wrong one costs a try. Many at once cost as many.
    async fn try_channel_code(&self, user: UserId, channel: ChannelId, hash: &[u8; 32], now: Timestamp) -> Result<CodeTry>;

    /// What these people prefer; who never said so is left out.
    async fn find_preferences(&self, users: &[UserId]) -> Result<Vec<(UserId, Preferences)>>;

    /// Writes what a person prefers.
    async fn put_preferences(&self, user: UserId, preferences: &Preferences) -> Result<()>;

    /// Gives claimed notifications back without counting an attempt.
    async fn hold_notifications(&self, held: &[HeldNotification]) -> Result<()>;

    /// Which ways have the message of these notifications already, where it is not delivered as a whole.
    async fn partly_delivered(&self, notifications: &[(ProductId, NotificationId)]) -> Result<Vec<PartlyDelivered>>;

    /// Notes ways that have the message of a notification whose other ways do not.
    async fn note_partly_delivered(&self, delivered: &[PartlyDelivered]) -> Result<()>;

    /// Keeps a value of this instance: writes it if there is none, and gives the one that is there then. Of many at once, all get
    /// the same.
    async fn keep_setting(&self, name: &str, value: &str) -> Result<String>;
}
