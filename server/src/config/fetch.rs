//! How pages are fetched.

use std::time::Duration;

use jobs::FetchConfig;

use super::error::ConfigError;
use super::proxies;
use super::settings::{Setting, Shown};
use super::sources::{Sources, list, number, yes_or_no};

pub(super) const ALLOW_HOSTS: Setting = Setting {
    name: "PLUMMET_ALLOW_HOSTS",
    default: "none",
    about: "Hosts that may be opened although their address is private, as host:port between commas.\n\
            Anybody with an account can then reach them through Plummet.",
    shown: Shown::Whole,
};
pub(super) const FETCH_SECONDS: Setting = Setting {
    name: "PLUMMET_FETCH_SECONDS",
    default: "20",
    about: "How many seconds a shop's page may take, redirects included.",
    shown: Shown::Whole,
};
pub(super) const OBEY_ROBOTS: Setting = Setting {
    name: "PLUMMET_OBEY_ROBOTS",
    default: "true",
    about: "Whether pages that a shop's robots.txt excludes are left alone.",
    shown: Shown::Whole,
};

/// Reads how pages are fetched: `PLUMMET_ALLOW_HOSTS` (none), `PLUMMET_FETCH_SECONDS` (20), `PLUMMET_OBEY_ROBOTS` (true),
/// `PLUMMET_USER_AGENT` (by-route).
pub(super) fn read(sources: &Sources) -> Result<FetchConfig, ConfigError> {
    let usual = FetchConfig::default();
    Ok(FetchConfig {
        allow_hosts: sources.read(&ALLOW_HOSTS, hosts)?.unwrap_or_default(),
        deadline: sources
            .read(&FETCH_SECONDS, |text| number(text, 1..=120))?
            .map_or(usual.deadline, |seconds| Duration::from_secs(seconds.into())),
        obey_robots: sources.read(&OBEY_ROBOTS, yes_or_no)?.unwrap_or(usual.obey_robots),
        user_agent: proxies::read_user_agent(sources)?,
        ..usual
    })
}

/// Hosts, each perhaps with a port; no URLs.
pub(super) fn hosts(text: &str) -> Result<Vec<String>, String> {
    let hosts: Vec<String> = list(text).iter().map(|host| host.to_ascii_lowercase()).collect();
    let is_host = |host: &&String| {
        let port = host.rsplit_once(':').filter(|(name, _)| !name.contains(':') || name.ends_with(']')).map(|(_, port)| port);
        !host.contains(['/', '@', ' ']) && port.is_none_or(|port| port.parse::<u16>().is_ok_and(|port| port > 0))
    };
    match hosts.iter().find(|host| !is_host(host)) {
        Some(wrong) => Err(format!("`{wrong}` is no host; write host:port without a scheme, such as shop.lan:8080")),
        None => Ok(hosts),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_names_with_ports_and_not_urls() {
        assert_eq!(hosts("Shop.lan:8080, 10.0.0.7").unwrap(), ["shop.lan:8080", "10.0.0.7"]);
        assert!(hosts("[::1]:8080").is_ok() && hosts("*.localhost:8481").is_ok());
        for wrong in ["http://shop.lan", "shop.lan:port", "a@b:1", "shop.lan:0"] {
            assert!(hosts(wrong).is_err(), "{wrong}");
        }
    }
}
