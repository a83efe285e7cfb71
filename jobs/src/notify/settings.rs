//! Where a message goes: what people type about a channel, parsed once, and stored sealed.

use std::collections::BTreeMap;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use domain::user::parse_email;
use domain::{Channel, ChannelId};
use serde::{Deserialize, Serialize};
use url::Url;

use crate::seal::{SealError, SecretKey};

/// Longest address, key or token.
const MAX_CHARS: usize = 2_000;

/// Where the messages of one channel go.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "channel", rename_all = "snake_case")]
#[expect(missing_docs, reason = "the fields are those of the services, by their names")]
pub enum ChannelSettings {
    /// An address.
    Email { address: String },
    /// A browser's subscription (Push API): where to send, and the keys that only the browser can open it with.
    Push {
        #[serde(with = "url_text")]
        endpoint: Url,
        p256dh: Vec<u8>,
        auth: Vec<u8>,
    },
    /// A telephone number (E.164).
    Sms { number: String },
    /// Where to post JSON, and the key of its signature.
    Webhook {
        #[serde(with = "url_text")]
        url: Url,
        secret: String,
    },
    /// A topic of an ntfy server, and the access token if it needs one.
    Ntfy {
        #[serde(with = "url_text")]
        server: Url,
        topic: String,
        token: Option<String>,
    },
    /// A chat, and the bot that writes there.
    Telegram { bot_token: String, chat_id: String },
    /// A channel's webhook.
    Discord {
        #[serde(with = "url_text")]
        url: Url,
    },
    /// A channel's webhook.
    Slack {
        #[serde(with = "url_text")]
        url: Url,
    },
    /// An application of a Gotify server.
    Gotify {
        #[serde(with = "url_text")]
        server: Url,
        token: String,
    },
}

/// A field that holds something that cannot be.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FieldError {
    /// Its name in the form.
    pub field: &'static str,
    /// What is wrong, and the remedy.
    pub message: &'static str,
}

/// What was typed, by field.
pub type Fields = BTreeMap<String, String>;

fn wrong(field: &'static str, message: &'static str) -> FieldError {
    FieldError { field, message }
}

impl ChannelSettings {
    /// Reads what was typed for a channel.
    pub fn parse(channel: Channel, fields: &Fields) -> Result<Self, FieldError> {
        let text = |field: &str| fields.get(field).map(|text| text.trim()).unwrap_or_default();
        Ok(match channel {
            Channel::Inbox => return Err(wrong("channel", "the notifications page is always on; there is nothing to set up")),
            Channel::Email => ChannelSettings::Email {
                address: parse_email(text("address"))
                    .ok_or(wrong("address", "write an e-mail address such as anna@example.org"))?,
            },
            Channel::Push => ChannelSettings::Push {
                endpoint: web_url(
                    "endpoint",
                    text("endpoint"),
                    "this is no push subscription; allow notifications and try again",
                )?,
                p256dh: key("p256dh", text("p256dh"), 65)?,
                auth: key("auth", text("auth"), 16)?,
            },
            Channel::Sms => ChannelSettings::Sms { number: phone_number(text("number"))? },
            Channel::Webhook => ChannelSettings::Webhook {
                url: web_url("url", text("url"), "write where to post, such as https://example.org/hooks/prices")?,
                secret: some_or("secret", text("secret"), "give the key that requests are signed with")?,
            },
            Channel::Ntfy => {
                let server = if text("server").is_empty() { "https://ntfy.sh" } else { text("server") };
                ChannelSettings::Ntfy {
                    server: web_url("server", server, "write the server such as https://ntfy.sh")?,
                    topic: topic(text("topic"))?,
                    token: Some(text("token").to_owned()).filter(|token| !token.is_empty()),
                }
            }
            Channel::Telegram => {
                ChannelSettings::Telegram { bot_token: bot_token(text("bot_token"))?, chat_id: chat_id(text("chat_id"))? }
            }
            Channel::Discord => ChannelSettings::Discord {
                url: web_url("url", text("url"), "paste the webhook's link from the channel's settings in Discord")?,
            },
            Channel::Slack => ChannelSettings::Slack {
                url: web_url("url", text("url"), "paste the webhook's link from the app's settings in Slack")?,
            },
            Channel::Gotify => ChannelSettings::Gotify {
                server: web_url("server", text("server"), "write the server such as https://gotify.example.org")?,
                token: header_text("token", text("token"), "paste the token of an application from Gotify")?,
            },
        })
    }

    /// The channel that these are of.
    pub fn channel(&self) -> Channel {
        match self {
            ChannelSettings::Email { .. } => Channel::Email,
            ChannelSettings::Push { .. } => Channel::Push,
            ChannelSettings::Sms { .. } => Channel::Sms,
            ChannelSettings::Webhook { .. } => Channel::Webhook,
            ChannelSettings::Ntfy { .. } => Channel::Ntfy,
            ChannelSettings::Telegram { .. } => Channel::Telegram,
            ChannelSettings::Discord { .. } => Channel::Discord,
            ChannelSettings::Slack { .. } => Channel::Slack,
            ChannelSettings::Gotify { .. } => Channel::Gotify,
        }
    }

    /// What may be shown: enough to know it again, not enough to use it.
    pub fn hint(&self) -> String {
        let host = |url: &Url| url.host_str().unwrap_or_default().to_owned();
        match self {
            ChannelSettings::Email { address } => masked_address(address),
            ChannelSettings::Push { endpoint, .. } => host(endpoint),
            ChannelSettings::Sms { number } => format!("…{}", ending(number, 3)),
            ChannelSettings::Webhook { url, .. } | ChannelSettings::Discord { url } | ChannelSettings::Slack { url } => {
                format!("{}/…", host(url))
            }
            ChannelSettings::Ntfy { server, topic, .. } => format!("{}/{}…", host(server), beginning(topic, 3)),
            ChannelSettings::Telegram { chat_id, .. } => format!("chat …{}", ending(chat_id, 3)),
            ChannelSettings::Gotify { server, .. } => host(server),
        }
    }

    /// The URL that a person chose, for the guard to look at before it is stored.
    pub fn url(&self) -> Option<&Url> {
        match self {
            ChannelSettings::Push { endpoint: url, .. }
            | ChannelSettings::Webhook { url, .. }
            | ChannelSettings::Ntfy { server: url, .. }
            | ChannelSettings::Discord { url }
            | ChannelSettings::Slack { url }
            | ChannelSettings::Gotify { server: url, .. } => Some(url),
            ChannelSettings::Email { .. } | ChannelSettings::Sms { .. } | ChannelSettings::Telegram { .. } => None,
        }
    }

    /// Whether its owner must show that it is theirs before anything else is sent there.
    pub fn needs_code(channel: Channel) -> bool {
        matches!(channel, Channel::Email | Channel::Sms)
    }

    /// Sealed for one channel: moved to another row, they cannot be opened.
    pub fn seal(&self, key: &SecretKey, id: ChannelId) -> Vec<u8> {
        let json = serde_json::to_vec(self).expect("settings are texts and bytes");
        key.seal(&json, &format!("channel {id}"))
    }

    /// Opens what was sealed for this channel.
    pub fn open(sealed: &[u8], key: &SecretKey, id: ChannelId) -> Result<Self, SealError> {
        let json = key.open(sealed, &format!("channel {id}"))?;
        serde_json::from_slice(&json).map_err(|_| SealError::Damaged)
    }
}

impl fmt::Debug for ChannelSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}({})", self.channel().as_str(), self.hint())
    }
}

/// URLs as text.
mod url_text {
    use serde::{Deserialize, Deserializer, Serializer};
    use url::Url;

    pub(super) fn serialize<S: Serializer>(url: &Url, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(url.as_str())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
        Url::parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

fn web_url(field: &'static str, text: &str, message: &'static str) -> Result<Url, FieldError> {
    let url = Url::parse(text).ok().filter(|_| text.len() <= MAX_CHARS).ok_or(wrong(field, message))?;
    let is_web = matches!(url.scheme(), "http" | "https") && url.host_str().is_some_and(|host| !host.is_empty());
    if !url.username().is_empty() || url.password().is_some() {
        return Err(wrong(field, "leave user name and password out of the link"));
    }
    if is_web { Ok(url) } else { Err(wrong(field, message)) }
}

/// Bytes as browsers give them: base64url, or base64, without padding or with it.
fn key(field: &'static str, text: &str, length: usize) -> Result<Vec<u8>, FieldError> {
    let text = text.trim_end_matches('=');
    let bytes = URL_SAFE_NO_PAD.decode(text).or_else(|_| STANDARD_NO_PAD.decode(text)).ok();
    bytes
        .filter(|bytes| bytes.len() == length)
        .ok_or(wrong(field, "this is no push subscription; allow notifications in the browser and try again"))
}

/// `+49 170 1234567` without what people write between the digits.
fn phone_number(text: &str) -> Result<String, FieldError> {
    let digits: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '/' | '.' | '\u{a0}')).collect();
    let rest = digits.strip_prefix('+').unwrap_or_default();
    let fits = (7..=15).contains(&rest.len()) && rest.bytes().all(|c| c.is_ascii_digit()) && !rest.starts_with('0');
    fits.then_some(digits.clone()).ok_or(wrong("number", "write the number with its country, such as +49 170 1234567"))
}

fn topic(text: &str) -> Result<String, FieldError> {
    let fits = (1..=64).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'));
    fits.then(|| text.to_owned()).ok_or(wrong("topic", "a topic has letters, digits, - and _, at most 64"))
}

fn bot_token(text: &str) -> Result<String, FieldError> {
    let fits = text.split_once(':').is_some_and(|(bot, secret)| {
        !bot.is_empty()
            && bot.bytes().all(|c| c.is_ascii_digit())
            && (20..=100).contains(&secret.len())
            && secret.bytes().all(|c| c.is_ascii_alphanumeric() || matches!(c, b'-' | b'_'))
    });
    fits.then(|| text.to_owned()).ok_or(wrong("bot_token", "paste the token that BotFather gave, such as 123456:ABC…"))
}

fn chat_id(text: &str) -> Result<String, FieldError> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let is_id = (1..=20).contains(&digits.len()) && digits.bytes().all(|c| c.is_ascii_digit());
    let name = text.strip_prefix('@').unwrap_or_default();
    let is_name = (4..=40).contains(&name.len()) && name.bytes().all(|c| c.is_ascii_alphanumeric() || c == b'_');
    (is_id || is_name).then(|| text.to_owned()).ok_or(wrong("chat_id", "write the chat's number, or @ and the channel's name"))
}

fn some_or(field: &'static str, text: &str, message: &'static str) -> Result<String, FieldError> {
    let fits = (8..=MAX_CHARS).contains(&text.len());
    fits.then(|| text.to_owned()).ok_or(wrong(field, message))
}

fn header_text(field: &'static str, text: &str, message: &'static str) -> Result<String, FieldError> {
    let fits = (1..=200).contains(&text.len()) && text.bytes().all(|c| c.is_ascii_graphic());
    fits.then(|| text.to_owned()).ok_or(wrong(field, message))
}

fn masked_address(address: &str) -> String {
    let (name, host) = address.rsplit_once('@').unwrap_or((address, ""));
    format!("{}…@{host}", beginning(name, 1))
}

fn beginning(text: &str, count: usize) -> String {
    text.chars().take(count).collect()
}

fn ending(text: &str, count: usize) -> String {
    let length = text.chars().count();
    text.chars().skip(length.saturating_sub(count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(channel: Channel, fields: &[(&str, &str)]) -> Result<ChannelSettings, FieldError> {
        ChannelSettings::parse(channel, &fields.iter().map(|(name, text)| ((*name).into(), (*text).into())).collect())
    }

    /// A channel, what is typed in its fields, and what comes of it.
    type Case = (Channel, &'static [(&'static str, &'static str)], &'static str);

    #[test]
    fn what_people_type_is_read_and_shown_masked() {
        let cases: &[Case] = &[
            (Channel::Email, &[("address", " Anna@Example.org")], "a…@example.org"),
            (Channel::Sms, &[("number", "+49 (170) 123-4567")], "…567"),
            (Channel::Webhook, &[("url", "https://x.example/secret"), ("secret", "12345678")], "x.example/…"),
            (Channel::Ntfy, &[("topic", "prices_9f8e")], "ntfy.sh/pri…"),
            (Channel::Telegram, &[("bot_token", "12345:abcdefghijabcdefghij"), ("chat_id", "-1001234")], "chat …234"),
            (Channel::Discord, &[("url", "https://discord.com/api/webhooks/1/x")], "discord.com/…"),
            (Channel::Slack, &[("url", "https://hooks.slack.com/services/T/B/x")], "hooks.slack.com/…"),
            (Channel::Gotify, &[("server", "https://g.example"), ("token", "AbC")], "g.example"),
        ];
        for (channel, fields, hint) in cases {
            let settings = parse(*channel, fields).unwrap();
            assert_eq!((settings.channel(), settings.hint().as_str()), (*channel, *hint));
        }
    }

    #[test]
    fn nonsense_is_refused_at_its_field() {
        let cases: &[Case] = &[
            (Channel::Email, &[("address", "anna")], "address"),
            (Channel::Sms, &[("number", "0170 1234567")], "number"),
            (Channel::Sms, &[("number", "+1")], "number"),
            (Channel::Webhook, &[("url", "ftp://x.example"), ("secret", "12345678")], "url"),
            (Channel::Webhook, &[("url", "https://u:p@x.example"), ("secret", "12345678")], "url"),
            (Channel::Webhook, &[("url", "https://x.example")], "secret"),
            (Channel::Ntfy, &[("topic", "a/b")], "topic"),
            (Channel::Telegram, &[("bot_token", "x"), ("chat_id", "1")], "bot_token"),
            (Channel::Telegram, &[("bot_token", "12345:abcdefghijabcdefghij"), ("chat_id", "a b")], "chat_id"),
            (Channel::Gotify, &[("server", "https://g.example"), ("token", "a\r\nb")], "token"),
            (Channel::Push, &[("endpoint", "https://p.example"), ("p256dh", "AAAA"), ("auth", "AAAA")], "p256dh"),
            (Channel::Inbox, &[], "channel"),
        ];
        for (channel, fields, field) in cases {
            assert_eq!(parse(*channel, fields).map_err(|error| error.field), Err(*field), "{channel:?}");
        }
    }

    #[test]
    fn settings_open_for_their_channel_only_and_are_never_shown() {
        let key = SecretKey::new([1; 32]);
        let (one, other) = (ChannelId(uuid::Uuid::from_u128(1)), ChannelId(uuid::Uuid::from_u128(2)));
        let settings = parse(Channel::Webhook, &[("url", "https://x.example/path"), ("secret", "sesame-sesame")]).unwrap();
        let sealed = settings.seal(&key, one);
        assert_eq!(ChannelSettings::open(&sealed, &key, one), Ok(settings.clone()));
        assert_eq!(ChannelSettings::open(&sealed, &key, other), Err(SealError::Damaged));
        let shown = format!("{settings:?}");
        assert!(!shown.contains("sesame") && !shown.contains("path"), "{shown}");
    }
}
