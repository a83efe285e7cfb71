//! What a request says about who asks: honestly, or as one of a few real browsers would.
//!
//! A browser's headers belong together: name, client hints, languages, encodings and their order. Each way out keeps one set for a shop
//! for about two weeks, as a person keeps a browser. The first thing that a shop reads wins, so the order is the browser's, too; only
//! where HTTP/1.1 is spoken over TLS the host comes last.

use std::sync::LazyLock;

use domain::time::DAY;
use domain::{ProxyId, Timestamp};
use hyper::header::{
    ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HOST, HeaderMap, HeaderName, HeaderValue, UPGRADE_INSECURE_REQUESTS, USER_AGENT,
};
use url::{Position, Url};

use crate::config::UserAgent;

/// The name in User-Agent and robots.txt.
pub(super) const AGENT: &str = "Plummet";
/// Says who asks, in the form that shops' servers expect of a browser-like program.
const AGENT_LINE: &str = concat!(
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Plummet/",
    env!("CARGO_PKG_VERSION"),
    ") Chrome/140.0.0.0 Safari/537.36"
);
/// How long a way out keeps a browser for a shop.
const KEPT: i64 = 14 * DAY;

/// What a browser sends with a page that is opened from its address bar.
struct Browser {
    family: Family,
    user_agent: &'static str,
    /// `Sec-CH-UA` and its platform: of Chromium alone.
    hints: Option<(&'static str, &'static str)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Chromium,
    Firefox,
    Safari,
}

/// Browsers that many people have. All of a kind have the same version: it is what their updates see to.
const BROWSERS: &[Browser] = &[
    Browser {
        family: Family::Chromium,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        hints: Some((CHROME, "\"Windows\"")),
    },
    Browser {
        family: Family::Chromium,
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        hints: Some((CHROME, "\"macOS\"")),
    },
    Browser {
        family: Family::Chromium,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36",
        hints: Some((CHROME, "\"Linux\"")),
    },
    Browser {
        family: Family::Chromium,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0",
        hints: Some((EDGE, "\"Windows\"")),
    },
    Browser {
        family: Family::Firefox,
        user_agent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:143.0) Gecko/20100101 Firefox/143.0",
        hints: None,
    },
    Browser {
        family: Family::Firefox,
        user_agent: "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        hints: None,
    },
    Browser {
        family: Family::Safari,
        user_agent: "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
        hints: None,
    },
];

const CHROME: &str = "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Google Chrome\";v=\"140\"";
const EDGE: &str = "\"Chromium\";v=\"140\", \"Not=A?Brand\";v=\"24\", \"Microsoft Edge\";v=\"140\"";

const HTML: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8";
const HTML_OF_CHROMIUM: &str = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,\
                                application/signed-exchange;v=b3;q=0.7";

const SEC_CH_UA: HeaderName = HeaderName::from_static("sec-ch-ua");
const SEC_CH_UA_MOBILE: HeaderName = HeaderName::from_static("sec-ch-ua-mobile");
const SEC_CH_UA_PLATFORM: HeaderName = HeaderName::from_static("sec-ch-ua-platform");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_USER: HeaderName = HeaderName::from_static("sec-fetch-user");
const PRIORITY: HeaderName = HeaderName::from_static("priority");

/// The headers of a request for a page, by the way that it goes.
pub(super) fn headers(agent: UserAgent, proxy: Option<ProxyId>, url: &Url, now: Timestamp) -> HeaderMap {
    let is_honest = match agent {
        UserAgent::ByRoute => proxy.is_none(),
        UserAgent::Honest => true,
        UserAgent::Browser => false,
    };
    let host = url.host_str().unwrap_or_default();
    if is_honest { honest(host) } else { browser(proxy, host, now).headers(url) }
}

/// Says that it is Plummet.
pub(super) fn honest(host: &str) -> HeaderMap {
    static USUAL: LazyLock<HeaderMap> = LazyLock::new(|| {
        let mut headers = HeaderMap::with_capacity(8);
        headers.insert(USER_AGENT, HeaderValue::from_static(AGENT_LINE));
        headers.insert(ACCEPT, HeaderValue::from_static(HTML));
        headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"));
        headers.insert(UPGRADE_INSECURE_REQUESTS, HeaderValue::from_static("1"));
        headers
    });
    let mut headers = USUAL.clone();
    headers.insert(ACCEPT_LANGUAGE, HeaderValue::from_static(marketplace(host).honest));
    headers
}

/// The browser that a way out has for a shop now.
fn browser(proxy: Option<ProxyId>, host: &str, now: Timestamp) -> &'static Browser {
    let way = proxy.map_or([0; 16], |proxy| *proxy.0.as_bytes());
    let seed = fnv(way.iter().copied().chain(host.bytes()));
    // Ways and shops change their browsers at different times, as people do.
    let begun = i64::try_from(seed % KEPT.unsigned_abs()).unwrap_or_default();
    let period = now.as_micros().saturating_add(begun).div_euclid(KEPT);
    let pick = fnv(seed.to_be_bytes().into_iter().chain(period.to_be_bytes()));
    &BROWSERS[usize::try_from(pick % BROWSERS.len() as u64).unwrap_or_default()]
}

/// FNV-1a: the same on every machine and in every version.
fn fnv(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

impl Browser {
    /// In its order. Over plain HTTP a browser sends no hints and takes no newer encodings.
    fn headers(&self, url: &Url) -> HeaderMap {
        let is_secure = url.scheme() == "https";
        let mut headers = HeaderMap::with_capacity(16);
        if !is_secure && let Ok(host) = HeaderValue::from_str(&url[Position::BeforeHost..Position::AfterPort]) {
            headers.insert(HOST, host);
        }
        let fixed = HeaderValue::from_static;
        let language = HeaderValue::try_from(self.family.languages(marketplace(url.host_str().unwrap_or_default()).locale));
        let language = language.unwrap_or_else(|_| fixed("en-US,en;q=0.9"));
        let agent = fixed(self.user_agent);
        let encodings = fixed(match (is_secure, self.family) {
            (false, _) => "gzip, deflate",
            (true, Family::Safari) => "gzip, deflate, br",
            (true, Family::Chromium | Family::Firefox) => "gzip, deflate, br, zstd",
        });
        let list: Vec<(HeaderName, HeaderValue)> = match self.family {
            Family::Chromium => {
                let (brands, platform) = self.hints.unwrap_or((CHROME, "\"Windows\""));
                vec![
                    (SEC_CH_UA, fixed(brands)),
                    (SEC_CH_UA_MOBILE, fixed("?0")),
                    (SEC_CH_UA_PLATFORM, fixed(platform)),
                    (UPGRADE_INSECURE_REQUESTS, fixed("1")),
                    (USER_AGENT, agent),
                    (ACCEPT, fixed(HTML_OF_CHROMIUM)),
                    (SEC_FETCH_SITE, fixed("none")),
                    (SEC_FETCH_MODE, fixed("navigate")),
                    (SEC_FETCH_USER, fixed("?1")),
                    (SEC_FETCH_DEST, fixed("document")),
                    (ACCEPT_ENCODING, encodings),
                    (ACCEPT_LANGUAGE, language),
                    (PRIORITY, fixed("u=0, i")),
                ]
            }
            Family::Firefox => vec![
                (USER_AGENT, agent),
                (ACCEPT, fixed(HTML)),
                (ACCEPT_LANGUAGE, language),
                (ACCEPT_ENCODING, encodings),
                (UPGRADE_INSECURE_REQUESTS, fixed("1")),
                (SEC_FETCH_DEST, fixed("document")),
                (SEC_FETCH_MODE, fixed("navigate")),
                (SEC_FETCH_SITE, fixed("none")),
                (SEC_FETCH_USER, fixed("?1")),
                (PRIORITY, fixed("u=0, i")),
            ],
            Family::Safari => vec![
                (SEC_FETCH_DEST, fixed("document")),
                (USER_AGENT, agent),
                (ACCEPT, fixed(HTML)),
                (SEC_FETCH_SITE, fixed("none")),
                (SEC_FETCH_MODE, fixed("navigate")),
                (ACCEPT_LANGUAGE, language),
                (PRIORITY, fixed("u=0, i")),
                (ACCEPT_ENCODING, encodings),
            ],
        };
        let is_hint = |name: &HeaderName| name.as_str().starts_with("sec-") || *name == PRIORITY;
        headers.extend(list.into_iter().filter(|(name, _)| is_secure || !is_hint(name)));
        headers
    }
}

impl Family {
    /// `Accept-Language` of a browser whose owner lives where the shop is.
    fn languages(self, locale: &str) -> String {
        let language = locale.split('-').next().unwrap_or(locale);
        match (self, language, locale) {
            (Family::Chromium, "en", "en-US") => "en-US,en;q=0.9".to_owned(),
            (Family::Chromium, "en", _) => format!("{locale},en-US;q=0.9,en;q=0.8"),
            (Family::Chromium, ..) => format!("{locale},{language};q=0.9,en-US;q=0.8,en;q=0.7"),
            (Family::Firefox, "en", _) => format!("{locale},en;q=0.5"),
            (Family::Firefox, ..) => format!("{language},en-US;q=0.7,en;q=0.3"),
            (Family::Safari, ..) => format!("{locale},{language};q=0.9"),
        }
    }
}

/// What a host's marketplace speaks, so that a shop answers as it does at home, whatever the address of this machine.
struct Marketplace {
    locale: &'static str,
    honest: &'static str,
}

fn marketplace(host: &str) -> Marketplace {
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    let (locale, honest) = match ending {
        "de" => ("de-DE", "de-DE,de;q=0.9,en;q=0.5"),
        "at" => ("de-AT", "de-AT,de;q=0.9,en;q=0.5"),
        "ch" => ("de-CH", "de-CH,de;q=0.9,fr;q=0.7,en;q=0.5"),
        "fr" => ("fr-FR", "fr-FR,fr;q=0.9,en;q=0.5"),
        "it" => ("it-IT", "it-IT,it;q=0.9,en;q=0.5"),
        "es" => ("es-ES", "es-ES,es;q=0.9,en;q=0.5"),
        "nl" => ("nl-NL", "nl-NL,nl;q=0.9,en;q=0.5"),
        "pl" => ("pl-PL", "pl-PL,pl;q=0.9,en;q=0.5"),
        "se" => ("sv-SE", "sv-SE,sv;q=0.9,en;q=0.5"),
        "jp" => ("ja-JP", "ja-JP,ja;q=0.9,en;q=0.5"),
        "br" => ("pt-BR", "pt-BR,pt;q=0.9,en;q=0.5"),
        "uk" => ("en-GB", "en-GB,en;q=0.9"),
        "in" => ("en-IN", "en-IN,en;q=0.9"),
        "au" => ("en-AU", "en-AU,en;q=0.9"),
        "ca" => ("en-CA", "en-CA,en;q=0.9"),
        _ => ("en-US", "en-US,en;q=0.9"),
    };
    Marketplace { locale, honest }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    fn at(day: i64) -> Timestamp {
        Timestamp::from_micros(day * DAY)
    }

    fn proxy(n: u128) -> ProxyId {
        ProxyId(uuid::Uuid::from_u128(n))
    }

    fn sent(agent: UserAgent, proxy: Option<ProxyId>, url: &str, day: i64) -> Vec<(String, String)> {
        let headers = headers(agent, proxy, &Url::parse(url).unwrap(), at(day));
        headers.iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned())).collect()
    }

    fn agent_of(sent: &[(String, String)]) -> &str {
        sent.iter().find(|(name, _)| name == "user-agent").map(|(_, value)| value.as_str()).unwrap()
    }

    #[test]
    fn direct_requests_say_that_they_are_plummets_unless_the_operator_wants_otherwise() {
        let url = "https://shop.example/p";
        assert!(agent_of(&sent(UserAgent::ByRoute, None, url, 0)).contains("compatible; Plummet/"));
        assert!(agent_of(&sent(UserAgent::Honest, Some(proxy(1)), url, 0)).contains("compatible; Plummet/"));
        assert!(!agent_of(&sent(UserAgent::ByRoute, Some(proxy(1)), url, 0)).contains("Plummet"));
        assert!(!agent_of(&sent(UserAgent::Browser, None, url, 0)).contains("Plummet"));
    }

    #[test]
    fn a_way_out_keeps_its_browser_for_a_shop_and_changes_it_slowly() {
        let of = |proxy_id, host: &str, day| sent(UserAgent::ByRoute, Some(proxy(proxy_id)), &format!("https://{host}/p"), day);
        let changes = (0..280).filter(|day| of(1, "a.example", *day) != of(1, "a.example", day + 1)).count();
        assert!((5..=20).contains(&changes), "{changes} changes in 40 weeks");
        let of_many: BTreeSet<_> = (0..40).map(|proxy| agent_of(&of(proxy, "a.example", 0)).to_owned()).collect();
        assert!(of_many.len() >= 5, "many proxies, many browsers: {of_many:?}");
        let shops: BTreeSet<_> = (0..40).map(|n| agent_of(&of(1, &format!("{n}.example"), 0)).to_owned()).collect();
        assert!(shops.len() >= 5, "{shops:?}");
    }

    #[test]
    fn headers_belong_together_and_come_in_the_browsers_order() {
        for browser in BROWSERS {
            let url = Url::parse("https://shop.de/p").unwrap();
            let headers = browser.headers(&url);
            let names: Vec<&str> = headers.keys().map(HeaderName::as_str).collect();
            let is_chromium = browser.user_agent.contains("Chrome/");
            assert_eq!(browser.family == Family::Chromium, is_chromium);
            assert_eq!(headers.contains_key(SEC_CH_UA), is_chromium);
            assert_eq!(names[0], if is_chromium { "sec-ch-ua" } else { names[0] });
            if let Some((brands, platform)) = browser.hints {
                assert_eq!(brands.contains("Edge"), browser.user_agent.contains("Edg/"));
                let system = [("\"Windows\"", "Windows NT"), ("\"macOS\"", "Macintosh"), ("\"Linux\"", "Linux")];
                let (_, named) = system.iter().find(|(known, _)| *known == platform).unwrap();
                assert!(browser.user_agent.contains(named));
            }
            let language = headers[ACCEPT_LANGUAGE].to_str().unwrap();
            assert!(language.starts_with("de"), "{language}");
            let plain = browser.headers(&Url::parse("http://shop.de:8080/p").unwrap());
            let first = plain.iter().next().unwrap();
            assert_eq!((first.0.as_str(), first.1.to_str().unwrap()), ("host", "shop.de:8080"));
            assert!(plain.keys().all(|name| !name.as_str().starts_with("sec-")), "hints are for TLS alone");
            assert_eq!(plain[ACCEPT_ENCODING], "gzip, deflate");
        }
        let chrome = BROWSERS[0].headers(&Url::parse("https://shop.example/").unwrap());
        let order: Vec<&str> = chrome.keys().map(HeaderName::as_str).collect();
        assert_eq!(
            order,
            [
                "sec-ch-ua",
                "sec-ch-ua-mobile",
                "sec-ch-ua-platform",
                "upgrade-insecure-requests",
                "user-agent",
                "accept",
                "sec-fetch-site",
                "sec-fetch-mode",
                "sec-fetch-user",
                "sec-fetch-dest",
                "accept-encoding",
                "accept-language",
                "priority"
            ]
        );
    }
}
