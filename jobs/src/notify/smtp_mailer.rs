//! E-mail by SMTP.

use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use lettre::transport::smtp::PoolConfig;
use lettre::transport::smtp::client::{Tls, TlsParameters};
use lettre::{AsyncSmtpTransport, AsyncTransport, Tokio1Executor};
use secrecy::{ExposeSecret, SecretString};
use store::DueNotification;
use url::Url;

use super::mail_text::MailText;
use super::{DeliveryError, Notifier};

/// Longest wait for each answer of the server.
const TIMEOUT: Duration = Duration::from_secs(15);
/// A connection sends about 20 mails a second, so a burst needs several.
const MAX_CONNECTIONS: u32 = 8;

/// Sends e-mail to the server of the `SMTP_URL` setting.
pub struct SmtpMailer {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    server: String,
    text: MailText,
}

impl SmtpMailer {
    /// From `smtp://`, `smtps://` or `starttls://` with `user:password@host:port`; opens no connection yet.
    pub fn new(url: &SecretString, text: MailText) -> anyhow::Result<Self> {
        // The URL holds the password: no error may show it.
        let wrong = "the SMTP URL is not valid; write `smtps://user:password@mail.example:465`, `starttls://…:587` or `smtp://localhost:25`";
        let mut url = Url::parse(url.expose_secret()).ok().context(wrong)?;
        let host = url.host_str().context(wrong)?.to_owned();
        let starttls = url.scheme() == "starttls";
        if starttls {
            // `starttls://` is what people write for lettre's `smtp://…?tls=required`.
            url = Url::parse(&url.as_str().replacen("starttls://", "smtp://", 1)).ok().context(wrong)?;
        }
        let mut builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.as_str()).ok().context(wrong)?;
        if starttls {
            builder = builder.port(url.port().unwrap_or(587)).tls(Tls::Required(TlsParameters::new(host.clone())?));
        }
        let transport = builder.timeout(Some(TIMEOUT)).pool_config(PoolConfig::new().max_size(MAX_CONNECTIONS)).build();
        Ok(SmtpMailer { transport, server: host, text })
    }
}

#[async_trait]
impl Notifier for SmtpMailer {
    async fn send(&self, due: &DueNotification) -> Result<(), DeliveryError> {
        let mail = self.text.write(due)?;
        let Err(error) = self.transport.send(mail).await else { return Ok(()) };
        let server = &self.server;
        if error.is_permanent() {
            let why = error.status().map_or_else(|| "refused".to_owned(), |code| format!("answer {code}"));
            return Err(DeliveryError::Permanent(format!(
                "the mail server {server} refused the message for good ({why}); check your address in the settings"
            )));
        }
        let why = match error.status() {
            Some(code) => format!("answer {code}"),
            None if error.is_timeout() => "no answer in time".to_owned(),
            None if error.is_tls() => "its certificate or TLS setting does not fit".to_owned(),
            None => "no connection".to_owned(),
        };
        Err(DeliveryError::Transient(format!(
            "the mail server {server} did not take the message ({why}); it is sent again later"
        )))
    }
}
