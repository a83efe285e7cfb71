//! Web push: an encrypted message to a browser, by way of its maker's push service.

mod encrypt;
#[cfg(test)]
pub(crate) mod receiver;
mod vapid;

use domain::time::DAY;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use url::Url;

pub(super) use vapid::contact;
pub use vapid::{Vapid, VapidError};

use super::DeliveryError;
use super::http::Call;
use super::letter::{Letter, Says};
use crate::links::Links;
use encrypt::encrypt;

const TTL: HeaderName = HeaderName::from_static("ttl");
const URGENCY: HeaderName = HeaderName::from_static("urgency");
const TOPIC: HeaderName = HeaderName::from_static("topic");
/// How long a push service keeps an alert for a browser that is not running: as long as it is tried to be sent.
const KEEP_SECONDS: i64 = DAY / 1_000_000;
const KEEP_TEST_SECONDS: i64 = 60;

/// What the service worker is given.
#[derive(Serialize)]
struct Payload<'a> {
    /// The same for a repeat: the browser replaces the one before.
    id: &'a str,
    title: &'a str,
    body: &'a str,
    /// The page that a click opens.
    url: &'a str,
    tag: String,
}

/// The request that brings a letter to a subscription.
pub(super) fn call(
    vapid: &Vapid,
    (endpoint, p256dh, auth): (&Url, &[u8], &[u8]),
    letter: &Letter,
    links: &Links,
) -> Result<Call, DeliveryError> {
    let words = letter.words(links);
    let tag = letter.about().map_or_else(|| letter.id.clone(), |(_, tracking)| tracking.to_string());
    let payload = Payload { id: &letter.id, title: &words.title, body: &words.text, url: &words.url, tag: tag.clone() };
    let payload = serde_json::to_vec(&payload).expect("texts are JSON");
    let dead = || DeliveryError::Gone("this browser's subscription is not valid; switch push on in it again".into());
    let body = encrypt(&payload, p256dh, auth).map_err(|_| dead())?;
    let keep = if matches!(letter.says, Says::Test) { KEEP_TEST_SECONDS } else { KEEP_SECONDS };
    let mut headers = HeaderMap::new();
    let text = |text: &str| HeaderValue::from_str(text).map_err(|_| dead());
    headers.insert(AUTHORIZATION, text(&vapid.authorization(endpoint, letter.now).map_err(|_| dead())?)?);
    headers.insert(CONTENT_ENCODING, HeaderValue::from_static("aes128gcm"));
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
    headers.insert(TTL, HeaderValue::from(keep));
    headers.insert(URGENCY, HeaderValue::from_static("high"));
    // A newer alert of the same tracking replaces the older one that waits: at most 32 characters (RFC 8030 §5.4).
    headers.insert(TOPIC, text(&tag.replace('-', "").chars().take(32).collect::<String>())?);
    Ok(Call { url: endpoint.clone(), headers, body: Bytes::from(body) })
}
