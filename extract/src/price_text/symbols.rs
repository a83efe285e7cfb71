//! Currency signs: longest first, ambiguous ones settled by the hints or left unknown.

use domain::Currency;

use super::number::Number;
use super::{DecimalMark, Hints};

/// What stands beside an amount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Beside {
    /// A sign of one currency, or one that the hints settle.
    Known(Currency),
    /// A sign of several currencies that nothing settles, as it is written.
    Unsettled(String),
    /// No sign at all.
    Nothing,
}

impl Beside {
    pub(super) fn known(&self) -> Option<Currency> {
        match self {
            Beside::Known(currency) => Some(*currency),
            Beside::Unsettled(_) | Beside::Nothing => None,
        }
    }

    /// The sign, where nothing settles what it stands for.
    pub(super) fn sign(self) -> Option<String> {
        match self {
            Beside::Unsettled(sign) => Some(sign),
            Beside::Known(_) | Beside::Nothing => None,
        }
    }
}

/// Signs, lower-cased, and the currencies that use them. A sign of letters matches whole words only.
const SIGNS: &[(&str, &[&str])] = &[
    ("us$", &["USD"]),
    ("us $", &["USD"]),
    ("usd$", &["USD"]),
    ("ca$", &["CAD"]),
    ("c$", &["CAD"]),
    ("c $", &["CAD"]),
    ("cad$", &["CAD"]),
    ("cdn$", &["CAD"]),
    ("au$", &["AUD"]),
    ("au $", &["AUD"]),
    ("a$", &["AUD"]),
    ("aud$", &["AUD"]),
    ("nz$", &["NZD"]),
    ("hk$", &["HKD"]),
    ("hkd$", &["HKD"]),
    ("nt$", &["TWD"]),
    ("s$", &["SGD"]),
    ("sg$", &["SGD"]),
    ("r$", &["BRL"]),
    ("mx$", &["MXN"]),
    ("mex$", &["MXN"]),
    ("ar$", &["ARS"]),
    ("cl$", &["CLP"]),
    ("clp$", &["CLP"]),
    ("col$", &["COP"]),
    ("cop$", &["COP"]),
    ("j$", &["JMD"]),
    ("tt$", &["TTD"]),
    ("bz$", &["BZD"]),
    ("rd$", &["DOP"]),
    ("$u", &["UYU"]),
    ("$b", &["BOB"]),
    ("u$s", &["USD"]),
    (
        "$",
        &[
            "USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "ARS", "CLP", "COP", "UYU", "JMD", "TTD", "DOP", "BBD",
            "BSD", "BZD", "FJD", "NAD", "XCD",
        ],
    ),
    ("€", &["EUR"]),
    ("euro", &["EUR"]),
    ("euros", &["EUR"]),
    ("£", &["GBP", "EGP", "LBP"]),
    ("₤", &["GBP"]),
    ("e£", &["EGP"]),
    ("jp¥", &["JPY"]),
    ("cn¥", &["CNY"]),
    ("¥", &["JPY", "CNY"]),
    ("￥", &["JPY", "CNY"]),
    ("円", &["JPY"]),
    ("元", &["CNY", "TWD", "HKD"]),
    ("人民币", &["CNY"]),
    ("rmb", &["CNY"]),
    ("₹", &["INR"]),
    ("rs", &["INR", "PKR", "LKR", "NPR", "MUR"]),
    ("₨", &["INR", "PKR", "LKR", "NPR", "MUR"]),
    ("₩", &["KRW"]),
    ("원", &["KRW"]),
    ("₽", &["RUB"]),
    ("руб", &["RUB", "BYN"]),
    ("р", &["RUB", "BYN"]),
    ("б.р", &["BYN"]),
    ("byr", &["BYN"]),
    ("₴", &["UAH"]),
    ("грн", &["UAH"]),
    ("₸", &["KZT"]),
    ("тг", &["KZT"]),
    ("₺", &["TRY"]),
    ("tl", &["TRY"]),
    ("zł", &["PLN"]),
    ("zl", &["PLN"]),
    ("kč", &["CZK"]),
    ("kc", &["CZK"]),
    ("ft", &["HUF"]),
    ("lei", &["RON", "MDL"]),
    ("lv", &["BGN"]),
    ("лв", &["BGN"]),
    ("kn", &["HRK"]),
    ("din", &["RSD"]),
    ("дин", &["RSD"]),
    ("рсд", &["RSD"]),
    ("km", &["BAM"]),
    ("kr", &["SEK", "NOK", "DKK", "ISK"]),
    (":-", &["SEK"]),
    ("chf", &["CHF"]),
    ("sfr", &["CHF"]),
    ("fr", &["CHF", "XAF", "XOF"]),
    ("₪", &["ILS"]),
    ("nis", &["ILS"]),
    ("ש\"ח", &["ILS"]),
    ("₫", &["VND"]),
    ("đ", &["VND"]),
    ("vnđ", &["VND"]),
    ("฿", &["THB"]),
    ("บาท", &["THB"]),
    ("₱", &["PHP"]),
    ("rm", &["MYR"]),
    ("rp", &["IDR"]),
    ("₦", &["NGN"]),
    ("r", &["ZAR"]),
    ("ksh", &["KES"]),
    ("tsh", &["TZS"]),
    ("ush", &["UGX"]),
    ("ghs", &["GHS"]),
    ("gh₵", &["GHS"]),
    ("₵", &["GHS"]),
    ("dt", &["TND"]),
    ("د.ت", &["TND"]),
    ("da", &["DZD"]),
    ("dh", &["MAD", "AED"]),
    ("dhs", &["AED", "MAD"]),
    ("د.إ", &["AED"]),
    ("درهم", &["AED", "MAD"]),
    ("ر.س", &["SAR"]),
    ("ريال", &["SAR", "QAR", "OMR", "YER"]),
    ("sr", &["SAR"]),
    ("﷼", &["SAR", "IRR", "QAR", "OMR", "YER"]),
    ("د.ك", &["KWD"]),
    ("kd", &["KWD"]),
    ("bd", &["BHD"]),
    ("qr", &["QAR"]),
    ("le", &["EGP"]),
    ("ج.م", &["EGP"]),
    ("جنيه", &["EGP"]),
    ("s/", &["PEN"]),
    ("s/.", &["PEN"]),
    ("bs", &["BOB", "VES"]),
    ("gs", &["PYG"]),
    ("₲", &["PYG"]),
    ("₡", &["CRC"]),
    ("q", &["GTQ"]),
    ("b/.", &["PAB"]),
    ("৳", &["BDT"]),
    ("tk", &["BDT"]),
    ("₾", &["GEL"]),
    ("₼", &["AZN"]),
    ("֏", &["AMD"]),
    ("₮", &["MNT"]),
    ("₭", &["LAK"]),
    ("៛", &["KHR"]),
];

/// Longest sign, in characters.
const LONGEST: usize = 6;

/// The currency that the text beside a number names: before it first, then behind it.
pub(super) fn currency_beside(chars: &[char], number: &Number, hints: &Hints) -> Beside {
    let behind: String = trim_start(&chars[number.end..]).iter().take(LONGEST + 2).collect();
    let inner = chars[number.start..number.end].iter().find(|c| matches!(c, '€' | '£' | '$'));
    let mut before: Vec<char> = chars[..number.start].to_vec();
    while before.last().is_some_and(|c| c.is_whitespace() || matches!(c, '.' | ':' | '\'' | '-')) {
        before.pop();
    }
    let start = before.len().saturating_sub(LONGEST + 2);
    let before: String = before[start..].iter().collect();
    let first = inner.and_then(|c| sign(&c.to_string())).or_else(|| signs_at_end(&before));
    let behind = behind.trim_start_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '-' | '–' | '—' | '.' | '\''));
    let second = sign_at_start(behind).map(|(_, codes)| codes);
    let written = sign_at_end(&before)
        .map(|(at, _)| before[at..].to_owned())
        .or_else(|| sign_at_start(behind).map(|(end, _)| behind[..end].trim_end().to_owned()));
    match narrow(first, second) {
        None => hints.currency.map_or(Beside::Nothing, Beside::Known),
        Some(codes) => match settle(&codes, hints) {
            Some(currency) => Beside::Known(currency),
            None => Beside::Unsettled(written.unwrap_or_default()),
        },
    }
}

/// `$5 CAD`: what both sides allow; the nearer one where they have nothing in common.
fn narrow(first: Option<Vec<&'static str>>, second: Option<Vec<&'static str>>) -> Option<Vec<&'static str>> {
    let (Some(first), Some(second)) = (&first, &second) else { return first.or(second) };
    let common: Vec<&'static str> = first.iter().copied().filter(|code| second.contains(code)).collect();
    Some(if common.is_empty() { first.clone() } else { common })
}

/// One of the codes: the only one, the hinted one, or the country's.
fn settle(codes: &[&str], hints: &Hints) -> Option<Currency> {
    let among = |currency: &Currency| codes.contains(&currency.code());
    let hinted = hints.currency.filter(among).or_else(|| hints.country.and_then(|country| country.currency()).filter(among));
    let single = match codes {
        [code] => Currency::from_code(code),
        // The pound sign is Britain's unless the page says otherwise.
        ["GBP", ..] => Currency::from_code("GBP"),
        _ => None,
    };
    hinted.or(single)
}

fn trim_start(chars: &[char]) -> &[char] {
    let spaces = chars.iter().take_while(|c| c.is_whitespace()).count();
    &chars[spaces..]
}

fn sign(text: &str) -> Option<Vec<&'static str>> {
    SIGNS.iter().find(|(known, _)| *known == text.to_lowercase()).map(|(_, codes)| codes.to_vec())
}

/// The sign that ends the text, narrowed by another one before it: `USD $`.
fn signs_at_end(text: &str) -> Option<Vec<&'static str>> {
    let (at, codes) = sign_at_end(text)?;
    narrow(Some(codes), sign_at_end(text[..at].trim_end()).map(|(_, codes)| codes))
}

/// The longest sign that ends the text as a whole word, and where it begins.
fn sign_at_end(text: &str) -> Option<(usize, Vec<&'static str>)> {
    for (at, _) in text.char_indices() {
        let tail = &text[at..];
        let boundary = text[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric()) || !starts_with_letter(tail);
        if boundary && let Some(codes) = sign(tail).or_else(|| code(tail)) {
            return Some((at, codes));
        }
    }
    None
}

/// The longest sign that begins the text as a whole word, and where it ends.
fn sign_at_start(text: &str) -> Option<(usize, Vec<&'static str>)> {
    let ends: Vec<usize> = text.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    for end in ends.into_iter().rev() {
        let head = text[..end].trim_end_matches(['.', ' ']);
        let boundary = text[end..].chars().next().is_none_or(|c| !c.is_alphanumeric()) || !ends_with_letter(&text[..end]);
        if boundary && let Some(codes) = sign(head).or_else(|| code(head)) {
            return Some((end, codes));
        }
    }
    None
}

fn starts_with_letter(text: &str) -> bool {
    text.chars().next().is_some_and(char::is_alphabetic)
}

fn ends_with_letter(text: &str) -> bool {
    text.chars().next_back().is_some_and(|c| c.is_alphabetic() && !('\u{3000}'..'\u{d7ff}').contains(&c))
}

/// A code of ISO 4217. One that is also a word (`try`, `all`) counts in capitals only.
fn code(text: &str) -> Option<Vec<&'static str>> {
    const WORDS: &[&str] =
        &["all", "try", "top", "mop", "cup", "gel", "mad", "pen", "bob", "ron", "rub", "sos", "cop", "bam", "lak"];
    if text.len() != 3 || !text.bytes().all(|byte| byte.is_ascii_alphabetic()) || WORDS.contains(&text) {
        return None;
    }
    Currency::from_code(text).map(|currency| vec![currency.code()])
}

/// What separates decimals where a currency is at home. The euro's countries disagree only where English is spoken.
pub(super) fn home_mark(currency: Currency) -> Option<DecimalMark> {
    Some(match currency.code() {
        "USD" | "GBP" | "AUD" | "NZD" | "JPY" | "CNY" | "INR" | "HKD" | "SGD" | "TWD" | "KRW" | "THB" | "MYR" | "PHP" | "PKR"
        | "MXN" | "CHF" | "ILS" | "AED" | "SAR" | "KWD" | "BHD" | "OMR" | "QAR" | "EGP" | "NGN" | "KES" | "LKR" | "BDT"
        | "CAD" => DecimalMark::Dot,
        "EUR" | "BRL" | "CLP" | "ARS" | "COP" | "DKK" | "NOK" | "SEK" | "ISK" | "PLN" | "CZK" | "HUF" | "RON" | "TRY" | "IDR"
        | "VND" | "RUB" | "UAH" | "BYN" | "KZT" | "RSD" | "BGN" | "TND" | "MAD" | "DZD" | "PYG" | "UYU" => DecimalMark::Comma,
        _ => return None,
    })
}

/// The largest price, in major units, that is taken for one.
pub(super) fn largest_price(currency: Currency) -> i64 {
    match currency.code() {
        "VND" | "IDR" | "IRR" | "LBP" | "UZS" | "LAK" | "COP" | "PYG" | "KHR" | "GNF" | "UGX" | "TZS" | "MMK" => 100_000_000_000,
        "JPY" | "KRW" | "HUF" | "CLP" | "KZT" | "NGN" | "ARS" | "CRC" | "PKR" | "INR" | "RSD" | "AMD" | "ISK" | "RUB" => {
            2_000_000_000
        }
        _ => 20_000_000,
    }
}

/// Whether only a dash, or a word for "to", stands between two amounts.
pub(super) fn is_range_word(between: &str) -> bool {
    let lower = between.to_lowercase();
    let word: String = lower.chars().filter(|c| !c.is_whitespace() && !"$€£¥₹.".contains(*c)).collect();
    let word = ["usd", "eur", "gbp", "us", "kr", "zł", "rs"].iter().fold(word, |word, sign| word.replace(sign, ""));
    matches!(word.as_str(), "-" | "–" | "—" | "~" | "to" | "bis" | "à" | "a" | "al" | "do" | "tot" | "till" | "до" | "〜" | "～")
}

/// Words for "costs nothing".
pub(super) fn says_free(chars: &[char]) -> bool {
    let text: String = chars.iter().collect::<String>().trim().to_lowercase();
    ["free", "gratis", "kostenlos", "gratuit", "gratuito", "bezpłatnie", "無料", "免费", "бесплатно"].contains(&text.as_str())
}
