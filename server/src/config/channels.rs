//! How people are told elsewhere than by e-mail.

use jobs::{ChannelsConfig, SmsConfig};
use secrecy::SecretString;
use url::Url;

use super::error::ConfigError;
use super::fetch::hosts;
use super::settings::{Setting, Shown};
use super::sources::Sources;

pub(super) const SMS_URL: Setting = Setting {
    name: "PLUMMET_SMS_URL",
    default: "none: there are no text messages",
    about: "Who sends text messages, spoken to as Twilio is: https://account:token@api.twilio.com",
    shown: Shown::WithoutPassword,
};
pub(super) const SMS_FROM: Setting = Setting {
    name: "PLUMMET_SMS_FROM",
    default: "Plummet",
    about: "The number or name that text messages come from.",
    shown: Shown::Whole,
};
pub(super) const CHANNEL_HOSTS: Setting = Setting {
    name: "PLUMMET_CHANNEL_HOSTS",
    default: "none",
    about: "Hosts that people's webhooks, ntfy and Gotify servers may be at although their address is private, as host:port\n\
            between commas. Anybody with an account can then send requests to them.",
    shown: Shown::Whole,
};
pub(super) const TELEGRAM_URL: Setting = Setting {
    name: "PLUMMET_TELEGRAM_URL",
    default: "https://api.telegram.org",
    about: "Where bots of Telegram are asked: for a Bot API server of your own.",
    shown: Shown::Whole,
};

pub(super) fn read(sources: &Sources) -> Result<ChannelsConfig, ConfigError> {
    let from = sources.read(&SMS_FROM, sender)?.unwrap_or_else(|| SMS_FROM.default.to_owned());
    Ok(ChannelsConfig {
        allow_hosts: sources.read(&CHANNEL_HOSTS, hosts)?.unwrap_or_default(),
        sms: sources.read(&SMS_URL, sms_url)?.map(|url| SmsConfig { url, from }),
        telegram_api: sources.read(&TELEGRAM_URL, web_url)?,
    })
}

fn sms_url(text: &str) -> Result<SecretString, String> {
    let remedy = "write https://account:token@api.twilio.com";
    let url = Url::parse(text).map_err(|_| remedy.to_owned())?;
    let fits =
        matches!(url.scheme(), "http" | "https") && url.has_host() && !url.username().is_empty() && url.password().is_some();
    if fits { Ok(text.to_owned().into()) } else { Err(remedy.to_owned()) }
}

fn web_url(text: &str) -> Result<String, String> {
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
    url.map(|_| text.to_owned()).ok_or_else(|| "write an address such as https://api.telegram.org".to_owned())
}

fn sender(text: &str) -> Result<String, String> {
    let fits = (1..=20).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | ' '));
    if fits { Ok(text.to_owned()) } else { Err("write a number such as +15550100, or a name of letters and digits".to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_service_needs_account_and_token_and_a_sender_is_short() {
        assert!(sms_url("https://AC1:token@api.twilio.com").is_ok());
        for wrong in ["https://api.twilio.com", "ftp://a:b@x.example", "x"] {
            assert!(sms_url(wrong).is_err(), "{wrong}");
        }
        assert!(sender("+15550100").is_ok() && sender("Preise").is_ok());
        assert!(sender("a\r\nb").is_err() && sender("").is_err());
    }
}
