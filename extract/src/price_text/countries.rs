//! Countries: their currency, and how they write numbers.

use domain::Currency;

use super::DecimalMark;
use super::DecimalMark::{Comma, Dot};

/// A country with its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country(usize);

/// ISO 3166 code (also the top-level domain, but for `uk`), ISO 4217 code, decimal mark (Unicode CLDR 46).
const TABLE: &[(&str, &str, DecimalMark)] = &[
    ("ae", "AED", Dot),
    ("ar", "ARS", Comma),
    ("at", "EUR", Comma),
    ("au", "AUD", Dot),
    ("ba", "BAM", Comma),
    ("bd", "BDT", Dot),
    ("be", "EUR", Comma),
    ("bg", "EUR", Comma),
    ("bh", "BHD", Dot),
    ("bo", "BOB", Comma),
    ("br", "BRL", Comma),
    ("by", "BYN", Comma),
    ("ca", "CAD", Dot),
    ("ch", "CHF", Dot),
    ("cl", "CLP", Comma),
    ("cn", "CNY", Dot),
    ("co", "COP", Comma),
    ("cr", "CRC", Comma),
    ("cy", "EUR", Comma),
    ("cz", "CZK", Comma),
    ("de", "EUR", Comma),
    ("dk", "DKK", Comma),
    ("dz", "DZD", Comma),
    ("ee", "EUR", Comma),
    ("eg", "EGP", Dot),
    ("es", "EUR", Comma),
    ("fi", "EUR", Comma),
    ("fr", "EUR", Comma),
    ("gb", "GBP", Dot),
    ("ge", "GEL", Comma),
    ("gr", "EUR", Comma),
    ("hk", "HKD", Dot),
    ("hr", "EUR", Comma),
    ("hu", "HUF", Comma),
    ("id", "IDR", Comma),
    ("ie", "EUR", Dot),
    ("il", "ILS", Dot),
    ("in", "INR", Dot),
    ("is", "ISK", Comma),
    ("it", "EUR", Comma),
    ("jp", "JPY", Dot),
    ("ke", "KES", Dot),
    ("kr", "KRW", Dot),
    ("kw", "KWD", Dot),
    ("kz", "KZT", Comma),
    ("lk", "LKR", Dot),
    ("lt", "EUR", Comma),
    ("lu", "EUR", Comma),
    ("lv", "EUR", Comma),
    ("ma", "MAD", Comma),
    ("mt", "EUR", Dot),
    ("mx", "MXN", Dot),
    ("my", "MYR", Dot),
    ("ng", "NGN", Dot),
    ("nl", "EUR", Comma),
    ("no", "NOK", Comma),
    ("nz", "NZD", Dot),
    ("om", "OMR", Dot),
    ("pe", "PEN", Dot),
    ("ph", "PHP", Dot),
    ("pk", "PKR", Dot),
    ("pl", "PLN", Comma),
    ("pt", "EUR", Comma),
    ("py", "PYG", Comma),
    ("qa", "QAR", Dot),
    ("ro", "RON", Comma),
    ("rs", "RSD", Comma),
    ("ru", "RUB", Comma),
    ("sa", "SAR", Dot),
    ("se", "SEK", Comma),
    ("sg", "SGD", Dot),
    ("si", "EUR", Comma),
    ("sk", "EUR", Comma),
    ("th", "THB", Dot),
    ("tn", "TND", Comma),
    ("tr", "TRY", Comma),
    ("tw", "TWD", Dot),
    ("ua", "UAH", Comma),
    ("us", "USD", Dot),
    ("uy", "UYU", Comma),
    ("vn", "VND", Comma),
    ("za", "ZAR", Comma),
];

/// Two-letter domains that anybody takes for their sound: they say nothing about the country.
const FREE_DOMAINS: &[&str] = &["co", "io", "me", "tv", "ai", "is", "to", "cc", "gg", "fm"];

impl Country {
    /// The country of an ISO 3166 code such as `GB`, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        let code = if code.eq_ignore_ascii_case("uk") { "gb" } else { code };
        TABLE.iter().position(|(known, _, _)| known.eq_ignore_ascii_case(code)).map(Country)
    }

    /// The country of a host's top-level domain.
    pub fn of_host(host: &str) -> Option<Self> {
        let ending = host.rsplit('.').next()?;
        let labels = host.split('.').count();
        // `shop.co` is anybody's; `shop.com.co` is Colombian.
        if FREE_DOMAINS.contains(&ending) && !(labels > 2 && host.rsplit('.').nth(1) == Some("com")) {
            return None;
        }
        Country::from_code(ending)
    }

    /// The country of a language tag such as `en-GB` or `pt_BR`.
    pub fn of_language_tag(tag: &str) -> Option<Self> {
        tag.split(['-', '_']).skip(1).find(|part| part.len() == 2).and_then(Country::from_code)
    }

    /// Its currency.
    pub fn currency(self) -> Option<Currency> {
        Currency::from_code(TABLE.get(self.0)?.1)
    }

    /// What separates decimals there.
    pub fn decimal_mark(self) -> Option<DecimalMark> {
        TABLE.get(self.0).map(|row| row.2)
    }
}

/// What separates decimals in a language, where all its countries agree but for a few.
pub(crate) fn mark_of_language(tag: &str) -> Option<DecimalMark> {
    let language = tag.split(['-', '_']).next()?.to_ascii_lowercase();
    match language.as_str() {
        "en" | "ja" | "zh" | "ko" | "th" | "he" | "hi" => Some(Dot),
        "de" | "fr" | "it" | "nl" | "pl" | "pt" | "sv" | "da" | "fi" | "nb" | "no" | "cs" | "sk" | "sl" | "hu" | "ro" | "ru"
        | "uk" | "tr" | "el" | "bg" | "hr" | "sr" | "lv" | "lt" | "et" | "id" | "vi" => Some(Comma),
        // Spanish and Arabic write both, by country.
        _ => None,
    }
}
