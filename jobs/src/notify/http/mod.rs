//! Services that are told by one HTTP request. Each file says what its request is; what an answer means is said here.

mod discord;
mod gotify;
mod ntfy;
mod slack;
mod sms;
mod telegram;
mod webhook;

use domain::Channel;
use hyper::body::Bytes;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use url::Url;

pub(super) use sms::SmsGateway;
pub(super) use telegram::TelegramApi;
pub(super) use {
    discord::call as discord, gotify::call as gotify, ntfy::call as ntfy, slack::call as slack, webhook::call as webhook,
};

use super::DeliveryError;
use crate::fetch::PostAnswer;

/// A request to be posted.
#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    fn json(url: Url, body: &impl Serialize) -> Self {
        let body = serde_json::to_vec(body).expect("texts and numbers are JSON");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=utf-8"))]);
        Call { url, headers, body: body.into() }
    }

    /// Adds a header; its value is known to fit into one.
    fn with(mut self, name: HeaderName, value: &str) -> Result<Self, DeliveryError> {
        let mut value = HeaderValue::from_str(value).map_err(|_| {
            DeliveryError::Permanent("a key holds characters that cannot be sent; set the channel up again".into())
        })?;
        value.set_sensitive(name == AUTHORIZATION);
        self.headers.insert(name, value);
        Ok(self)
    }
}

/// A path below a base, whatever the base ends with.
fn below(base: &Url, path: &str) -> Url {
    let mut url = base.clone();
    url.set_path(&format!("{}/{}", base.path().trim_end_matches('/'), path.trim_start_matches('/')));
    url
}

/// What an answer means for the message. Its text is shown to the owner of the channel: the beginning, on one line.
pub(super) fn judge(channel: Channel, url: &Url, answer: &PostAnswer) -> Result<(), DeliveryError> {
    let host = url.host_str().unwrap_or_default();
    let said = domain::message::one_line(&said(&answer.body), 160);
    let said = if said.is_empty() { String::new() } else { format!(": {said}") };
    let status = answer.status;
    let transient = |why: String| DeliveryError::Transient { why, at: answer.retry_at, answered: true };
    match status {
        200..=299 => Ok(()),
        300..=399 => {
            let target = answer
                .location
                .as_deref()
                .map_or_else(String::new, |target| format!(" to {}", domain::message::one_line(target, 80)));
            let why = format!(
                "{host} redirects{target}; messages go to the address that you enter and nowhere else: enter the final one"
            );
            Err(DeliveryError::Permanent(why))
        }
        404 | 410 if matches!(channel, Channel::Push) => Err(DeliveryError::Gone(
            "this browser does not take messages any more; open Plummet in it and switch push on again".into(),
        )),
        410 => {
            Err(DeliveryError::Gone(format!("{host} says that this address is gone for good{said}; set the channel up again")))
        }
        404 => Err(DeliveryError::Permanent(format!("{host} does not know this address{said}; check it in the settings"))),
        401 | 403 => {
            Err(DeliveryError::Permanent(format!("{host} refuses access ({status}){said}; check the token in the settings")))
        }
        408 | 425 | 429 => Err(transient(format!("{host} asks to wait ({status}); it is sent again later"))),
        500..=599 => Err(transient(format!("{host} has trouble (answer {status}); it is sent again later"))),
        _ => Err(DeliveryError::Permanent(format!("{host} did not take the message (answer {status}){said}"))),
    }
}

/// The sentence in an answer: services wrap it in JSON under different names.
fn said(body: &str) -> String {
    let Ok(json) = serde_json::from_str::<serde_json::Value>(body) else {
        // A page for people says nothing in a line.
        return if body.trim_start().starts_with('<') { String::new() } else { body.to_owned() };
    };
    let named = ["description", "message", "error_description", "errorDescription", "error"];
    named.iter().find_map(|name| json.get(name)?.as_str()).unwrap_or_default().to_owned()
}
