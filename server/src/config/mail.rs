//! How e-mail leaves.

use secrecy::SecretString;
use url::Url;

use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::Sources;

pub(super) const SMTP_URL: Setting = Setting {
    name: "SMTP_URL",
    default: "none: mails are written as .eml files into the outbox folder in the data folder",
    about: "The mail server: smtps://user:password@mail.example:465, or smtp://user:password@mail.example:587?tls=required.\n\
            Write special characters of the password in percent-encoding.",
    shown: Shown::WithoutPassword,
};
pub(super) const MAIL_FROM: Setting = Setting {
    name: "PLUMMET_MAIL_FROM",
    default: "Plummet <plummet@ and the public URL's host>",
    about: "The sender of mails, such as Plummet <prices@example.org>.",
    shown: Shown::Whole,
};

/// How e-mail leaves.
#[derive(Clone, Debug)]
pub struct MailSettings {
    /// `SMTP_URL`; none by default, which writes files.
    pub smtp_url: Option<SecretString>,
    /// `PLUMMET_MAIL_FROM`; by default made of the public URL's host.
    pub from: Option<String>,
}

impl MailSettings {
    pub(super) fn read(sources: &Sources) -> Result<Self, ConfigError> {
        Ok(MailSettings { smtp_url: sources.read(&SMTP_URL, smtp_url)?, from: sources.read(&MAIL_FROM, sender)? })
    }

    /// The sender, where links begin with `public_url`.
    pub fn sender(&self, public_url: &str) -> String {
        self.from.clone().unwrap_or_else(|| {
            let host = Url::parse(public_url).ok().and_then(|url| url.domain().map(str::to_owned));
            format!("Plummet <plummet@{}>", host.as_deref().unwrap_or("localhost"))
        })
    }
}

fn smtp_url(text: &str) -> Result<SecretString, String> {
    let remedy = "write smtp:// or smtps://, user and password if needed, host and port";
    let url = Url::parse(text).map_err(|_| remedy.to_owned())?;
    if !matches!(url.scheme(), "smtp" | "smtps") || url.host_str().is_none_or(str::is_empty) {
        return Err(remedy.to_owned());
    }
    Ok(text.to_owned().into())
}

fn sender(text: &str) -> Result<String, String> {
    let address = text.rsplit_once('<').map_or(text, |(_, rest)| rest.trim_end_matches('>'));
    let is_one = domain::user::parse_email(address).is_some() && !text.contains(['\r', '\n']);
    if is_one { Ok(text.to_owned()) } else { Err("write an address, such as Plummet <prices@example.org>".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_server_is_smtp_and_a_sender_is_an_address() {
        assert!(smtp_url("smtp://u:p@mail.example:587?tls=required").is_ok());
        assert!(smtp_url("http://mail.example").is_err() && smtp_url("mail.example:25").is_err());
        assert!(sender("Plummet <a@b.example>").is_ok() && sender("a@b.example").is_ok());
        assert!(sender("Plummet").is_err());
    }

    #[test]
    fn without_a_sender_the_public_host_sends() {
        let mail = MailSettings { smtp_url: None, from: None };
        assert_eq!(mail.sender("https://plummet.example"), "Plummet <plummet@plummet.example>");
        assert_eq!(mail.sender("http://127.0.0.1:8480"), "Plummet <plummet@localhost>");
    }
}
