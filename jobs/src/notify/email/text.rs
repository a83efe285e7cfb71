//! An e-mail: the words of `domain::message` as plain text and as HTML, with the price's curve.
//!
//! The same letter always gives the same bytes, so that a repeat is recognisable.

use std::time::{Duration, UNIX_EPOCH};

use anyhow::Context;
use askama::Template;
use domain::message::{MAX_NAME, one_line};
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Attachment, Mailbox, MultiPart, MultiPartKind, SinglePart};
use lettre::{Address, Message};
use url::Url;

use super::Recipient;
use crate::links::{LinkTarget, Links};
use crate::notify::DeliveryError;
use crate::notify::letter::{Alert, Letter, Says, Words, product_page, shop_link};

/// Alerts of a digest that are shown with everything; the page has them all.
const MOST_ITEMS: usize = 50;

/// Writes e-mails.
#[derive(Clone, Debug)]
pub struct MailText {
    from: Mailbox,
    links: Links,
    id_host: String,
}

#[derive(Template)]
#[template(path = "alert.html")]
struct AlertHtml<'a> {
    lang: &'a str,
    title: &'a str,
    items: &'a [Item<'a>],
    unsubscribe_link: &'a str,
}

#[derive(Template)]
#[template(path = "alert.txt", escape = "none")]
struct AlertPlain<'a> {
    items: &'a [Item<'a>],
    unsubscribe_link: &'a str,
}

#[derive(Template)]
#[template(path = "notice.html")]
struct NoticeHtml<'a> {
    title: &'a str,
    text: &'a str,
    link: &'a str,
}

#[derive(Template)]
#[template(path = "notice.txt", escape = "none")]
struct NoticePlain<'a> {
    title: &'a str,
    text: &'a str,
    link: &'a str,
}

/// One alert as the templates show it.
struct Item<'a> {
    name: String,
    price: String,
    text: String,
    observed: String,
    shop: &'a str,
    shop_link: Option<&'a str>,
    own_link: String,
    pause_link: String,
    curve: Option<Picture>,
}

struct Picture {
    cid: String,
    alt: String,
}

impl MailText {
    /// With the sender and the links.
    pub fn new(from: &str, links: Links) -> anyhow::Result<Self> {
        let from = from
            .parse()
            .with_context(|| format!("the sender `{from}` is not an e-mail address; write `Plummet <plummet@example.org>`"))?;
        let public_url = links.public_url();
        let url = Url::parse(public_url)
            .with_context(|| format!("the public URL `{public_url}` is not a link; write `https://plummet.example`"))?;
        let id_host = url.host_str().unwrap_or("plummet.invalid").to_owned();
        Ok(MailText { from, links, id_host })
    }

    /// The e-mail of a letter.
    pub fn write(&self, to: &Recipient, letter: &Letter) -> Result<Message, DeliveryError> {
        let address: Address = to.address.parse().map_err(|_| {
            DeliveryError::Permanent(format!(
                "`{}` is not an address that mail can be sent to; change it in the settings",
                to.address
            ))
        })?;
        let words = letter.words(&self.links);
        let stop = self.links.to(LinkTarget::StopEmail(letter.user.id, to.channel));
        let micros = u64::try_from(letter.at.as_micros()).unwrap_or(0);
        let mut builder = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, address))
            .subject(words.title.clone())
            .date(UNIX_EPOCH + Duration::from_micros(micros))
            .message_id(Some(format!("<{}@{}>", letter.id, self.id_host)))
            .raw_header(header("Auto-Submitted", "auto-generated"));
        let body = match &letter.says {
            Says::Alert(alert) => self.alerts(letter, std::slice::from_ref(alert), &words, &stop),
            Says::Digest(alerts) => self.alerts(letter, &alerts[..alerts.len().min(MOST_ITEMS)], &words, &stop),
            Says::Test | Says::Code { .. } => notice(&letter.id, &words),
        };
        if matches!(letter.says, Says::Alert(_) | Says::Digest(_)) {
            // RFC 8058: one click in the mail program, without opening a page.
            builder = builder
                .raw_header(header("List-Unsubscribe", &format!("<{stop}>")))
                .raw_header(header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let unwritten = |error: String| {
            DeliveryError::Permanent(format!("the e-mail could not be written ({error}); look at the sender in the settings"))
        };
        let body = body.map_err(|error| unwritten(error.to_string()))?;
        builder.multipart(body).map_err(|error| unwritten(error.to_string()))
    }

    fn alerts<A: std::borrow::Borrow<Alert>>(
        &self,
        letter: &Letter,
        alerts: &[A],
        words: &Words,
        stop: &str,
    ) -> Result<MultiPart, askama::Error> {
        let items: Vec<Item<'_>> = alerts.iter().map(|alert| self.item(letter, alert.borrow())).collect();
        let plain = AlertPlain { items: &items, unsubscribe_link: stop }.render()?;
        let lang = letter.user.locale.tag();
        let html = AlertHtml { lang, title: &words.title, items: &items, unsubscribe_link: stop }.render()?;
        let mut related = part(MultiPartKind::Related, &letter.id, "related").singlepart(SinglePart::html(html));
        let png = ContentType::parse("image/png").expect("image/png is a content type");
        for alert in alerts {
            let alert = alert.borrow();
            if let Some(curve) = &alert.curve {
                let picture = Attachment::new_inline(cid(alert)).body(curve.png.to_vec(), png.clone());
                related = related.singlepart(picture);
            }
        }
        Ok(part(MultiPartKind::Alternative, &letter.id, "alternative").singlepart(SinglePart::plain(plain)).multipart(related))
    }

    fn item<'a>(&self, letter: &Letter, alert: &'a Alert) -> Item<'a> {
        let told = &alert.notification;
        let locale = letter.user.locale;
        let message = letter.message(&told.alerted);
        let curve = alert.curve.as_ref().map(|curve| {
            let range = curve.range.map(|(low, high)| format!(": from {} to {}", locale.money(low), locale.money(high)));
            let days = if curve.days == 1 { "last day".to_owned() } else { format!("last {} days", curve.days) };
            Picture { cid: cid(alert), alt: format!("Price of the {days}{}", range.unwrap_or_default()) }
        });
        Item {
            name: one_line(&told.alerted.product_name, MAX_NAME),
            price: locale.money(told.alerted.new_price),
            text: message.text,
            observed: message.observed,
            shop: &told.alerted.shop,
            shop_link: shop_link(&told.alerted),
            own_link: product_page(&self.links, told.product_id),
            pause_link: self.links.to(LinkTarget::Pause(told.user_id, told.tracking_id)),
            curve,
        }
    }
}

fn cid(alert: &Alert) -> String {
    format!("curve-{}@plummet", alert.notification.event_id)
}

fn notice(id: &str, words: &Words) -> Result<MultiPart, askama::Error> {
    let Words { title, text, url: link, .. } = words;
    let plain = NoticePlain { title, text, link }.render()?;
    let html = NoticeHtml { title, text, link }.render()?;
    Ok(part(MultiPartKind::Alternative, id, "alternative")
        .singlepart(SinglePart::plain(plain))
        .singlepart(SinglePart::html(html)))
}

/// A part with a boundary that is always the same.
fn part(kind: MultiPartKind, id: &str, name: &str) -> lettre::message::MultiPartBuilder {
    MultiPart::builder().kind(kind).boundary(format!("plummet-{name}-{id}"))
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}
