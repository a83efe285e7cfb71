//! The ways out: proxies, and what is said about who asks.

use jobs::{DirectFallback, ProxiesConfig, ProxyUrl, UserAgent};
use secrecy::{ExposeSecret, SecretString};

use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::{Sources, list};

pub(super) const PROXIES: Setting = Setting {
    name: "PLUMMET_PROXIES",
    default: "none",
    about: "Proxies that requests go through in turn, between commas: http://user:password@host:port, https://…, socks5://… or\n\
            socks5h://…, special characters of the password in percent-encoding. More can be added in the admin API.\n\
            Every shop's limit counts for each proxy by itself.",
    shown: Shown::WithoutPassword,
};
pub(super) const FALLBACK: Setting = Setting {
    name: "PLUMMET_PROXY_FALLBACK",
    default: "when-none",
    about: "When requests go without a proxy: always (also while no proxy may ask a shop now), when-none (while none is set up)\n\
            or never. Hosts without a limit are always asked directly.",
    shown: Shown::Whole,
};
pub(super) const USER_AGENT: Setting = Setting {
    name: "PLUMMET_USER_AGENT",
    default: "by-route",
    about: "What requests say about who asks: by-route (Plummet; through a proxy a browser's headers, the same ones for each\n\
            proxy and shop), honest (always Plummet) or browser (always a browser's).",
    shown: Shown::Whole,
};

/// Reads the ways out: `PLUMMET_PROXIES` (none), `PLUMMET_PROXY_FALLBACK` (when-none).
pub(super) fn read(sources: &Sources) -> Result<ProxiesConfig, ConfigError> {
    Ok(ProxiesConfig {
        proxies: sources.read(&PROXIES, proxies)?.unwrap_or_default(),
        direct: sources.read(&FALLBACK, fallback)?.unwrap_or_default(),
    })
}

/// Reads `PLUMMET_USER_AGENT` (by-route).
pub(super) fn read_user_agent(sources: &Sources) -> Result<UserAgent, ConfigError> {
    Ok(sources.read(&USER_AGENT, user_agent)?.unwrap_or_default())
}

fn proxies(text: &str) -> Result<Vec<SecretString>, String> {
    let secrets = list(text).into_iter().map(SecretString::from);
    secrets.map(|url| ProxyUrl::parse(url.expose_secret()).map(|_| url).map_err(|error| error.to_string())).collect()
}

fn fallback(text: &str) -> Result<DirectFallback, String> {
    match text.to_ascii_lowercase().as_str() {
        "always" => Ok(DirectFallback::Always),
        "when-none" => Ok(DirectFallback::WhenNoneConfigured),
        "never" => Ok(DirectFallback::Never),
        _ => Err("write always, when-none or never".to_owned()),
    }
}

fn user_agent(text: &str) -> Result<UserAgent, String> {
    match text.to_ascii_lowercase().as_str() {
        "by-route" => Ok(UserAgent::ByRoute),
        "honest" => Ok(UserAgent::Honest),
        "browser" => Ok(UserAgent::Browser),
        _ => Err("write by-route, honest or browser".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn proxies_are_urls_and_a_wrong_one_is_refused_without_its_password() {
        assert_eq!(proxies("http://me:sesame@a:8080, socks5://b:1080").unwrap().len(), 2);
        for wrong in ["ftp://me:sesame@a:1", "a:8080", "http://me:sesame@", "http://me:ses,ame@a:1"] {
            let error = proxies(wrong).unwrap_err();
            assert!(error.contains("http://user:password@host:port") && !error.contains("sesame"), "{wrong}: {error}");
        }
    }

    #[test]
    fn the_words_are_those_documented() {
        for word in ["always", "when-none", "never"] {
            assert!(fallback(word).is_ok(), "{word}");
        }
        for word in ["by-route", "honest", "browser"] {
            assert!(user_agent(word).is_ok(), "{word}");
        }
        assert_eq!(fallback(FALLBACK.default), Ok(DirectFallback::default()));
        assert_eq!(user_agent(USER_AGENT.default), Ok(UserAgent::default()));
        assert!(fallback("sometimes").is_err() && user_agent("curl").is_err());
    }
}
