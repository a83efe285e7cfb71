//! E-mail by SMTP.

use async_trait::async_trait;
use secrecy::SecretString;

use super::pool::{Pool, PoolError};
use super::smtp_url::SmtpServer;
use super::{MailText, Mailer, Recipient};
use crate::notify::{DeliveryError, Letter};

/// Sends e-mail to the server of the `SMTP_URL` setting.
pub struct SmtpMailer {
    pool: Pool,
    server: String,
    text: MailText,
}

impl SmtpMailer {
    /// From `smtp://`, `smtps://` or `starttls://` with `user:password@host:port`; opens no connection yet.
    pub fn new(url: &SecretString, text: MailText) -> anyhow::Result<Self> {
        let server = SmtpServer::parse(url)?;
        Ok(SmtpMailer { server: server.host.clone(), pool: Pool::new(server)?, text })
    }

    fn meaning(&self, error: &PoolError) -> DeliveryError {
        let server = &self.server;
        let later = |why: &str| {
            DeliveryError::transient(format!("the mail server {server} did not take the message ({why}); it is sent again later"))
        };
        match error {
            PoolError::TimedOut => later("no answer in time"),
            PoolError::Connect(_) => later("no connection"),
            PoolError::Tls(_) => later("its certificate or TLS setting does not fit"),
            // The operator mends that: no message is lost by it.
            PoolError::Credentials(_) => later("it refuses the user and password of SMTP_URL"),
            PoolError::Smtp(error) if error.is_permanent() => {
                let why = error.status().map_or_else(|| "refused".to_owned(), |code| format!("answer {code}"));
                DeliveryError::Permanent(format!(
                    "the mail server {server} refused the message for good ({why}); check your address in the settings"
                ))
            }
            PoolError::Smtp(error) => match error.status() {
                Some(code) => later(&format!("answer {code}")),
                None if error.is_timeout() => later("no answer in time"),
                None if error.is_tls() => later("its certificate or TLS setting does not fit"),
                None => later("the connection was lost"),
            },
        }
    }
}

#[async_trait]
impl Mailer for SmtpMailer {
    async fn send(&self, to: &Recipient, letter: &Letter) -> Result<(), DeliveryError> {
        let mail = self.text.write(to, letter)?;
        self.pool.send(&mail).await.map_err(|error| self.meaning(&error))
    }

    fn host(&self) -> &str {
        &self.server
    }
}
