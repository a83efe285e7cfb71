//! Which route a product takes, and its budget.

use domain::{Platform, ProxyId};

use super::Route;
use crate::config::LimitsConfig;
use crate::hosts::{HostPatternError, HostPatterns};
use crate::proxies::Ways;

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

    /// The direct route to a product's shop.
    pub fn direct(&self, platform: Platform, host: &str) -> Route {
        let (site, per_hour) = self.site(platform, host);
        Route::new(site, per_hour, None)
    }

    /// The route through a proxy.
    pub fn through(&self, platform: Platform, host: &str, proxy: ProxyId) -> Route {
        let (site, per_hour) = self.site(platform, host);
        Route::new(site, per_hour, Some(proxy))
    }

    /// The routes to a product's shop by the ways that are open, in their order. The operator's own shops are asked directly: no
    /// proxy outside would reach them, and none is needed.
    pub fn by(&self, ways: &Ways, platform: Platform, host: &str) -> Vec<Route> {
        match self.site(platform, host) {
            (site, None) => vec![Route::new(site, None, None)],
            (site, per_hour) => ways.open.iter().map(|way| Route::new(site, per_hour, *way)).collect(),
        }
    }

    /// How far apart requests to a product's shop are by one route, in microseconds.
    pub fn spacing(&self, platform: Platform, host: &str) -> i64 {
        self.site(platform, host).1.map_or(0, |per_hour| super::burst_and_spacing(per_hour).1)
    }

    /// What has a budget, and how many requests an hour it is. A host with a setting of its own has one of its own, also within a
    /// platform.
    fn site<'a>(&self, platform: Platform, host: &'a str) -> (&'a str, Option<u32>) {
        if self.unlimited.matches_shop(host) {
            return (host, None);
        }
        let set = |key: &str| self.per_hour.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, rate)| *rate);
        if let Some(rate) = set(host) {
            return (host, Some(rate));
        }
        let usual = DEFAULTS.iter().find(|(known, _)| *known == platform).map_or(DEFAULT_PER_HOUR, |(_, rate)| *rate);
        let per_hour = Some(set(platform.as_str()).unwrap_or(usual));
        (if platform == Platform::GENERIC { host } else { platform.as_str() }, per_hour)
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
            assert_eq!(routes.direct(platform, host), Route::new(key, per_hour, None), "{host}");
        };
        check(Platform::AMAZON, "amazon.com", "amazon", Some(100));
        check(Platform::AMAZON, "amazon.de", "amazon.de", Some(10));
        check(Platform::EBAY, "ebay.com", "ebay", Some(50));
        check(Platform::WALMART, "walmart.com", "walmart", Some(150));
        check(Platform::GENERIC, "shop.example", "shop.example", Some(120));
        check(Platform::AMAZON, "amazon.localhost:8481", "amazon.localhost:8481", None);
    }

    #[test]
    fn each_proxy_is_a_route_with_a_budget_of_its_own_and_ones_own_shop_is_asked_directly() {
        let config = LimitsConfig { per_hour: Vec::new(), unlimited_hosts: vec!["shop.lan".into()] };
        let routes = Routes::new(&config).unwrap();
        let (one, two) = (ProxyId(uuid::Uuid::from_u128(1)), ProxyId(uuid::Uuid::from_u128(2)));
        let ways = Ways { open: vec![Some(two), Some(one), None], opens_at: None };
        let by = routes.by(&ways, Platform::AMAZON, "amazon.de");
        assert_eq!(by.iter().map(|route| route.proxy).collect::<Vec<_>>(), [Some(two), Some(one), None]);
        assert!(by.iter().all(|route| route.per_hour == Some(100) && route.site() == "amazon"));
        assert_eq!(by[2], routes.direct(Platform::AMAZON, "amazon.com"));
        assert_eq!(by[1], routes.through(Platform::AMAZON, "amazon.com", one));
        assert_ne!(by[0].key, by[1].key);
        assert_eq!(routes.by(&ways, Platform::GENERIC, "shop.lan"), [Route::new("shop.lan", None, None)]);
    }
}
