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
        [low, high] => read_two(&chars, low, high, hints),
        _ => ParsedPrice::Unclear,
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

fn read_one(chars: &[char], number: &Number, hints: &Hints) -> Option<Amount> {
    if number.is_negative {
        return None;
    }
    let currency = symbols::currency_beside(chars, number, hints);
    let decimal = number.decimal(currency.known(), hints)?;
    Some(Amount { decimal, currency: currency.known() })
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
    let amount = |number: &Number| Some(Amount { decimal: number.decimal(currency, hints)?, currency });
    // The dash before the second number is the range's, not a sign.
    match (amount(low), amount(high)) {
        (Some(low), Some(high)) if sides[0].is_none() || sides[1].is_none() || sides[0] == sides[1] => {
            ParsedPrice::Range(low, high)
        }
        _ => ParsedPrice::Unclear,
    }
}

#[cfg(test)]
mod tests;
