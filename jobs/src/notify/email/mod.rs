//! E-mail: by SMTP, or into a folder where there is no mail server.

mod outbox_mailer;
mod pool;
mod smtp_mailer;
mod smtp_url;
mod text;

use async_trait::async_trait;

pub use outbox_mailer::OutboxMailer;
pub use smtp_mailer::SmtpMailer;
pub use text::MailText;

use super::{DeliveryError, Letter};
use crate::config::JobsConfig;
use crate::links::Links;
use domain::ChannelId;

/// Sends e-mails.
#[async_trait]
pub trait Mailer: Send + Sync + 'static {
    /// Hands one e-mail over. `Ok` means that the server has it.
    async fn send(&self, to: &Recipient, letter: &Letter) -> Result<(), DeliveryError>;

    /// The server, for people.
    fn host(&self) -> &str;
}

/// To whom an e-mail goes.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address.
    pub address: String,
    /// Which of the person's ways it is: its link stops the e-mails.
    pub channel: ChannelId,
}

/// The mailer of the settings; opens no connection yet.
pub(super) fn mailer(config: &JobsConfig, links: &Links) -> anyhow::Result<Box<dyn Mailer>> {
    let text = MailText::new(&config.mail.from, links.clone())?;
    Ok(match &config.mail.smtp_url {
        Some(url) => Box::new(SmtpMailer::new(url, text)?),
        None => Box::new(OutboxMailer::new(config.mail.outbox.clone(), text)),
    })
}
