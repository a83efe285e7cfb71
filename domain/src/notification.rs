//! Notifications: one message about one event for one tracking on one channel.

use serde::{Deserialize, Serialize};

use crate::decide::Reason;
use crate::ids::{EventId, NotificationId, ProductId, TrackingId, UserId};
use crate::money::Money;
use crate::time::Timestamp;
use crate::tracking::Channel;

/// Where a notification is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// To be sent at `next_attempt_at`.
    Pending,
    /// Accepted by the peer.
    Sent,
    /// Given up, for the reason in `last_error`.
    Failed,
}

impl Status {
    /// The word in tables and in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Status::Pending => "pending",
            Status::Sent => "sent",
            Status::Failed => "failed",
        }
    }

    /// The status of a word written by [`Status::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Status::Pending, Status::Sent, Status::Failed].into_iter().find(|status| status.as_str() == word)
    }
}

/// What the message says: fixed when the alert is decided, so that a late delivery tells what was true then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerted {
    /// The product's name, or its URL while it has none.
    pub product_name: String,
    /// The shop: the host of the URL.
    pub shop: String,
    /// The shop's page.
    pub product_url: String,
    /// The price before, where there was one.
    pub old_price: Option<Money>,
    /// The price told.
    pub new_price: Money,
    /// When it was observed.
    pub observed_at: Timestamp,
    /// Which rule fired and why.
    pub reason: Reason,
}

/// One message about one event for one tracking on one channel.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Derived from tracking, event and channel.
    pub id: NotificationId,
    /// The product: rows are keyed by it first.
    pub product_id: ProductId,
    /// The tracking.
    pub tracking_id: TrackingId,
    /// The event.
    pub event_id: EventId,
    /// Whose it is.
    pub user_id: UserId,
    /// The channel.
    pub channel: Channel,
    /// What it says.
    pub alerted: Alerted,
    /// Where it is on its way.
    pub status: Status,
    /// Attempts made.
    pub attempts: u32,
    /// When to try (again).
    pub next_attempt_at: Timestamp,
    /// Why the last attempt failed; names the thing and the remedy.
    pub last_error: Option<String>,
    /// When it was decided.
    pub created_at: Timestamp,
    /// When the peer accepted it.
    pub sent_at: Option<Timestamp>,
    /// When its owner read it (inbox only).
    pub read_at: Option<Timestamp>,
}
