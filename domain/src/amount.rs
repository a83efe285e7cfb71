//! Amounts of money that people type, in the way of their language.

use crate::locale::Locale;
use crate::money::{Currency, Money, MoneyError};

/// Why a typed text is no price. Each says what to type.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// Nothing was typed.
    #[error("enter a price such as 99.99")]
    Empty,
    /// Not a number.
    #[error("`{0}` is not a price; enter one such as 99.99")]
    NotANumber(String),
    /// Zero or below.
    #[error("a price must be above zero; enter one such as 99.99")]
    NotPositive,
    /// `1.299` may be one and a bit, or over a thousand.
    #[error("`{text}` can be read as {small} or as {large}; write it without the separator, or with decimals")]
    TwoReadings {
        /// What was typed.
        text: String,
        /// With the separator as decimal point.
        small: String,
        /// With the separator between thousands.
        large: String,
    },
    /// Beyond what is stored.
    #[error("`{0}` is too large for a price")]
    TooLarge(String),
}

/// Reads what a person typed as a price of `currency`: `99.99`, `99,99`, `1.299,00`, `€ 99`, `1 299`. A lone separator before
/// exactly three digits is read by the locale if it is its group separator and the currency has no three decimals; otherwise it
/// is refused with both readings, because a target that is off by a thousand would never fire, or at once.
pub fn parse_amount(text: &str, locale: Locale, currency: Currency) -> Result<Money, AmountError> {
    let shown: String = text.trim().chars().take(40).collect();
    if shown.is_empty() {
        return Err(AmountError::Empty);
    }
    let wrong = || AmountError::NotANumber(shown.clone());
    let bare = strip_currency(&shown, currency);
    if bare.starts_with(['-', '\u{2212}']) {
        return Err(AmountError::NotPositive);
    }
    let number: String = bare.chars().filter(|c| !matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\'' | '’')).collect();
    if number.is_empty() || !number.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | ',')) {
        return Err(wrong());
    }
    let plain = plain_decimal(&number, locale, currency).map_err(|error| match error {
        Separators::Wrong => wrong(),
        Separators::TwoReadings { small, large } => AmountError::TwoReadings { text: shown.clone(), small, large },
    })?;
    match Money::from_decimal(&plain, currency) {
        Ok(money) if money.minor > 0 => Ok(money),
        Ok(_) => Err(AmountError::NotPositive),
        Err(MoneyError::TooLarge(_)) => Err(AmountError::TooLarge(shown)),
        Err(MoneyError::NotDecimal(_)) => Err(wrong()),
    }
}

/// Takes a currency's code or sign from either end.
fn strip_currency(text: &str, currency: Currency) -> &str {
    let is_sign = |c: char| !c.is_ascii_digit() && !matches!(c, '.' | ',' | '-' | '\u{2212}') && !c.is_ascii_alphabetic();
    let code = currency.code();
    let cut = |text: &str| text.get(..3).is_some_and(|start| start.eq_ignore_ascii_case(code));
    let text = if cut(text) { &text[3..] } else { text };
    let end = text.len().saturating_sub(3);
    let text = if text.is_char_boundary(end) && text[end..].eq_ignore_ascii_case(code) { &text[..end] } else { text };
    text.trim_matches(is_sign)
}

enum Separators {
    Wrong,
    TwoReadings { small: String, large: String },
}

fn plain_decimal(number: &str, locale: Locale, currency: Currency) -> Result<String, Separators> {
    let last = number.rfind(['.', ',']);
    let Some(last) = last else { return Ok(number.to_owned()) };
    let (whole, fraction) = (&number[..last], &number[last + 1..]);
    let separator = number.as_bytes()[last] as char;
    let other = if separator == '.' { ',' } else { '.' };
    let count = number.matches(separator).count();
    if number.contains(other) {
        // Both kinds: the last is the decimal point and stands once, the other groups strict triples.
        return (count == 1 && groups_are_triples(whole, other))
            .then(|| format!("{}.{fraction}", whole.replace(other, "")))
            .ok_or(Separators::Wrong);
    }
    if count > 1 {
        return groups_are_triples(number, separator).then(|| number.replace(separator, "")).ok_or(Separators::Wrong);
    }
    if fraction.is_empty() || whole.len() > 3 || whole.is_empty() || fraction.len() != 3 || whole.starts_with('0') {
        return Ok(format!("{whole}.{fraction}"));
    }
    let (small, large) = (format!("{whole}.{fraction}"), format!("{whole}{fraction}"));
    if currency.decimals() != 3 && locale.group_separator() == separator {
        return Ok(large);
    }
    if currency.decimals() == 3 && locale.decimal_separator() == separator {
        return Ok(small);
    }
    Err(Separators::TwoReadings { small, large })
}

/// Whether every group after the first has three digits, and the first one to three.
fn groups_are_triples(text: &str, separator: char) -> bool {
    let mut groups = text.split(separator);
    let first = groups.next().unwrap_or_default();
    (1..=3).contains(&first.len()) && groups.all(|group| group.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str, locale: &str, currency: &str) -> Result<String, AmountError> {
        parse_amount(text, Locale::best(locale), Currency::from_code(currency).unwrap()).map(|money| money.to_decimal())
    }

    #[test]
    fn people_may_type_as_they_are_used_to() {
        for (text, locale, currency, amount) in [
            ("99.99", "en", "USD", "99.99"),
            ("99,99", "de", "EUR", "99.99"),
            ("99,99", "en", "USD", "99.99"),
            ("€ 1.299,00", "de", "EUR", "1299.00"),
            ("1,299.00", "en", "USD", "1299.00"),
            ("1.299", "de", "EUR", "1299.00"),
            ("1,299", "en", "USD", "1299.00"),
            ("1 299", "fr", "EUR", "1299.00"),
            ("12.", "en", "USD", "12.00"),
            ("1’234.50", "de-CH", "CHF", "1234.50"),
            ("CHF 5", "de-CH", "CHF", "5.00"),
            ("5 usd", "en", "USD", "5.00"),
            ("0.790", "en", "USD", "0.79"),
            ("1.250", "en", "KWD", "1.250"),
            ("1500", "ja", "JPY", "1500"),
        ] {
            assert_eq!(read(text, locale, currency).as_deref(), Ok(amount), "{text} in {locale}");
        }
    }

    #[test]
    fn what_can_be_read_in_two_ways_is_refused_with_both() {
        let error = read("1.299", "en", "USD").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`1.299` can be read as 1.299 or as 1299; write it without the separator, or with decimals"
        );
    }

    #[test]
    fn nonsense_is_refused_with_a_remedy() {
        for text in ["", "abc", "0", "-5", "−5", "1,2,3", "1.2.3", "12,34.5.6", "1e5", "NaN"] {
            let error = read(text, "en", "USD").unwrap_err().to_string();
            assert!(error.contains("99.99"), "{text}: {error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_gets_an_answer(text in "\\PC{0,50}") {
            let _ = read(&text, "de", "EUR");
        }

        #[test]
        fn what_is_shown_can_be_typed(minor in 1_i64..10_000_000_000, index in 0_usize..13) {
            let locale = Locale::all().nth(index).unwrap();
            let money = Money::new(minor, Currency::from_code("EUR").unwrap());
            prop_assert_eq!(parse_amount(&locale.money(money), locale, money.currency), Ok(money));
        }
    }
}
