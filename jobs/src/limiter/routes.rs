//! Which route a product takes, and its budget.

use domain::Platform;

use super::Route;
use crate::config::LimitsConfig;
use crate::hosts::{HostPatternError, HostPatterns};

/// Requests an hour of platforms without a setting of their own.
const DEFAULTS: &[(Platform, u32)] = &[(Platform::AMAZON, 100), (Platform::EBAY, 200), (Platform::WALMART, 150)];
/// Requests an hour of every other host.
const DEFAULT_PER_HOUR: u32 = 120;

/// The table of routes.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    per_hour: Vec<(String, u32)>,
    unlimited: HostPatterns,
}

impl Routes {
    /// From the settings.
    pub fn new(config: &LimitsConfig) -> Result<Self, HostPatternError> {
        Ok(Routes { per_hour: config.per_hour.clone(), unlimited: HostPatterns::parse(&config.unlimited_hosts)? })
    }

    /// The route of a product. A host with a setting of its own is a route of its own, also within a platform.
    pub fn route(&self, platform: Platform, host: &str) -> Route {
        if self.unlimited.matches_shop(host) {
            return Route { key: host.into(), per_hour: None };
        }
        let set = |key: &str| self.per_hour.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, rate)| *rate);
        if let Some(rate) = set(host) {
            return Route { key: host.into(), per_hour: Some(rate) };
        }
        let usual = DEFAULTS.iter().find(|(known, _)| *known == platform).map_or(DEFAULT_PER_HOUR, |(_, rate)| *rate);
        let per_hour = Some(set(platform.as_str()).unwrap_or(usual));
        let key = if platform == Platform::GENERIC { host } else { platform.as_str() };
        Route { key: key.into(), per_hour }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_share_a_budget_and_other_shops_have_one_each() {
        let config = LimitsConfig {
            per_hour: vec![("ebay".into(), 50), ("amazon.de".into(), 10)],
            unlimited_hosts: vec!["*.localhost:8481".into()],
        };
        let routes = Routes::new(&config).unwrap();
        let check = |platform, host: &str, key: &str, per_hour| {
            assert_eq!(routes.route(platform, host), Route { key: key.into(), per_hour }, "{host}");
        };
        check(Platform::AMAZON, "amazon.com", "amazon", Some(100));
        check(Platform::AMAZON, "amazon.de", "amazon.de", Some(10));
        check(Platform::EBAY, "ebay.com", "ebay", Some(50));
        check(Platform::WALMART, "walmart.com", "walmart", Some(150));
        check(Platform::GENERIC, "shop.example", "shop.example", Some(120));
        check(Platform::AMAZON, "amazon.localhost:8481", "amazon.localhost:8481", None);
    }
}
