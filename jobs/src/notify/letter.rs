//! What is to be said to one person, whatever the channel.

use domain::message::{Message, message, one_line};
use domain::notification::Alerted;
use domain::user::User;
use domain::{Notification, ProductId, Timestamp, TrackingId};

use super::curve::Curve;
use crate::links::Links;

/// Longest text that a channel is given, in characters.
const MAX_TEXT: usize = 600;

/// What is to be said to one person.
#[derive(Clone, Debug)]
pub struct Letter {
    /// The same at each attempt: a repeat is recognisable by it.
    pub id: String,
    /// When it was decided.
    pub at: Timestamp,
    /// Now: signatures say when they were made.
    pub now: Timestamp,
    /// To whom.
    pub user: User,
    /// What it says.
    pub says: Says,
}

/// What a letter says.
#[derive(Clone, Debug)]
pub enum Says {
    /// One alert.
    Alert(Box<Alert>),
    /// The alerts of a day.
    Digest(Vec<Alert>),
    /// That the channel works.
    Test,
    /// The code that shows that the channel is its owner's, and the page where it is typed.
    Code {
        /// Six digits.
        code: String,
        /// The page, with the code.
        link: String,
    },
}

/// One alert, and what is drawn about it.
#[derive(Clone, Debug)]
pub struct Alert {
    /// The alert.
    pub notification: Notification,
    /// The price's curve.
    pub curve: Option<Curve>,
}

/// A letter in plain words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub title: String,
    /// A few sentences.
    pub text: String,
    /// When it was seen, if it was.
    pub observed: Option<String>,
    /// Where more is to be read; a page of ours.
    pub url: String,
}

impl Letter {
    /// The letter in plain words, in its reader's language and time zone.
    pub fn words(&self, links: &Links) -> Words {
        match &self.says {
            Says::Alert(alert) => self.alert_words(alert, links),
            Says::Digest(alerts) => self.digest_words(alerts, links),
            Says::Test => Words {
                title: "A test of Plummet".into(),
                text: "If you can read this, alerts arrive here.".into(),
                observed: None,
                url: format!("{}/settings", links.public_url()),
            },
            Says::Code { code, link } => Words {
                title: format!("Plummet: your code is {code}"),
                text: format!("Your code is {code}. It is good for half an hour. If you did not ask for it, do nothing."),
                observed: None,
                url: link.clone(),
            },
        }
    }

    /// What is said about one alert.
    pub fn message(&self, alerted: &Alerted) -> Message {
        message(alerted, self.user.locale, &self.user.time_zone)
    }

    fn alert_words(&self, alert: &Alert, links: &Links) -> Words {
        let told = &alert.notification;
        let Message { title, text, observed } = self.message(&told.alerted);
        Words { title, text: cut(&text), observed: Some(observed), url: product_page(links, told.product_id) }
    }

    fn digest_words(&self, alerts: &[Alert], links: &Links) -> Words {
        let title = match alerts {
            [one] => self.message(&one.notification.alerted).title,
            many => format!("{} prices to look at", many.len()),
        };
        let lines: Vec<_> = alerts.iter().map(|alert| self.message(&alert.notification.alerted).title).collect();
        Words { title, text: cut(&lines.join("; ")), observed: None, url: format!("{}/notifications", links.public_url()) }
    }

    /// The product and tracking of a single alert.
    pub fn about(&self) -> Option<(ProductId, TrackingId)> {
        match &self.says {
            Says::Alert(alert) => Some((alert.notification.product_id, alert.notification.tracking_id)),
            Says::Digest(_) | Says::Test | Says::Code { .. } => None,
        }
    }

    /// The single alert.
    pub fn alert(&self) -> Option<&Notification> {
        match &self.says {
            Says::Alert(alert) => Some(&alert.notification),
            Says::Digest(_) | Says::Test | Says::Code { .. } => None,
        }
    }
}

/// The page of a product.
pub fn product_page(links: &Links, product: ProductId) -> String {
    format!("{}/products/{product}", links.public_url())
}

/// The link to a shop, if it is one that a message may hold: never `javascript:`.
pub fn shop_link(alerted: &Alerted) -> Option<&str> {
    let link = alerted.product_url.as_str();
    url::Url::parse(link).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(|_| link)
}

fn cut(text: &str) -> String {
    one_line(text, MAX_TEXT)
}
