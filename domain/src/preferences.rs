//! What a person prefers, for all of their trackings.

use serde::{Deserialize, Serialize};

use crate::ids::UserId;
use crate::quiet_hours::{DayTime, QuietHours, digest_at};
use crate::time::Timestamp;
use crate::tracking::{Channel, DropBasisPoints};

/// Most alerts a day that a person may ask for as their limit.
pub const MAX_DAILY_CAP: u32 = 1_000;

/// What a person prefers. What an older program did not know has its default; what a newer one wrote beside is left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// Where new trackings tell, beside the inbox.
    pub channels: Vec<Channel>,
    /// The percentage rule that a new tracking begins with.
    pub drop: Option<DropBasisPoints>,
    /// When nothing is to be sent.
    pub quiet: Option<QuietHours>,
    /// E-mail comes once a day, at this time.
    pub digest: Option<DayTime>,
    /// Most alerts a day; the others wait in the inbox.
    pub daily_cap: Option<u32>,
    /// Which secret address of the feed counts: a new one ends the one before.
    pub feed: u32,
}

impl Default for Preferences {
    fn default() -> Self {
        Preferences { channels: vec![Channel::Email], drop: None, quiet: None, digest: None, daily_cap: None, feed: 0 }
    }
}

/// When a message may go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// Now, by itself.
    Now,
    /// Now, in one message with the others of its day.
    InDigest,
    /// Not before then: it is quiet.
    AfterQuiet(Timestamp),
    /// Not before then: it waits for the digest.
    AtDigest(Timestamp),
}

impl Preferences {
    /// When a message that was decided at `told_at` may go out on a channel.
    pub fn when(&self, user: UserId, zone: &str, channel: Channel, told_at: Timestamp, now: Timestamp) -> When {
        let zone = crate::locale::time_zone(zone);
        if channel == Channel::Email
            && let Some(at) = self.digest
        {
            // A digest comes when its person wants it, also at night.
            let due = digest_at(at, told_at, &zone, user);
            return if due <= now { When::InDigest } else { When::AtDigest(due) };
        }
        match self.quiet.and_then(|quiet| quiet.end(now, &zone)) {
            Some(end) => When::AfterQuiet(end),
            None => When::Now,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn what_is_not_known_yet_has_its_default() {
        let read = |text| serde_json::from_str::<Preferences>(text).unwrap();
        assert_eq!(read("{}"), Preferences::default());
        assert_eq!(read(r#"{"from_the_future":1,"feed":3}"#), Preferences { feed: 3, ..Preferences::default() });
        let full = Preferences {
            channels: vec![Channel::Push],
            drop: DropBasisPoints::new(1_000),
            quiet: Some(QuietHours { from: "22:00".parse().unwrap(), to: "07:00".parse().unwrap() }),
            digest: "18:00".parse().ok(),
            daily_cap: Some(5),
            feed: 1,
        };
        assert_eq!(read(&serde_json::to_string(&full).unwrap()), full);
    }

    #[test]
    fn quiet_hours_hold_every_channel_and_a_digest_holds_mail() {
        let user = UserId(uuid::Uuid::nil());
        let quiet = Preferences {
            quiet: Some(QuietHours { from: "22:00".parse().unwrap(), to: "07:00".parse().unwrap() }),
            ..Preferences::default()
        };
        let night = at("2026-01-05T23:00:00Z");
        let end = When::AfterQuiet(at("2026-01-06T06:00:00Z"));
        for channel in [Channel::Email, Channel::Push, Channel::Sms] {
            assert_eq!(quiet.when(user, "Europe/Berlin", channel, night, night), end);
            assert_eq!(quiet.when(user, "Europe/Berlin", channel, night, at("2026-01-06T06:00:00Z")), When::Now);
        }
        let daily = Preferences { digest: "18:00".parse().ok(), ..quiet };
        let due = at("2026-01-06T17:00:00Z");
        assert_eq!(daily.when(user, "Europe/Berlin", Channel::Email, night, night), When::AtDigest(due));
        assert_eq!(daily.when(user, "Europe/Berlin", Channel::Email, night, due), When::InDigest);
        assert_eq!(daily.when(user, "Europe/Berlin", Channel::Push, night, night), end);
    }
}
