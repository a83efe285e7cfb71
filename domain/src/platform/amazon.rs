//! Amazon: one ASIN is one listing per marketplace, under many URL forms.

use url::Url;

use super::{Listing, marketplace, marketplace_id, origin};

/// Ending of the host, and the currency of its prices.
const MARKETPLACES: &[(&str, &str)] = &[
    ("com", "USD"),
    ("ca", "CAD"),
    ("com.mx", "MXN"),
    ("com.br", "BRL"),
    ("co.uk", "GBP"),
    ("de", "EUR"),
    ("fr", "EUR"),
    ("it", "EUR"),
    ("es", "EUR"),
    ("nl", "EUR"),
    ("com.be", "EUR"),
    ("ie", "EUR"),
    ("se", "SEK"),
    ("pl", "PLN"),
    ("com.tr", "TRY"),
    ("ae", "AED"),
    ("sa", "SAR"),
    ("eg", "EGP"),
    ("in", "INR"),
    ("co.jp", "JPY"),
    ("sg", "SGD"),
    ("com.au", "AUD"),
    ("co.za", "ZAR"),
    // The demo shop's.
    ("localhost", "USD"),
];

fn ending(host: &str) -> Option<(&'static str, &'static str)> {
    let ending = marketplace(host, "amazon")?;
    MARKETPLACES.iter().copied().find(|(known, _)| *known == ending)
}

pub(super) fn owns(host: &str) -> bool {
    ending(host).is_some()
}

pub(super) fn currency(host: &str) -> Option<&'static str> {
    ending(host).map(|(_, currency)| currency)
}

/// `/dp/ASIN`, `/gp/product/ASIN`, `/gp/aw/d/ASIN`, `/exec/obidos/ASIN/ASIN`, `/o/ASIN/ASIN`, each with anything around it.
pub(super) fn listing(url: &Url) -> Option<Listing> {
    let (ending, _) = ending(url.host_str()?)?;
    let segments: Vec<&str> = url.path_segments()?.collect();
    let asin = segments.windows(2).find_map(|pair| {
        let names_product = matches!(pair[0].to_ascii_lowercase().as_str(), "dp" | "product" | "d" | "asin" | "gp");
        names_product.then(|| asin(pair[1])).flatten()
    })?;
    Some(Listing {
        external_id: format!("{}:{asin}", marketplace_id(url, "amazon", ending)),
        url: Url::parse(&format!("{}/dp/{asin}", origin(url, &format!("www.amazon.{ending}")))).ok()?,
    })
}

pub(super) fn by_id(host: Option<&str>, id: &str) -> Option<String> {
    let ending = host.map_or(Some("com"), |host| ending(host).map(|(ending, _)| ending))?;
    Some(format!("https://www.amazon.{ending}/dp/{}", asin(id)?))
}

/// Ten letters and digits, upper-cased: `B0…`, or a book's ISBN-10.
fn asin(text: &str) -> Option<String> {
    let asin = text.to_ascii_uppercase();
    let fits = asin.len() == 10 && asin.bytes().all(|byte| byte.is_ascii_alphanumeric());
    (fits && (asin.starts_with('B') || asin[..9].bytes().all(|byte| byte.is_ascii_digit()))).then_some(asin)
}
