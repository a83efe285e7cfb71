//! The mail server of the settings.

use anyhow::Context;
use lettre::transport::smtp::authentication::Credentials;
use secrecy::{ExposeSecret, SecretString};
use url::Url;

/// The mail server of the settings.
#[derive(Clone, Debug)]
pub(super) struct SmtpServer {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) tls: SmtpTls,
    pub(super) credentials: Option<Credentials>,
    /// What we call ourselves.
    pub(super) hello: Option<String>,
}

/// How a connection is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SmtpTls {
    /// Not at all: a server on this machine.
    None,
    /// From the first byte.
    Wrapped,
    /// After STARTTLS; without it nothing is sent.
    Required,
    /// After STARTTLS, if the server offers it.
    Opportunistic,
}

impl SmtpServer {
    /// From `smtp://`, `smtps://` or `starttls://` with `user:password@host:port`, and `?tls=required` or `opportunistic`.
    pub(super) fn parse(url: &SecretString) -> anyhow::Result<Self> {
        // The URL holds the password: no error may show it.
        const WRONG: &str = "the SMTP URL is not valid; write `smtps://user:password@mail.example:465`, `starttls://…:587` or `smtp://localhost:25`";
        let url = Url::parse(url.expose_secret()).ok().context(WRONG)?;
        let host = url.host_str().filter(|host| !host.is_empty()).context(WRONG)?;
        let wish = url.query_pairs().find(|(name, _)| name == "tls").map(|(_, value)| value.into_owned());
        let tls = match (url.scheme(), wish.as_deref()) {
            ("smtps", None) => SmtpTls::Wrapped,
            ("starttls", None) | ("smtp", Some("required")) => SmtpTls::Required,
            ("smtp", Some("opportunistic")) => SmtpTls::Opportunistic,
            ("smtp", None) => SmtpTls::None,
            _ => anyhow::bail!(WRONG),
        };
        let port = url.port().unwrap_or(if tls == SmtpTls::Wrapped { 465 } else { 587 });
        let credentials = match (decoded(url.username())?, url.password()) {
            (user, Some(password)) if !user.is_empty() => Some(Credentials::new(user, decoded(password)?)),
            (user, None) if user.is_empty() => None,
            _ => anyhow::bail!(WRONG),
        };
        let hello = Some(url.path().trim_matches('/').to_owned()).filter(|name| !name.is_empty());
        Ok(SmtpServer { host: host.trim_matches(['[', ']']).to_owned(), port, tls, credentials, hello })
    }
}

/// Text without its percent-encoding.
fn decoded(text: &str) -> anyhow::Result<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, after)) = rest.split_first() {
        let hex = (*first == b'%').then(|| after.get(..2)).flatten().and_then(|hex| std::str::from_utf8(hex).ok());
        match hex.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                bytes.push(byte);
                rest = &after[2..];
            }
            None => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).ok().context("user and password of the SMTP URL are not UTF-8; write them in percent-encoding")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(url: &str) -> anyhow::Result<SmtpServer> {
        SmtpServer::parse(&url.to_owned().into())
    }

    #[test]
    fn servers_are_read_and_passwords_decoded() {
        for (url, port, tls) in [
            ("smtp://mail.example", 587, SmtpTls::None),
            ("smtps://mail.example", 465, SmtpTls::Wrapped),
            ("starttls://mail.example:25", 25, SmtpTls::Required),
            ("smtp://mail.example?tls=required", 587, SmtpTls::Required),
            ("smtp://mail.example:2525/me.example?tls=opportunistic", 2525, SmtpTls::Opportunistic),
        ] {
            let server = parse(url).unwrap();
            assert_eq!((server.host.as_str(), server.port, server.tls), ("mail.example", port, tls), "{url}");
        }
        let server = parse("smtps://me%40x.example:a%2Fb%25@mail.example/me.example").unwrap();
        assert_eq!(server.credentials, Some(Credentials::new("me@x.example".into(), "a/b%".into())));
        assert_eq!(server.hello.as_deref(), Some("me.example"));
    }

    #[test]
    fn what_is_wrong_is_refused_without_showing_the_password() {
        for url in ["http://u:sesame@x", "smtp://", "smtps://u:sesame@x?tls=required", "smtp://u@x", "smtp://u:sesame@x?tls=no"] {
            let error = format!("{:#}", parse(url).unwrap_err());
            assert!(error.contains("smtps://") && !error.contains("sesame"), "{error}");
        }
    }
}
