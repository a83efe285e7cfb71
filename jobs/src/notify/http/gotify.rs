//! Gotify: a message of an application.

use hyper::header::HeaderName;
use serde_json::json;
use url::Url;

use super::{Call, below};
use crate::links::Links;
use crate::notify::DeliveryError;
use crate::notify::letter::Letter;

/// What Gotify shows loudly on a phone.
const PRIORITY: u8 = 7;

pub(in crate::notify) fn call(server: &Url, token: &str, letter: &Letter, links: &Links) -> Result<Call, DeliveryError> {
    let words = letter.words(links);
    let body = json!({
        "title": words.title,
        "message": format!("{}\n\n{}", words.text, words.url),
        "priority": PRIORITY,
        "extras": {
            "client::display": { "contentType": "text/plain" },
            "client::notification": { "click": { "url": words.url } },
        },
    });
    Call::json(below(server, "message"), &body).with(HeaderName::from_static("x-gotify-key"), token)
}
