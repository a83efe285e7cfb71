//! Ids. Those of products, trackings, events and notifications are derived from what they identify, so the primary key is
//! the deduplication, on one database and on many.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::platform::Platform;
use crate::time::Timestamp;
use crate::tracking::Channel;

/// The namespace of every derived id (UUID version 5, RFC 9562 §5.5): drawn once, never to change.
const NAMESPACE: Uuid = Uuid::from_u128(0x8a6f_5d2e_3b1c_5c4e_9f70_1d2b_3c4d_5e6f);

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(text).map($name)
            }
        }
    };
}

id!(
    /// One listing in one shop.
    ProductId
);
id!(
    /// One person's wish about one product.
    TrackingId
);
id!(
    /// One change in price or availability.
    EventId
);
id!(
    /// One proxy that requests may go through.
    ProxyId
);
id!(
    /// One message about one event for one tracking on one channel.
    NotificationId
);
id!(
    /// One way to one person: an address, a subscription, a webhook. Random, but for that of the account's own address.
    ChannelId
);
id!(
    /// One account. Random, not derived: an e-mail address may change.
    UserId
);

/// Joins the parts so that no two lists of parts give the same bytes.
fn derive(kind: &str, parts: &[&[u8]]) -> Uuid {
    let mut name = kind.as_bytes().to_vec();
    for part in parts {
        name.extend_from_slice(&(part.len() as u64).to_be_bytes());
        name.extend_from_slice(part);
    }
    Uuid::new_v5(&NAMESPACE, &name)
}

impl ProductId {
    /// The id of the listing that `platform` calls `external_id`.
    pub fn derive(platform: &Platform, external_id: &str) -> Self {
        ProductId(derive("product", &[platform.as_str().as_bytes(), external_id.as_bytes()]))
    }
}

impl TrackingId {
    /// The id of this user's tracking of this product; there is never a second one.
    pub fn derive(user: UserId, product: ProductId) -> Self {
        TrackingId(derive("tracking", &[user.0.as_bytes(), product.0.as_bytes()]))
    }
}

impl EventId {
    /// The id of what an observation begun at `observed_at` changed about this product: recording it twice makes one event.
    pub fn derive(product: ProductId, observed_at: Timestamp) -> Self {
        EventId(derive("event", &[product.0.as_bytes(), &observed_at.as_micros().to_be_bytes()]))
    }
}

impl NotificationId {
    /// The id of the one message about this event for this tracking on this channel.
    pub fn derive(tracking: TrackingId, event: EventId, channel: Channel) -> Self {
        NotificationId(derive("notification", &[tracking.0.as_bytes(), event.0.as_bytes(), channel.as_str().as_bytes()]))
    }
}

impl ChannelId {
    /// The id of the account's own e-mail address as a way to tell.
    pub fn of_account(user: UserId) -> Self {
        ChannelId(derive("account e-mail", &[user.0.as_bytes()]))
    }
}

impl ProxyId {
    /// The id of a proxy of the configuration, the same in every process that has it there.
    pub fn derive(scheme: &str, address: &str, user: &str) -> Self {
        ProxyId(derive("proxy", &[scheme.as_bytes(), address.as_bytes(), user.as_bytes()]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derived_ids_never_change() {
        // Stored rows are keyed by these: a change of the recipe would orphan every row of every installation.
        let product = ProductId::derive(&Platform::AMAZON, "amazon.de:B08XYZ1234");
        let user = UserId(Uuid::from_u128(7));
        let tracking = TrackingId::derive(user, product);
        let event = EventId::derive(product, Timestamp::from_micros(1));
        let notification = NotificationId::derive(tracking, event, Channel::Email);
        let all = [product.0, tracking.0, event.0, notification.0].map(|id| id.to_string());
        let expect = [
            "516a0fd0-0717-5c96-be0e-fa92af2d179c",
            "f6dadd06-56e8-5a21-a7fe-61f24a60829f",
            "cfc922c5-d76f-570e-ba89-ca7a51d09976",
            "1596f40b-d212-5b60-8375-ac8e585847a2",
        ];
        assert_eq!(all, expect.map(String::from));
        assert_eq!(product, ProductId::derive(&Platform::AMAZON, "amazon.de:B08XYZ1234"));
        assert_ne!(product, ProductId::derive(&Platform::EBAY, "amazon.de:B08XYZ1234"));
    }

    #[test]
    fn parts_do_not_run_into_each_other() {
        assert_ne!(derive("x", &[b"ab", b"c"]), derive("x", &[b"a", b"bc"]));
    }
}
