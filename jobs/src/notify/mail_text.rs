//! The e-mail about an alert: the words of `domain::message`, as plain text and as HTML.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context;
use domain::message::{MAX_NAME, Message as Words, message, one_line};
use domain::notification::Alerted;
use lettre::message::header::{HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};
use store::DueNotification;
use url::Url;

use super::DeliveryError;

/// Writes e-mails. The same notification always gives the same bytes, so that a repeat is recognisable.
#[derive(Clone, Debug)]
pub struct MailText {
    from: Mailbox,
    public_url: String,
    id_host: String,
}

impl MailText {
    /// With the sender and the base of links.
    pub fn new(from: &str, public_url: &str) -> anyhow::Result<Self> {
        let from = from
            .parse()
            .with_context(|| format!("the sender `{from}` is not an e-mail address; write `Plummet <plummet@example.org>`"))?;
        let url = Url::parse(public_url)
            .with_context(|| format!("the public URL `{public_url}` is not a link; write `https://plummet.example`"))?;
        let id_host = url.host_str().unwrap_or("plummet.invalid").to_owned();
        Ok(MailText { from, public_url: public_url.trim_end_matches('/').to_owned(), id_host })
    }

    /// The e-mail of a notification.
    pub fn write(&self, due: &DueNotification) -> Result<Message, DeliveryError> {
        let (notification, user) = (&due.notification, &due.user);
        let to: Address = user.email.parse().map_err(|_| {
            DeliveryError::Permanent(format!(
                "`{}` is not an address that mail can be sent to; change it in the settings",
                user.email
            ))
        })?;
        let words = message(&notification.alerted, user.locale, &user.time_zone);
        let own_link = format!("{}/products/{}", self.public_url, notification.product_id);
        let micros = u64::try_from(notification.created_at.as_micros()).unwrap_or(0);
        let body = MultiPart::builder()
            .kind(MultiPartKind::Alternative)
            .boundary(format!("plummet-{}", notification.id))
            .singlepart(SinglePart::plain(plain(&words, &notification.alerted, &own_link)))
            .singlepart(SinglePart::html(html(&words, &notification.alerted, &own_link, user.locale.tag())));
        Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(words.title)
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@{}>", notification.id, self.id_host)))
            .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".to_owned()))
            .multipart(body)
            .map_err(|error| {
                DeliveryError::Permanent(format!("the e-mail could not be written ({error}); look at the sender in the settings"))
            })
    }
}

fn plain(words: &Words, alerted: &Alerted, own_link: &str) -> String {
    let name = one_line(&alerted.product_name, MAX_NAME);
    let shop_link = web_link(&alerted.product_url).unwrap_or_default();
    let Words { text, observed, .. } = words;
    format!("{name}\n\n{text}\n\nSeen {observed}.\n\nIn the shop: {shop_link}\nHistory and rules: {own_link}\n")
}

fn html(words: &Words, alerted: &Alerted, own_link: &str, lang: &str) -> String {
    let name = escape(&one_line(&alerted.product_name, MAX_NAME));
    let shop = escape(&alerted.shop);
    let own_link = escape(own_link);
    let (text, observed) = (escape(&words.text), escape(&words.observed));
    let shop_link = web_link(&alerted.product_url)
        .map(|link| format!("<p><a href=\"{}\">Open at {shop}</a></p>\n", escape(link)))
        .unwrap_or_default();
    format!(
        "<!doctype html>\n<html lang=\"{lang}\"><body style=\"font-family:sans-serif\">\n<h1 style=\"font-size:1.2em\">{name}</h1>\n\
         <p>{text}</p>\n<p>Seen {observed}.</p>\n{shop_link}<p><a href=\"{own_link}\">History and rules</a></p>\n</body></html>\n"
    )
}

/// The link, if it is one that a mail may hold: never `javascript:`.
fn web_link(link: &str) -> Option<&str> {
    Url::parse(link).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(|_| link)
}

fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}
