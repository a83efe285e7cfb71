//! Links that work without signing in: stop e-mails, pause a tracking, confirm an address, read the feed.
//!
//! A link holds what it is for, and a signature of it: nothing is stored, and nobody else can make one. What it does is done by a
//! form of the page behind it, never by opening it: mail scanners open every link.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::{ChannelId, TrackingId, UserId};
use uuid::Uuid;

use crate::seal::SecretKey;

const SIGNATURE_LEN: usize = 32;

/// What a link is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkTarget {
    /// To get no e-mail at one address any more.
    StopEmail(UserId, ChannelId),
    /// To pause one tracking.
    Pause(UserId, TrackingId),
    /// To confirm that an address is its owner's, with the code.
    Confirm(UserId, ChannelId),
    /// The person's feed; its number is that of the preferences.
    Feed(UserId, u32),
}

/// Makes and reads links. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Links {
    key: SecretKey,
    public_url: String,
}

impl Links {
    /// Links that begin with `public_url`.
    pub fn new(key: SecretKey, public_url: &str) -> Self {
        Links { key, public_url: public_url.trim_end_matches('/').to_owned() }
    }

    /// The base of every link, without a slash at its end.
    pub fn public_url(&self) -> &str {
        &self.public_url
    }

    /// The address of what the target is about.
    pub fn to(&self, target: LinkTarget) -> String {
        let page = match target {
            LinkTarget::StopEmail(..) => "unsubscribe",
            LinkTarget::Pause(..) => "pause",
            LinkTarget::Confirm(..) => "confirm",
            LinkTarget::Feed(..) => "feeds",
        };
        format!("{}/{page}/{}", self.public_url, self.token(target))
    }

    /// The page that confirms an address, with the code filled in.
    pub fn confirm(&self, user: UserId, channel: ChannelId, code: &str) -> String {
        format!("{}?code={code}", self.to(LinkTarget::Confirm(user, channel)))
    }

    /// What stands in a link.
    pub fn token(&self, target: LinkTarget) -> String {
        let mut bytes = target.to_bytes();
        bytes.extend_from_slice(&self.key.sign(&target.to_bytes()));
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// What a link is for, if we made it.
    pub fn read(&self, token: &str) -> Option<LinkTarget> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (target, signature) = bytes.split_at_checked(bytes.len().checked_sub(SIGNATURE_LEN)?)?;
        self.key.is_signed(target, signature).then(|| LinkTarget::from_bytes(target))?
    }
}

impl LinkTarget {
    fn to_bytes(self) -> Vec<u8> {
        match self {
            LinkTarget::StopEmail(user, channel) => [b"u".as_slice(), user.0.as_bytes(), channel.0.as_bytes()].concat(),
            LinkTarget::Pause(user, tracking) => [b"p".as_slice(), user.0.as_bytes(), tracking.0.as_bytes()].concat(),
            LinkTarget::Confirm(user, channel) => [b"c".as_slice(), user.0.as_bytes(), channel.0.as_bytes()].concat(),
            LinkTarget::Feed(user, number) => [b"f".as_slice(), user.0.as_bytes(), &number.to_be_bytes()].concat(),
        }
    }

    fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let (kind, rest) = bytes.split_first()?;
        let (user, rest) = rest.split_at_checked(16)?;
        let user = UserId(Uuid::from_slice(user).ok()?);
        match kind {
            b'u' => Some(LinkTarget::StopEmail(user, ChannelId(Uuid::from_slice(rest).ok()?))),
            b'p' => Some(LinkTarget::Pause(user, TrackingId(Uuid::from_slice(rest).ok()?))),
            b'c' => Some(LinkTarget::Confirm(user, ChannelId(Uuid::from_slice(rest).ok()?))),
            b'f' => Some(LinkTarget::Feed(user, u32::from_be_bytes(rest.try_into().ok()?))),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_read_by_who_made_it_and_by_nobody_else() {
        let links = Links::new(SecretKey::new([1; 32]), "https://plummet.example/");
        let user = UserId(Uuid::from_u128(7));
        for target in [
            LinkTarget::StopEmail(user, ChannelId(Uuid::from_u128(8))),
            LinkTarget::Pause(user, TrackingId(Uuid::from_u128(8))),
            LinkTarget::Confirm(user, ChannelId(Uuid::from_u128(9))),
            LinkTarget::Feed(user, 3),
        ] {
            let token = links.token(target);
            assert_eq!(links.read(&token), Some(target));
            assert!(links.to(target).ends_with(&token) && links.to(target).starts_with("https://plummet.example/"));
            assert_eq!(Links::new(SecretKey::new([2; 32]), "").read(&token), None, "another key");
            for at in 0..token.len() {
                let mut changed = token.clone().into_bytes();
                changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
                let changed = String::from_utf8(changed).unwrap();
                assert!(links.read(&changed).is_none_or(|read| read == target), "{changed}");
            }
        }
        for wrong in ["", "x", "AAAA", "%%%"] {
            assert_eq!(links.read(wrong), None);
        }
    }
}
