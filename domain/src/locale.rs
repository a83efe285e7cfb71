//! Language and region: how numbers, money and dates are written and read.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::money::Money;
use crate::time::Timestamp;

/// How one language and region writes numbers and money (Unicode CLDR 46).
struct Style {
    tag: &'static str,
    decimal: char,
    group: char,
    /// `€1.00` rather than `1.00 €`.
    symbol_first: bool,
}

/// A supported language and region; by default English.
#[derive(Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Locale(u8);

const NBSP: char = '\u{a0}';
const NARROW: char = '\u{202f}';

const fn style(tag: &'static str, decimal: char, group: char, symbol_first: bool) -> Style {
    Style { tag, decimal, group, symbol_first }
}

const STYLES: &[Style] = &[
    style("en", '.', ',', true),
    style("en-GB", '.', ',', true),
    style("de", ',', '.', false),
    style("de-CH", '.', '’', true),
    style("fr", ',', NARROW, false),
    style("es", ',', '.', false),
    style("it", ',', '.', false),
    style("nl", ',', '.', true),
    style("pl", ',', NBSP, false),
    style("pt", ',', '.', false),
    style("pt-BR", ',', '.', true),
    style("sv", ',', NBSP, false),
    style("ja", '.', ',', true),
];

impl Locale {
    /// The best supported locale for a tag such as `de-AT`: itself, else its language, else English.
    pub fn best(tag: &str) -> Self {
        Locale::find(tag).or_else(|| Locale::find(tag.split(['-', '_']).next()?)).unwrap_or_default()
    }

    /// The best supported locale for an `Accept-Language` header (RFC 9110 §12.5.4).
    pub fn negotiate(header: &str) -> Self {
        let mut wishes: Vec<(u32, &str)> = header.split(',').take(20).map(weighted).collect();
        wishes.sort_by_key(|(weight, _)| std::cmp::Reverse(*weight));
        let supported = |tag: &str| Locale::find(tag).or_else(|| Locale::find(tag.split('-').next()?));
        wishes.into_iter().find_map(|(_, tag)| supported(tag)).unwrap_or_default()
    }

    fn find(tag: &str) -> Option<Self> {
        let index = STYLES.iter().position(|style| style.tag.eq_ignore_ascii_case(tag.trim()))?;
        u8::try_from(index).ok().map(Locale)
    }

    /// Every supported locale.
    pub fn all() -> impl Iterator<Item = Locale> {
        (0..STYLES.len()).filter_map(|index| u8::try_from(index).ok().map(Locale))
    }

    /// The BCP 47 tag.
    pub fn tag(self) -> &'static str {
        self.style().tag
    }

    /// What separates decimals.
    pub fn decimal_separator(self) -> char {
        self.style().decimal
    }

    /// What separates groups of three digits.
    pub fn group_separator(self) -> char {
        self.style().group
    }

    fn style(self) -> &'static Style {
        &STYLES[usize::from(self.0)]
    }

    /// An amount for people: `€1,299.00`, `1.299,00 €`, `¥1,500`.
    pub fn money(self, money: Money) -> String {
        let style = self.style();
        let plain = money.to_decimal();
        let digits = plain.strip_prefix('-').unwrap_or(&plain);
        let number = self.group(digits);
        let sign = if plain.starts_with('-') { "\u{2212}" } else { "" };
        let symbol = symbol(money.currency.code());
        let spaced = symbol.chars().all(|c| c.is_ascii_alphabetic());
        match (style.symbol_first, spaced) {
            (true, false) => format!("{sign}{symbol}{number}"),
            (true, true) => format!("{sign}{symbol}{NBSP}{number}"),
            (false, _) => format!("{sign}{number}{NBSP}{symbol}"),
        }
    }

    /// A decimal number (`1299.5`) with this locale's separators.
    fn group(self, plain: &str) -> String {
        let (whole, fraction) = plain.split_once('.').unwrap_or((plain, ""));
        let mut text = String::with_capacity(plain.len() + 8);
        for (index, digit) in whole.chars().enumerate() {
            if index > 0 && (whole.len() - index).is_multiple_of(3) {
                text.push(self.group_separator());
            }
            text.push(digit);
        }
        if !fraction.is_empty() {
            text.push(self.decimal_separator());
            text.push_str(fraction);
        }
        text
    }

    /// Ten-thousandths as a percentage with at most one decimal: `6.3%`, `6,3 %`. The sign is the caller's.
    pub fn percent(self, basis_points: i64) -> String {
        let tenths = (basis_points.unsigned_abs() + 5) / 10;
        let text =
            if tenths.is_multiple_of(10) { format!("{}", tenths / 10) } else { format!("{}.{}", tenths / 10, tenths % 10) };
        let number = self.group(&text);
        if self.style().symbol_first { format!("{number}%") } else { format!("{number}{NBSP}%") }
    }

    /// A date and time in a zone (`UTC` if the zone is unknown): `3 Nov 2025, 14:05`.
    pub fn date_time(self, at: Timestamp, zone: &str) -> String {
        let local = time_zone(zone).to_datetime(at.to_jiff());
        format!("{}, {:02}:{:02}", self.date_of(local.date()), local.hour(), local.minute())
    }

    /// A date in a zone: `3 Nov 2025`, `3. Nov. 2025`.
    pub fn date(self, at: Timestamp, zone: &str) -> String {
        self.date_of(time_zone(zone).to_datetime(at.to_jiff()).date())
    }

    fn date_of(self, date: jiff::civil::Date) -> String {
        let index = usize::try_from(date.month() - 1).unwrap_or(0);
        let german = self.tag().starts_with("de");
        let month = if german { MONTHS_DE[index] } else { MONTHS_EN[index] };
        let dot = if german { "." } else { "" };
        format!("{}{dot}{NBSP}{month}{NBSP}{}", date.day(), date.year())
    }
}

const MONTHS_EN: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const MONTHS_DE: [&str; 12] = ["Jan.", "Feb.", "März", "Apr.", "Mai", "Juni", "Juli", "Aug.", "Sept.", "Okt.", "Nov.", "Dez."];

/// The zone of an IANA name, UTC if there is none.
pub fn time_zone(name: &str) -> jiff::tz::TimeZone {
    jiff::tz::TimeZone::get(name).unwrap_or(jiff::tz::TimeZone::UTC)
}

/// The sign that people know a currency by; its code where there is none that is clear.
fn symbol(code: &'static str) -> &'static str {
    match code {
        "EUR" => "€",
        "USD" => "$",
        "GBP" => "£",
        "JPY" => "¥",
        "INR" => "₹",
        "KRW" => "₩",
        "BRL" => "R$",
        "PLN" => "zł",
        "CNY" => "CN¥",
        "CAD" => "CA$",
        "AUD" => "A$",
        "NZD" => "NZ$",
        "HKD" => "HK$",
        "MXN" => "MX$",
        "TRY" => "₺",
        "ILS" => "₪",
        "UAH" => "₴",
        "VND" => "₫",
        "PHP" => "₱",
        other => other,
    }
}

/// A tag of an `Accept-Language` header and its weight in thousandths.
fn weighted(part: &str) -> (u32, &str) {
    let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
    let weight = rest.trim().strip_prefix("q=").and_then(|q| q.parse::<f32>().ok()).unwrap_or(1.0);
    ((weight.clamp(0.0, 1.0) * 1000.0) as u32, tag.trim())
}

impl fmt::Debug for Locale {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl Serialize for Locale {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.tag())
    }
}

impl<'de> Deserialize<'de> for Locale {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Locale::best(&<std::borrow::Cow<'de, str>>::deserialize(deserializer)?))
    }
}
