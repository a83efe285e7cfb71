//! Walmart: an item number is one listing per country site.

use url::Url;

use super::{Listing, marketplace, marketplace_id, origin};

/// Ending of the host, and the currency of its prices.
const MARKETPLACES: &[(&str, &str)] = &[
    ("com", "USD"),
    ("ca", "CAD"),
    // The demo shop's.
    ("localhost", "USD"),
];

fn ending(host: &str) -> Option<(&'static str, &'static str)> {
    let ending = marketplace(host, "walmart")?;
    MARKETPLACES.iter().copied().find(|(known, _)| *known == ending)
}

pub(super) fn owns(host: &str) -> bool {
    ending(host).is_some()
}

pub(super) fn currency(host: &str) -> Option<&'static str> {
    ending(host).map(|(_, currency)| currency)
}

/// `/ip/NUMBER` and `/ip/SLUG/NUMBER`; Canada puts `/en` or `/fr` before it and has letters in its numbers.
pub(super) fn listing(url: &Url) -> Option<Listing> {
    let (ending, _) = ending(url.host_str()?)?;
    let segments = url.path_segments()?.skip_while(|segment| *segment != "ip").skip(1);
    let item = segments.filter(|segment| !segment.is_empty()).last().filter(|segment| is_item(segment))?;
    Some(Listing {
        external_id: format!("{}:{item}", marketplace_id(url, "walmart", ending)),
        url: Url::parse(&format!("{}/ip/{item}", origin(url, &format!("www.walmart.{ending}")))).ok()?,
    })
}

pub(super) fn by_id(host: Option<&str>, id: &str) -> Option<String> {
    let ending = host.map_or(Some("com"), |host| ending(host).map(|(ending, _)| ending))?;
    is_item(id).then(|| format!("https://www.walmart.{ending}/ip/{id}"))
}

fn is_item(text: &str) -> bool {
    (5..=16).contains(&text.len())
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && text.bytes().any(|byte| byte.is_ascii_digit())
}
