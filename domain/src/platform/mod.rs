//! Platforms: the shop systems that Plummet knows by name, as a table of data.
//!
//! A platform that is not in the table is [`Platform::GENERIC`]: its listings are known by their canonical URL.

mod amazon;
mod ebay;
mod shops;
mod walmart;

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use url::Url;

use crate::money::Currency;

/// The shop system that a listing belongs to. Its word is that of the tables and of the HTTP API.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Platform(&'static str);

/// What a platform makes of one URL: the listing's identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Listing {
    /// What the platform calls the listing, with its marketplace: `amazon.de:B08XYZ1234`.
    pub external_id: String,
    /// The one URL that stands for the listing.
    pub url: Url,
}

/// One row of the table.
struct Entry {
    platform: Platform,
    /// Whether the host is one of this platform's.
    owns: fn(host: &str) -> bool,
    /// The listing that the URL names; `None` for the platform's other pages.
    listing: fn(url: &Url) -> Option<Listing>,
    /// The URL of a listing known by its id alone, on a marketplace's host or on the platform's main one.
    by_id: fn(host: Option<&str>, id: &str) -> Option<String>,
    /// The currency in which the host's pages show prices, where there is only one.
    currency: fn(host: &str) -> Option<&'static str>,
}

const TABLE: &[Entry] = &[
    Entry {
        platform: Platform::AMAZON,
        owns: amazon::owns,
        listing: amazon::listing,
        by_id: amazon::by_id,
        currency: amazon::currency,
    },
    Entry { platform: Platform::EBAY, owns: ebay::owns, listing: ebay::listing, by_id: ebay::by_id, currency: ebay::currency },
    Entry {
        platform: Platform::WALMART,
        owns: walmart::owns,
        listing: walmart::listing,
        by_id: walmart::by_id,
        currency: walmart::currency,
    },
];

impl Platform {
    /// Amazon, every marketplace.
    pub const AMAZON: Platform = Platform("amazon");
    /// eBay, every marketplace.
    pub const EBAY: Platform = Platform("ebay");
    /// Walmart.
    pub const WALMART: Platform = Platform("walmart");
    /// Any other shop.
    pub const GENERIC: Platform = Platform("generic");

    /// The platform's word.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Every platform of the table, and the generic one.
    pub fn all() -> impl Iterator<Item = Platform> {
        let shops = shops::SHOPS.iter().map(|shop| shop.platform);
        TABLE.iter().map(|entry| entry.platform).chain(shops).chain([Platform::GENERIC])
    }

    /// The platform of a word written by [`Platform::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Platform::all().find(|platform| platform.0 == word)
    }

    /// The platform that owns a host.
    pub fn of_host(host: &str) -> Platform {
        entry_of_host(host)
            .map(|entry| entry.platform)
            .or_else(|| shops::of_host(host).map(|(shop, ..)| shop.platform))
            .unwrap_or(Platform::GENERIC)
    }
}

/// The only currency in which a host shows prices, where the platform's marketplaces have one each.
pub fn currency_of_host(host: &str) -> Option<Currency> {
    let code = match entry_of_host(host) {
        Some(entry) => (entry.currency)(host)?,
        None => shops::of_host(host)?.2,
    };
    Currency::from_code(code)
}

/// The URL of the listing that a platform calls `id`; `platform` is its word (`amazon`) or a marketplace's host (`amazon.de`).
pub fn url_by_id(platform: &str, id: &str) -> Option<String> {
    let word = platform.trim().to_ascii_lowercase();
    let id = id.trim();
    if let Some(entry) = TABLE.iter().find(|entry| entry.platform.0 == word) {
        return (entry.by_id)(None, id);
    }
    if let Some(shop) = shops::SHOPS.iter().find(|shop| shop.platform.0 == word) {
        return shops::url_by_id(shop, None, id);
    }
    match entry_of_host(&word) {
        Some(entry) => (entry.by_id)(Some(&word), id),
        None => shops::url_by_id(shops::of_host(&word)?.0, Some(&word), id),
    }
}

pub(crate) fn listing(url: &Url) -> Option<(Platform, Option<Listing>)> {
    match entry_of_host(url.host_str()?) {
        Some(entry) => Some((entry.platform, (entry.listing)(url))),
        // Pages of other forms stay generic listings.
        None => shops::listing(url).map(|(platform, listing)| (platform, Some(listing))),
    }
}

fn entry_of_host(host: &str) -> Option<&'static Entry> {
    TABLE.iter().find(|entry| (entry.owns)(host))
}

/// The part of `host` after `name.`, whatever stands before it: `co.uk` of `www.amazon.co.uk` for `amazon`.
fn marketplace<'a>(host: &'a str, name: &str) -> Option<&'a str> {
    let labels = host.split('.').take_while(|label| *label != name).map(|label| label.len() + 1).sum::<usize>();
    // Only a short prefix (`www`, `m`, `smile`) may stand before the name: `amazon.com.evil.example` has none after it that fits.
    host.get(labels + name.len() + 1..).filter(|_| host[..labels].matches('.').count() <= 1)
}

/// `scheme://host[:port]` for the canonical URL: a shop on the public web is on https without a port; one under `.localhost`
/// (RFC 6761 §6.3: always this machine) is where the URL says.
fn origin(url: &Url, public_host: &str) -> String {
    match (url.host_str(), url.port()) {
        (Some(host), Some(port)) if host.ends_with(".localhost") => format!("{}://{host}:{port}", url.scheme()),
        (Some(host), None) if host.ends_with(".localhost") => format!("{}://{host}", url.scheme()),
        _ => format!("https://{public_host}"),
    }
}

/// The marketplace's part of the external id: its name without `www.`, with a port under `.localhost`.
fn marketplace_id(url: &Url, name: &str, ending: &str) -> String {
    match url.port() {
        Some(port) if ending == "localhost" => format!("{name}.{ending}:{port}"),
        _ => format!("{name}.{ending}"),
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl fmt::Debug for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Serialize for Platform {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

impl<'de> Deserialize<'de> for Platform {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        Platform::parse(&word).ok_or_else(|| serde::de::Error::custom(format!("unknown platform `{word}`")))
    }
}
