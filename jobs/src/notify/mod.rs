//! Telling people, channel by channel.

mod mail_text;
mod outbox_mailer;
mod smtp_mailer;

use async_trait::async_trait;
use domain::Channel;
use store::DueNotification;

pub use mail_text::MailText;
pub use outbox_mailer::OutboxMailer;
pub use smtp_mailer::SmtpMailer;

use crate::config::JobsConfig;

/// Why a message was not delivered; each names the thing and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DeliveryError {
    /// Worth trying again.
    #[error("{0}")]
    Transient(String),
    /// Will never succeed.
    #[error("{0}")]
    Permanent(String),
}

/// A way of telling a person.
#[async_trait]
pub trait Notifier: Send + Sync + 'static {
    /// Hands one message over. `Ok` means that the peer has it. Sending it twice must be recognisable as the same message.
    async fn send(&self, due: &DueNotification) -> Result<(), DeliveryError>;
}

/// The notifier of each channel.
pub struct Notifiers {
    email: Box<dyn Notifier>,
}

impl Notifiers {
    /// From the settings; opens no connection yet.
    pub fn new(config: &JobsConfig) -> anyhow::Result<Self> {
        let text = MailText::new(&config.mail.from, &config.public_url)?;
        let email: Box<dyn Notifier> = match &config.mail.smtp_url {
            Some(url) => Box::new(SmtpMailer::new(url, text)?),
            None => Box::new(OutboxMailer::new(config.mail.outbox.clone(), text)),
        };
        Ok(Notifiers { email })
    }

    /// Sends a notification on its channel.
    pub async fn send(&self, due: &DueNotification) -> Result<(), DeliveryError> {
        let channel = due.notification.channel;
        match channel {
            // It stands in the inbox since it was decided.
            Channel::Inbox => Ok(()),
            Channel::Email => self.email.send(due).await,
            Channel::Push
            | Channel::Sms
            | Channel::Webhook
            | Channel::Ntfy
            | Channel::Telegram
            | Channel::Discord
            | Channel::Slack
            | Channel::Gotify => Err(DeliveryError::Permanent(not_set_up(channel))),
        }
    }
}

fn not_set_up(channel: Channel) -> String {
    format!("{} is not set up on this Plummet yet; choose e-mail", channel.as_str())
}
