//! Price strings that people read: every usual separator, digit and currency sign; several amounts are never fused.

mod countries;
mod number;
mod symbols;

use domain::{Currency, Money};

pub use countries::Country;
pub(crate) use countries::mark_of_language;
pub use number::DecimalMark;

use number::{Number, find_numbers};

/// Longer texts are no price strings.
const MAX_CHARS: usize = 200;

/// What the page says elsewhere, for strings that do not stand alone (`$ 5`, `1.299`).
#[derive(Clone, Copy, Debug, Default)]
pub struct Hints {
    /// The currency that the page, the marketplace or the user's history names.
    pub currency: Option<Currency>,
    /// The country of the shop.
    pub country: Option<Country>,
    /// What separates decimals in the page's language.
    pub decimal_mark: Option<DecimalMark>,
}

/// One amount of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amount {
    /// A machine's decimal: digits and at most one dot.
    pub decimal: String,
    /// The currency, where its sign is not ambiguous or the hints settle it.
    pub currency: Option<Currency>,
    /// The sign as it is written, where nothing settles what currency it stands for.
    pub sign: Option<String>,
}

impl Amount {
    /// The amount as money: positive, and within what a price may be in the currency.
    pub fn money(&self) -> Option<Money> {
        plausible(&self.decimal, self.currency?)
    }
}

/// What a price string says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParsedPrice {
    /// One price.
    One(Amount),
    /// From the first to the second.
    Range(Amount, Amount),
    /// It costs nothing: a state, not a price of zero.
    Free,
    /// Several amounts, or one with two readings.
    Unclear,
    /// No amount at all.
    Nothing,
}

/// Reads a price string.
pub fn parse_price(text: &str, hints: &Hints) -> ParsedPrice {
    let chars: Vec<char> = text.chars().take(MAX_CHARS).map(number::plain_char).collect();
    let numbers = find_numbers(&chars);
    match numbers.as_slice() {
        [] if symbols::says_free(&chars) => ParsedPrice::Free,
        [] => ParsedPrice::Nothing,
        [number] => read_one(&chars, number, hints).map_or(ParsedPrice::Unclear, ParsedPrice::One),
        several => read_same(&chars, several, hints)
            .or_else(|| read_outside_brackets(&chars, several, hints))
            .map_or_else(|| read_range(&chars, several, hints), ParsedPrice::One),
    }
}

/// A machine's decimal as money of the currency; `None` for zero, for fractions that the currency does not have, and for amounts
/// that no shop asks (a barcode in the price field).
pub(crate) fn plausible(decimal: &str, currency: Currency) -> Option<Money> {
    let fraction = decimal.split_once('.').map_or("", |(_, fraction)| fraction);
    if currency.decimals() == 0 && fraction.bytes().any(|digit| digit != b'0') {
        return None;
    }
    let money = Money::from_decimal(decimal, currency).ok()?;
    let most = symbols::largest_price(currency).checked_mul(currency.minor_per_major())?;
    (money.minor > 0 && money.minor <= most).then_some(money)
}

/// Reads a machine's field: a plain decimal with a dot, whatever the page's language; else a text that people read.
///
/// Exactly three decimals in a currency of two are either a shop's own decimals or its thousands (`1.299`): neither is taken.
pub(crate) fn read_machine(text: &str, bare: Option<Currency>, companion: Option<Currency>, hints: &Hints) -> Option<Money> {
    let is_plain =
        !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.') && text.matches('.').count() <= 1;
    if is_plain {
        let currency = companion.or(bare)?;
        let two_readings = currency.decimals() != 3
            && text.split_once('.').is_some_and(|(whole, fraction)| {
                fraction.len() == 3 && (1..=3).contains(&whole.len()) && !whole.starts_with('0')
            });
        return if two_readings { None } else { plausible(text, currency) };
    }
    match parse_price(text, hints) {
        ParsedPrice::One(amount) => {
            // A field and its companion that name different currencies: neither is believed.
            let agrees = companion.is_none() || amount.currency == companion;
            amount.money().filter(|_| agrees)
        }
        _ => None,
    }
}

/// Reads a price string as a person who knows the page would settle it: of a range its low end. What has several readings, or holds
/// several prices, is none.
///
/// `beside` is what stands beside the price elsewhere on its page: a code, a sign, or another price.
pub fn settle_price(text: &str, beside: Option<&str>, decimal_mark: Option<DecimalMark>) -> Option<Amount> {
    let (currency, sign) = beside.map_or((None, None), read_beside);
    let hints = Hints { currency, country: None, decimal_mark };
    let read = |decimal_mark: Option<DecimalMark>| match parse_price(text, &Hints { decimal_mark, ..hints }) {
        ParsedPrice::One(amount) | ParsedPrice::Range(amount, _) => Some(amount),
        ParsedPrice::Free | ParsedPrice::Unclear | ParsedPrice::Nothing => None,
    };
    // Three digits behind a lone separator are thousands to a person, whatever the separator: prices have two decimals or none.
    let found = read(decimal_mark).or_else(|| {
        let by_marks = [DecimalMark::Dot, DecimalMark::Comma].into_iter().filter_map(|mark| read(Some(mark)));
        by_marks.into_iter().find(|amount| !amount.decimal.contains('.'))
    })?;
    // A number far from any sign, in a sentence, is no price.
    let words = text.split_whitespace().filter(|word| word.chars().all(|c| c.is_alphabetic() || c == '\'')).count();
    let found = Amount { sign: found.sign.or(sign.filter(|_| found.currency.is_none())), ..found };
    (found.currency.is_some() || found.sign.is_some() || words < 4).then_some(found)
}

/// The currency, or the unsettled sign, that a text beside a price names.
fn read_beside(text: &str) -> (Option<Currency>, Option<String>) {
    if let Some(currency) = Currency::from_code(text.trim()) {
        return (Some(currency), None);
    }
    let read = |text: &str| match parse_price(text, &Hints::default()) {
        ParsedPrice::One(amount) if amount.currency.is_some() || amount.sign.is_some() => Some((amount.currency, amount.sign)),
        _ => None,
    };
    read(text).or_else(|| read(&format!("1 {text}"))).unwrap_or_default()
}

/// A price and its copy (`205,68 € 205.68`).
fn read_same(chars: &[char], numbers: &[Number], hints: &Hints) -> Option<Amount> {
    let amounts: Vec<Amount> = numbers.iter().take(4).map(|number| read_one(chars, number, hints)).collect::<Option<_>>()?;
    let best = amounts.iter().find(|amount| amount.currency.is_some()).or(amounts.first())?;
    let same = |amount: &Amount| {
        amount.decimal == best.decimal
            && (amount.currency == best.currency || amount.currency.is_none())
            && amount.decimal.contains('.')
    };
    (numbers.len() <= 4 && amounts.iter().all(same)).then(|| best.clone())
}

/// What stands in brackets is the price in another currency, per unit or without tax.
fn read_outside_brackets(chars: &[char], numbers: &[Number], hints: &Hints) -> Option<Amount> {
    let open = chars.iter().position(|c| matches!(c, '(' | '[' | '（'))?;
    let close = chars[open..].iter().position(|c| matches!(c, ')' | ']' | '）')).map(|at| open + at)?;
    let mut outside = numbers.iter().filter(|number| number.end <= open || number.start > close);
    let only = outside.next()?;
    // Before the bracket: behind it stands what the bracket explains.
    (outside.next().is_none() && only.end <= open).then(|| read_one(&chars[..open], only, hints)).flatten()
}

fn read_range(chars: &[char], numbers: &[Number], hints: &Hints) -> ParsedPrice {
    match numbers {
        [low, high] => read_two(chars, low, high, hints),
        _ => ParsedPrice::Unclear,
    }
}

/// Whether one machine's decimal is less than another.
fn is_less(left: &str, right: &str) -> bool {
    let parts = |text: &str| {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        (whole.trim_start_matches('0').len(), whole.trim_start_matches('0').to_owned(), fraction.trim_end_matches('0').to_owned())
    };
    parts(left) < parts(right)
}

fn read_one(chars: &[char], number: &Number, hints: &Hints) -> Option<Amount> {
    if number.is_negative {
        return None;
    }
    let beside = symbols::currency_beside(chars, number, hints);
    let currency = beside.known();
    let decimal = number.decimal(currency, hints)?;
    Some(Amount { decimal, currency, sign: beside.sign() })
}

/// Two amounts are a range only where a dash or `to` stands between them and the second is larger.
fn read_two(chars: &[char], low: &Number, high: &Number, hints: &Hints) -> ParsedPrice {
    let between: String = chars[low.end..high.start].iter().collect();
    if !symbols::is_range_word(&between) {
        return ParsedPrice::Unclear;
    }
    // `10–20 €`: the sign stands once, for both.
    let sides = [symbols::currency_beside(chars, low, hints).known(), symbols::currency_beside(chars, high, hints).known()];
    let currency = sides[0].or(sides[1]);
    let amount = |number: &Number| Some(Amount { decimal: number.decimal(currency, hints)?, currency, sign: None });
    // The dash before the second number is the range's, not a sign.
    match (amount(low), amount(high)) {
        (Some(low), Some(high))
            if (sides[0].is_none() || sides[1].is_none() || sides[0] == sides[1]) && is_less(&low.decimal, &high.decimal) =>
        {
            ParsedPrice::Range(low, high)
        }
        _ => ParsedPrice::Unclear,
    }
}

#[cfg(test)]
mod tests;
