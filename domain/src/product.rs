//! Product identity: from whatever URL a person pastes to one listing in one shop.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use url::{Host, Url};

use crate::ids::ProductId;
use crate::platform::{self, Platform};

/// Longest URL that is taken, in bytes.
pub const MAX_URL_BYTES: usize = 2_048;

/// A URL of a listing, read and normalised: two URLs of one listing give equal values.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductUrl {
    /// The shop system.
    pub platform: Platform,
    /// What the platform calls the listing: `amazon.de:B08XYZ1234`; of a generic shop its host, path and query.
    pub external_id: String,
    /// The canonical URL: what is fetched, linked and shown.
    pub url: String,
    /// Host, and the port where it is not the scheme's own: what people call the shop, without `www.`.
    pub host: String,
}

/// Why a text is no URL of a product. Each names the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProductUrlError {
    /// Nothing was given.
    #[error("paste the link of a product page, such as https://shop.example/product")]
    Empty,
    /// Over [`MAX_URL_BYTES`].
    #[error("this link is longer than {MAX_URL_BYTES} characters; paste the product's own short link")]
    TooLong,
    /// Not a URL.
    #[error("`{0}` is not a link; paste one that starts with https://")]
    Malformed(String),
    /// `ftp:`, `file:`, `javascript:` and the like.
    #[error("Plummet opens http and https pages only, not `{0}:`")]
    Scheme(String),
    /// `user:password@`.
    #[error("this link holds a user name or password; paste it without them")]
    Credentials,
    /// No host, or one that no shop has.
    #[error("`{0}` is not a public shop's address; paste the link of a product page on the web")]
    Host(String),
    /// A page of a known platform that is not a product's.
    #[error("this {0} link does not name a product; open one product and paste that link")]
    NotAProduct(Platform),
}

impl ProductUrl {
    /// Reads what a person pasted: a URL, with or without `https://`, with white space around.
    pub fn parse(text: &str) -> Result<Self, ProductUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(ProductUrlError::Empty);
        }
        if text.len() > MAX_URL_BYTES {
            return Err(ProductUrlError::TooLong);
        }
        let malformed = || ProductUrlError::Malformed(text.chars().take(80).collect());
        if text.contains(char::is_whitespace) {
            return Err(malformed());
        }
        // `shop.example/x` and `shop.example:8080/x` are what people type; the latter parses as a scheme.
        let has_scheme = text.split_once(':').is_some_and(|(scheme, rest)| {
            !scheme.contains(['.', '/']) && !rest.starts_with(|c: char| c.is_ascii_digit()) && scheme != "localhost"
        });
        let url = if has_scheme { Url::parse(text) } else { Url::parse(&format!("https://{text}")) }.map_err(|_| malformed())?;
        ProductUrl::from_url(url)
    }

    /// The listing that a URL names.
    pub fn from_url(mut url: Url) -> Result<Self, ProductUrlError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(ProductUrlError::Scheme(url.scheme().to_owned()));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(ProductUrlError::Credentials);
        }
        check_host(&url)?;
        let (platform, known) = match platform::listing(&url) {
            Some((platform, Some(listing))) => (platform, Some(listing)),
            Some((platform, None)) => return Err(ProductUrlError::NotAProduct(platform)),
            None => (Platform::GENERIC, None),
        };
        let (external_id, url) = match known {
            Some(listing) => (listing.external_id, listing.url),
            None => {
                normalise(&mut url);
                (generic_id(&url), url)
            }
        };
        Ok(ProductUrl { platform, external_id, host: shop_host(&url), url: url.into() })
    }

    /// A listing known by the platform's own id (an ASIN, an item number); `platform` is `amazon`, or a marketplace such as
    /// `amazon.de`. `None` if there is no such platform, or the id is none of its.
    pub fn from_platform_id(platform: &str, id: &str) -> Option<Self> {
        ProductUrl::parse(&platform::url_by_id(platform, id)?).ok()
    }

    /// The derived id of the listing.
    pub fn product_id(&self) -> ProductId {
        ProductId::derive(&self.platform, &self.external_id)
    }
}

/// Refuses what can be no public shop by its name alone. Addresses are checked again after DNS, at every hop, by the fetcher;
/// here literal addresses pass, so that an operator may allow one.
fn check_host(url: &Url) -> Result<(), ProductUrlError> {
    match url.host() {
        Some(Host::Domain(name)) if name.contains('.') && !name.ends_with('.') => Ok(()),
        Some(Host::Domain("localhost")) => Ok(()),
        Some(Host::Ipv4(_) | Host::Ipv6(_)) => Ok(()),
        Some(Host::Domain(name)) => Err(ProductUrlError::Host(name.to_owned())),
        None => Err(ProductUrlError::Host(String::new())),
    }
}

/// What people call the shop of a URL: its host without `www.`, with the port if it is not the scheme's own.
pub fn shop_host(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").filter(|rest| rest.contains('.')).unwrap_or(host);
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}

/// Parameters that say where a visitor came from, never what is shown. Whole names: `ref` must not delete `preferred_color`.
const TRACKING_PARAMETERS: &[&str] = &[
    "_branch_match_id",
    "_ga",
    "_gl",
    "_hsenc",
    "_hsmi",
    "_kx",
    "_openstat",
    "aff_id",
    "affid",
    "affiliate",
    "affiliate_id",
    "awc",
    "campaignid",
    "cjevent",
    "clickid",
    "cmpid",
    "dclid",
    "dicbo",
    "ef_id",
    "epik",
    "fbclid",
    "gad_source",
    "gad_campaignid",
    "gbraid",
    "gclid",
    "gclsrc",
    "igsh",
    "igshid",
    "irclickid",
    "irgwc",
    "mkt_tok",
    "msclkid",
    "oly_anon_id",
    "oly_enc_id",
    "rdt_cid",
    "ref",
    "ref_",
    "ref_src",
    "referrer",
    "s_cid",
    "s_kwcid",
    "sc_channel",
    "scid",
    "srsltid",
    "tag",
    "ttclid",
    "twclid",
    "vero_id",
    "wbraid",
    "wickedid",
    "yclid",
    "zanpid",
];

/// Beginnings of parameters of whole families.
const TRACKING_PREFIXES: &[&str] = &["utm_", "mc_", "pk_", "piwik_", "matomo_", "hsa_", "pf_rd_", "pd_rd_", "trk_", "at_custom"];

fn is_tracking(name: &str) -> bool {
    TRACKING_PARAMETERS.contains(&name) || TRACKING_PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Drops fragment and tracking parameters, and sorts the rest bytewise as they are written. Doing it twice changes nothing.
fn normalise(url: &mut Url) {
    url.set_fragment(None);
    let Some(query) = url.query() else { return };
    // The text between the `&` is kept as written: decoding `a=1%26b=2` and encoding it again would make another listing of it.
    let mut kept: Vec<&str> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .filter(|pair| !is_tracking(&pair.split('=').next().unwrap_or_default().to_ascii_lowercase()))
        .collect();
    kept.sort_unstable();
    kept.dedup();
    let query = kept.join("&");
    url.set_query((!query.is_empty()).then_some(query.as_str()));
}

/// Host, path and query: `http` and `https` of one page are one listing.
fn generic_id(url: &Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    let query = url.query().map(|query| format!("?{query}")).unwrap_or_default();
    format!("{host}{port}{}{query}", url.path())
}

/// Whether an address belongs to nobody's public shop: loopback, private, link-local, shared, multicast, documentation and other
/// special ranges (IANA special-purpose address registries), also inside IPv6 forms of IPv4 addresses.
pub fn is_private_address(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            v4.is_loopback()
                || v4.is_private()
                || v4.is_link_local()
                || v4.is_multicast()
                || v4.is_documentation()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0 && c == 0)
                || (a == 198 && (18..20).contains(&b))
                || (a == 192 && b == 88 && c == 99)
        }
        IpAddr::V6(v6) => {
            let s = v6.segments();
            let embedded = match s {
                // IPv4-mapped, IPv4-compatible, NAT64 and its local form, 6to4.
                [0, 0, 0, 0, 0, 0xffff, high, low] | [0, 0, 0, 0, 0, 0, high, low] | [0x64, 0xff9b, 0, 0, 0, 0, high, low] => {
                    Some((high, low))
                }
                [0x64, 0xff9b, 1, ..] => return true,
                [0x2002, high, low, ..] => Some((high, low)),
                _ => None,
            };
            if let Some((high, low)) = embedded {
                let v4 = std::net::Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
                return is_private_address(IpAddr::V4(v4));
            }
            v6.is_loopback()
                || v6.is_unspecified()
                || v6.is_multicast()
                || (s[0] & 0xfe00) == 0xfc00
                || (s[0] & 0xffc0) == 0xfe80
                || (s[0] & 0xffc0) == 0xfec0
                || (s[0] == 0x2001 && s[1] < 0x200)
                || (s[0] == 0x2001 && s[1] == 0xdb8)
                || (s[0] == 0x100 && s[1] == 0)
                || (s[0] & 0xe000) != 0x2000
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> ProductUrl {
        ProductUrl::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
    }

    #[test]
    fn amazon_urls_of_one_listing_are_one_product() {
        let expect = parse("https://www.amazon.co.uk/dp/B08XYZ1234");
        assert_eq!(expect.url, "https://www.amazon.co.uk/dp/B08XYZ1234");
        assert_eq!(expect.external_id, "amazon.co.uk:B08XYZ1234");
        assert_eq!(expect.host, "amazon.co.uk");
        for same in [
            "amazon.co.uk/gp/product/B08XYZ1234",
            "https://www.amazon.co.uk/Some-Name/dp/b08xyz1234/ref=sr_1_1?keywords=x&tag=me-21#customerReviews",
            "http://m.amazon.co.uk/gp/aw/d/B08XYZ1234/",
            " https://smile.amazon.co.uk/exec/obidos/ASIN/B08XYZ1234 ",
            "https://www.amazon.co.uk/o/ASIN/B08XYZ1234",
        ] {
            assert_eq!(parse(same), expect, "{same}");
        }
        assert_ne!(parse("https://www.amazon.de/dp/B08XYZ1234").product_id(), expect.product_id());
        assert_eq!(ProductUrl::from_platform_id("amazon.co.uk", "B08XYZ1234"), Some(expect));
        assert_eq!(ProductUrl::from_platform_id("amazon", "123456789X").unwrap().url, "https://www.amazon.com/dp/123456789X");
    }

    #[test]
    fn ebay_and_walmart_listings_are_known_by_their_numbers() {
        let item = parse("https://www.ebay.com/itm/Some-Name/123456789012?hash=item1&var=0");
        assert_eq!((item.url.as_str(), item.platform), ("https://www.ebay.com/itm/123456789012", Platform::EBAY));
        let variation = parse("ebay.com/itm/123456789012?var=777");
        assert_eq!(variation.url, "https://www.ebay.com/itm/123456789012?var=777");
        assert_ne!(variation.product_id(), item.product_id());
        let walmart = parse("https://www.walmart.com/ip/Some-Name/55512345?athbdg=L1600");
        assert_eq!(walmart.url, "https://www.walmart.com/ip/55512345");
    }

    #[test]
    fn a_platforms_other_pages_are_no_products() {
        for (text, platform) in [
            ("https://www.amazon.de/s?k=laptop", Platform::AMAZON),
            ("https://www.ebay.com/sch/i.html?_nkw=x", Platform::EBAY),
            ("https://www.walmart.com/browse/toys", Platform::WALMART),
        ] {
            assert_eq!(ProductUrl::parse(text), Err(ProductUrlError::NotAProduct(platform)));
        }
    }

    #[test]
    fn another_shop_with_a_platforms_name_in_its_host_is_not_the_platform() {
        for text in [
            "https://amazon.com.evil.example/dp/B08XYZ1234",
            "https://notamazon.com/dp/B08XYZ1234",
            "https://a.b.c.amazon.com/dp/B08XYZ1234",
        ] {
            assert_eq!(parse(text).platform, Platform::GENERIC, "{text}");
        }
    }

    #[test]
    fn tracking_parameters_go_by_whole_name_and_the_rest_stays() {
        for (text, url) in [
            ("https://Shop.example/P?utm_source=x&preferred_color=red&ref=abc", "https://shop.example/P?preferred_color=red"),
            ("https://shop.example/p?vintage=1&tag=x&a=1%26b=2", "https://shop.example/p?a=1%26b=2&vintage=1"),
            ("https://shop.example/p?v=2&b=1#reviews", "https://shop.example/p?b=1&v=2"),
            ("https://shop.example:443/p?gclid=1", "https://shop.example/p"),
            ("shop.example:8080/p", "https://shop.example:8080/p"),
        ] {
            assert_eq!(parse(text).url, url, "{text}");
        }
    }

    #[test]
    fn http_and_https_are_one_listing() {
        assert_eq!(parse("http://shop.example/p").product_id(), parse("https://shop.example/p").product_id());
    }

    #[test]
    fn wrong_links_say_what_to_do() {
        let long = format!("https://shop.example/{}", "x".repeat(3000));
        for (text, part) in [
            ("", "paste the link"),
            ("hello world", "is not a link"),
            ("ftp://shop.example/x", "http and https pages only, not `ftp:`"),
            ("javascript:alert(1)", "not `javascript:`"),
            ("https://user:pw@shop.example/", "user name or password"),
            ("https://intranet/x", "not a public shop's address"),
            (long.as_str(), "longer than 2048"),
        ] {
            let error = ProductUrl::parse(text).unwrap_err().to_string();
            assert!(error.contains(part), "{text}: {error}");
        }
    }

    #[test]
    fn private_addresses_are_known_in_every_form() {
        for text in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "::1",
            "::",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "fc00::1",
            "fe80::1",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(is_private_address(text.parse().unwrap()), "{text}");
        }
        for text in ["1.1.1.1", "93.184.216.34", "2606:4700::1111", "::ffff:1.1.1.1"] {
            assert!(!is_private_address(text.parse().unwrap()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn parsing_never_panics_and_is_stable(text in "\\PC{0,80}") {
            if let Ok(once) = ProductUrl::parse(&text) {
                prop_assert_eq!(ProductUrl::parse(&once.url).unwrap(), once);
            }
        }

        #[test]
        fn normalising_twice_changes_nothing(path in "[a-zA-Z0-9/%._-]{0,30}", query in "[a-zA-Z0-9=&%_.-]{0,60}") {
            if let Ok(once) = ProductUrl::parse(&format!("https://shop.example/{path}?{query}")) {
                prop_assert_eq!(ProductUrl::parse(&once.url).unwrap(), once);
            }
        }
    }
}
