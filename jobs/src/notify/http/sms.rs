//! Text messages by a service that is spoken to as Twilio is (<https://www.twilio.com/docs/messaging/api/message-resource>).

use anyhow::Context;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use domain::message::one_line;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use secrecy::ExposeSecret;
use url::Url;

use super::{Call, below};
use crate::config::SmsConfig;
use crate::links::Links;
use crate::notify::DeliveryError;
use crate::notify::letter::{Letter, Says};

/// Four parts of 67 characters with letters beyond GSM's: longer ones cost more than they tell.
const MAX_CHARS: usize = 268;

/// The service of the settings.
#[derive(Clone)]
pub(in crate::notify) struct SmsGateway {
    messages: Url,
    auth: String,
    from: String,
}

impl SmsGateway {
    pub(in crate::notify) fn new(config: &SmsConfig) -> anyhow::Result<Self> {
        // The URL holds the token: no error may show it.
        const WRONG: &str = "the URL of the SMS service is not valid; write `https://account:token@api.twilio.com`";
        let mut url = Url::parse(config.url.expose_secret()).ok().context(WRONG)?;
        let (account, token) = (url.username().to_owned(), url.password().unwrap_or_default().to_owned());
        let fits = matches!(url.scheme(), "http" | "https") && url.has_host() && !account.is_empty() && !token.is_empty();
        anyhow::ensure!(fits && url.set_username("").is_ok() && url.set_password(None).is_ok(), WRONG);
        let auth = format!("Basic {}", STANDARD.encode(format!("{account}:{token}")));
        let messages = below(&url, &format!("2010-04-01/Accounts/{account}/Messages.json"));
        Ok(SmsGateway { messages, auth, from: config.from.clone() })
    }

    pub(in crate::notify) fn url(&self) -> &Url {
        &self.messages
    }

    pub(in crate::notify) fn call(&self, number: &str, letter: &Letter, links: &Links) -> Result<Call, DeliveryError> {
        let body = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("To", number)
            .append_pair("From", &self.from)
            .append_pair("Body", &text(letter, links))
            .finish();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let headers = HeaderMap::from_iter([(CONTENT_TYPE, form)]);
        Call { url: self.messages.clone(), headers, body: body.into() }
            .with(AUTHORIZATION, &self.auth)?
            .with(HeaderName::from_static("i-twilio-idempotency-token"), &letter.id)
    }
}

/// The name gives way, so that price and link always arrive.
fn text(letter: &Letter, links: &Links) -> String {
    let words = letter.words(links);
    if let Says::Code { .. } = letter.says {
        return words.text;
    }
    let (name, price) = words.title.rsplit_once(": ").unwrap_or((&words.title, ""));
    let rest = if price.is_empty() { format!(" {}", words.url) } else { format!(": {price} {}", words.url) };
    let room = MAX_CHARS.saturating_sub(rest.chars().count()).max(10);
    format!("{}{rest}", one_line(name, room))
}
