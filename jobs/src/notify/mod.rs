//! Telling people, channel by channel.

mod curve;
mod email;
mod http;
mod letter;
mod push;
mod settings;
mod way;

use std::sync::Arc;

use anyhow::Context;
use domain::{Channel, Timestamp};
use store::Store;
use tokio::sync::OnceCell;
use url::Url;

pub use curve::{Curve, draw as draw_curve};
pub use letter::{Alert, Letter, Says};
pub use push::VapidError;
#[cfg(test)]
pub(crate) use push::receiver::Browser;
pub use settings::{ChannelSettings, FieldError, Fields};
pub(crate) use way::{Way, account_channel};

use crate::config::{ChannelsConfig, JobsConfig};
use crate::fetch::{Clients, FetchError, Poster};
use crate::hosts::HostPatterns;
use crate::links::Links;
use crate::seal::SecretKey;
use domain::FailureKind;
use email::{Mailer, Recipient};
use http::{Call, SmsGateway, TelegramApi};
use push::Vapid;

/// Why a message was not delivered; each names the thing and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Worth trying again.
    #[error("{why}")]
    Transient {
        /// Why.
        why: String,
        /// The peer wants to be asked again then, not before.
        at: Option<Timestamp>,
        /// Whether the peer answered at all: if not, it may be the same for everybody.
        answered: bool,
    },
    /// Will never succeed.
    #[error("{0}")]
    Permanent(String),
    /// Will never succeed, nor will anything else that goes this way.
    #[error("{0}")]
    Gone(String),
}

impl DeliveryError {
    /// No answer; worth trying again.
    pub fn transient(why: impl Into<String>) -> Self {
        DeliveryError::Transient { why: why.into(), at: None, answered: false }
    }
}

/// Sends letters on every channel.
pub struct Notifiers {
    mail: Box<dyn Mailer>,
    /// To addresses that people chose.
    people: Poster,
    /// To addresses that the operator chose: they may be private.
    operator: Poster,
    sms: Option<SmsGateway>,
    telegram: TelegramApi,
    vapid: OnceCell<Vapid>,
    contact: String,
    links: Links,
    secret: SecretKey,
    store: Arc<dyn Store>,
}

impl Notifiers {
    /// From the settings; opens no connection yet.
    pub fn new(config: &JobsConfig, store: Arc<dyn Store>) -> anyhow::Result<Self> {
        let links = Links::new(config.secret_key.clone(), &config.public_url);
        let ChannelsConfig { allow_hosts, sms, telegram_api } = &config.channels;
        let allowed = HostPatterns::parse(allow_hosts).context("the hosts that messages may go to")?;
        let sms = sms.as_ref().map(SmsGateway::new).transpose()?;
        let telegram = TelegramApi::new(telegram_api.as_deref())?;
        let own = [Some(telegram.url()), sms.as_ref().map(SmsGateway::url)];
        let own: Vec<String> = own.into_iter().flatten().filter_map(authority).collect();
        Ok(Notifiers {
            mail: email::mailer(config, &links).context("the settings of e-mail")?,
            people: Poster::new(Clients::new(allowed)?),
            operator: Poster::new(Clients::new(HostPatterns::parse(&own)?)?),
            sms,
            telegram,
            vapid: OnceCell::new(),
            contact: push::contact(&config.mail.from, &config.public_url),
            links,
            secret: config.secret_key.clone(),
            store,
        })
    }

    /// The links of messages.
    pub fn links(&self) -> &Links {
        &self.links
    }

    /// What browsers need for a subscription.
    pub async fn push_key(&self) -> Result<String, VapidError> {
        Ok(self.vapid().await?.public_key())
    }

    /// Why a way cannot be used at all, before it is stored.
    pub(crate) fn check(&self, settings: &ChannelSettings) -> Result<(), String> {
        if matches!(settings, ChannelSettings::Sms { .. }) && self.sms.is_none() {
            return Err(NO_SMS.into());
        }
        let Some(url) = settings.url() else { return Ok(()) };
        self.people.check(url).map_err(|error| error.detail)
    }

    /// Whether there is a service for the channel.
    pub fn offers(&self, channel: Channel) -> bool {
        channel != Channel::Sms || self.sms.is_some()
    }

    /// The server that a way leads to: those that lead to the same share its limits and its outages.
    pub(crate) fn host(&self, way: &Way) -> String {
        match (&way.settings, way.settings.url()) {
            (ChannelSettings::Email { .. }, _) => self.mail.host().to_owned(),
            (ChannelSettings::Telegram { .. }, _) => authority(self.telegram.url()).unwrap_or_default(),
            (ChannelSettings::Sms { .. }, _) => self.sms.as_ref().and_then(|sms| authority(sms.url())).unwrap_or_default(),
            (_, Some(url)) => authority(url).unwrap_or_default(),
            (_, None) => String::new(),
        }
    }

    /// Hands one letter over. `Ok` means that the peer has it. Sent twice, it is recognisable as the same.
    pub(crate) async fn send(&self, way: &Way, letter: &Letter) -> Result<(), DeliveryError> {
        let links = &self.links;
        let (poster, call) = match &way.settings {
            ChannelSettings::Email { address } => {
                return self.mail.send(&Recipient { address: address.clone(), channel: way.id }, letter).await;
            }
            ChannelSettings::Push { endpoint, p256dh, auth } => {
                let vapid = self.vapid().await.map_err(|error| DeliveryError::transient(error.to_string()))?;
                (&self.people, push::call(vapid, (endpoint, p256dh, auth), letter, links)?)
            }
            ChannelSettings::Sms { number } => {
                let sms = self.sms.as_ref().ok_or_else(|| DeliveryError::Permanent(NO_SMS.into()))?;
                (&self.operator, sms.call(number, letter, links)?)
            }
            ChannelSettings::Webhook { url, secret } => (&self.people, http::webhook(url, secret, letter, links)?),
            ChannelSettings::Ntfy { server, topic, token } => {
                (&self.people, http::ntfy(server, topic, token.as_deref(), letter, links)?)
            }
            ChannelSettings::Telegram { bot_token, chat_id } => {
                (&self.operator, self.telegram.call(bot_token, chat_id, letter, links))
            }
            ChannelSettings::Discord { url } => (&self.people, http::discord(url, letter, links)),
            ChannelSettings::Slack { url } => (&self.people, http::slack(url, letter, links)),
            ChannelSettings::Gotify { server, token } => (&self.people, http::gotify(server, token, letter, links)?),
        };
        let Call { url, headers, body } = call;
        let answer = poster.post(&url, headers, body, letter.now).await.map_err(meaning)?;
        http::judge(way.settings.channel(), &url, &answer)
    }

    async fn vapid(&self) -> Result<&Vapid, VapidError> {
        self.vapid.get_or_try_init(|| Vapid::load(&*self.store, &self.secret, &self.contact)).await
    }
}

const NO_SMS: &str = "this Plummet sends no text messages; its operator sets PLUMMET_SMS_URL, or choose another channel";

/// What a request that had no answer means.
fn meaning(error: FetchError) -> DeliveryError {
    match error.kind {
        FailureKind::Refused => DeliveryError::Permanent(format!("{}; change the address in the settings", error.detail)),
        _ => DeliveryError::transient(error.detail.replace("Plummet tries again later", "it is sent again later")),
    }
}

/// `host:port`, as host patterns have it.
fn authority(url: &Url) -> Option<String> {
    Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?))
}
