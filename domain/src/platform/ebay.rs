//! eBay: an item number is one listing; a variation of it (`?var=`) is another.

use url::Url;

use super::{Listing, marketplace, marketplace_id, origin};

/// Ending of the host, and the currency of its prices.
const MARKETPLACES: &[(&str, &str)] = &[
    ("com", "USD"),
    ("ca", "CAD"),
    ("co.uk", "GBP"),
    ("de", "EUR"),
    ("at", "EUR"),
    ("fr", "EUR"),
    ("it", "EUR"),
    ("es", "EUR"),
    ("nl", "EUR"),
    ("be", "EUR"),
    ("ie", "EUR"),
    ("ch", "CHF"),
    ("pl", "PLN"),
    ("com.au", "AUD"),
    ("com.hk", "HKD"),
    ("com.sg", "SGD"),
    ("com.my", "MYR"),
    ("ph", "PHP"),
    // The demo shop's.
    ("localhost", "USD"),
];

fn ending(host: &str) -> Option<(&'static str, &'static str)> {
    let ending = marketplace(host, "ebay")?;
    MARKETPLACES.iter().copied().find(|(known, _)| *known == ending)
}

pub(super) fn owns(host: &str) -> bool {
    ending(host).is_some()
}

pub(super) fn currency(host: &str) -> Option<&'static str> {
    ending(host).map(|(_, currency)| currency)
}

/// `/itm/NUMBER` and `/itm/SLUG/NUMBER`.
pub(super) fn listing(url: &Url) -> Option<Listing> {
    let (ending, _) = ending(url.host_str()?)?;
    let mut segments = url.path_segments()?.skip_while(|segment| *segment != "itm").skip(1);
    let item = segments.find(|segment| is_item(segment))?;
    let variation = url.query_pairs().find(|(name, value)| name == "var" && is_number(value) && value != "0");
    let (suffix, query) =
        variation.map_or((String::new(), String::new()), |(_, value)| (format!(":{value}"), format!("?var={value}")));
    Some(Listing {
        external_id: format!("{}:{item}{suffix}", marketplace_id(url, "ebay", ending)),
        url: Url::parse(&format!("{}/itm/{item}{query}", origin(url, &format!("www.ebay.{ending}")))).ok()?,
    })
}

pub(super) fn by_id(host: Option<&str>, id: &str) -> Option<String> {
    let ending = host.map_or(Some("com"), |host| ending(host).map(|(ending, _)| ending))?;
    is_item(id).then(|| format!("https://www.ebay.{ending}/itm/{id}"))
}

fn is_item(text: &str) -> bool {
    (9..=15).contains(&text.len()) && is_number(text)
}

fn is_number(text: &str) -> bool {
    !text.is_empty() && text.len() <= 15 && text.bytes().all(|byte| byte.is_ascii_digit())
}
