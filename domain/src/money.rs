//! Money: integer minor units and an ISO 4217 code. Never a float.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A currency of ISO 4217.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Currency(iso_currency::Currency);

/// A code that ISO 4217 does not list.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not an ISO 4217 currency code; give one such as EUR or USD")]
pub struct UnknownCurrency(pub String);

impl Currency {
    /// The currency of a three-letter code, in any case.
    pub fn from_code(code: &str) -> Option<Self> {
        let upper = code.trim().to_ascii_uppercase();
        let currency = iso_currency::Currency::from_code(&upper)?;
        // Metals, funds, tests and "no currency" are in the list but are nobody's price.
        currency.exponent()?;
        (!matches!(upper.as_str(), "XXX" | "XTS")).then_some(Currency(currency))
    }

    /// The three-letter code, such as `EUR`.
    pub fn code(self) -> &'static str {
        self.0.code()
    }

    /// Decimals of the minor unit: 2 for EUR, 0 for JPY, 3 for KWD.
    pub fn decimals(self) -> u32 {
        self.0.exponent().map_or(2, u32::from)
    }

    /// How many minor units make one major unit: 100 for EUR, 1 for JPY, 1000 for KWD.
    pub fn minor_per_major(self) -> i64 {
        10_i64.pow(self.decimals())
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Currency {
    type Err = UnknownCurrency;

    fn from_str(code: &str) -> Result<Self, Self::Err> {
        Currency::from_code(code).ok_or_else(|| UnknownCurrency(code.to_owned()))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let code = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        code.parse().map_err(serde::de::Error::custom)
    }
}

/// An amount in one currency, in its minor units (cents, pence; whole yen).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units.
    pub minor: i64,
    /// The currency of the amount.
    pub currency: Currency,
}

/// Why a decimal text is no amount of a currency.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// Not a plain decimal number.
    #[error("`{0}` is not a decimal number")]
    NotDecimal(String),
    /// More than about 92 quadrillion minor units.
    #[error("`{0}` is too large")]
    TooLarge(String),
}

impl Money {
    /// An amount given in minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Money { minor, currency }
    }

    /// Reads a machine's decimal text (`1299.00`, `-3.5`): a dot, no grouping. Digits beyond the currency's decimals are rounded
    /// half away from zero, because shops print `34.992001` for 34.99.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !is_digits(whole) || !is_digits(fraction) {
            return Err(MoneyError::NotDecimal(text.to_owned()));
        }
        let too_large = || MoneyError::TooLarge(text.to_owned());
        let decimals = currency.decimals() as usize;
        let mut minor: i64 = 0;
        let kept = whole.bytes().chain(fraction.bytes().chain(std::iter::repeat(b'0')).take(decimals));
        for digit in kept {
            minor = minor.checked_mul(10).and_then(|value| value.checked_add(i64::from(digit - b'0'))).ok_or_else(too_large)?;
        }
        if fraction.as_bytes().get(decimals).is_some_and(|digit| *digit >= b'5') {
            minor = minor.checked_add(1).ok_or_else(too_large)?;
        }
        Ok(Money::new(if negative { -minor } else { minor }, currency))
    }

    /// The amount as a machine's decimal text with the currency's decimals: `149.99`, `1500`, `1.250`.
    pub fn to_decimal(self) -> String {
        let per_major = self.currency.minor_per_major().unsigned_abs();
        let decimals = self.currency.decimals() as usize;
        let sign = if self.minor < 0 { "-" } else { "" };
        let minor = self.minor.unsigned_abs();
        if decimals == 0 {
            return format!("{sign}{minor}");
        }
        format!("{sign}{}.{:0decimals$}", minor / per_major, minor % per_major)
    }

    /// The sum, if both are of one currency and it fits.
    pub fn checked_add(self, other: Money) -> Option<Money> {
        (self.currency == other.currency).then_some(())?;
        Some(Money::new(self.minor.checked_add(other.minor)?, self.currency))
    }

    /// The difference, if both are of one currency and it fits.
    pub fn checked_sub(self, other: Money) -> Option<Money> {
        (self.currency == other.currency).then_some(())?;
        Some(Money::new(self.minor.checked_sub(other.minor)?, self.currency))
    }

    /// This amount less `basis_points` ten-thousandths of it, rounded down; a price at or below the result has fallen that much.
    pub fn less_basis_points(self, basis_points: u32) -> Money {
        let kept = i128::from(10_000_u32.saturating_sub(basis_points));
        let minor = i128::from(self.minor) * kept;
        Money::new(minor.div_euclid(10_000) as i64, self.currency)
    }

    /// By how many ten-thousandths this amount lies below `before` (negative: above). `None` for another currency, or a `before`
    /// that is not positive.
    pub fn basis_points_below(self, before: Money) -> Option<i64> {
        let fall = before.checked_sub(self)?;
        (before.minor > 0).then_some(())?;
        i64::try_from(i128::from(fall.minor) * 10_000 / i128::from(before.minor)).ok()
    }
}

/// Amounts of different currencies have no order.
impl PartialOrd for Money {
    fn partial_cmp(&self, other: &Money) -> Option<Ordering> {
        (self.currency == other.currency).then(|| self.minor.cmp(&other.minor))
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency)
    }
}

impl fmt::Debug for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn currency(code: &str) -> Currency {
        Currency::from_code(code).unwrap()
    }

    #[test]
    fn decimals_follow_iso_4217() {
        for (code, decimals) in [("EUR", 2), ("JPY", 0), ("KWD", 3), ("KRW", 0), ("INR", 2)] {
            assert_eq!(currency(code).decimals(), decimals, "{code}");
        }
        assert_eq!(Currency::from_code("XXX"), None);
        assert_eq!(Currency::from_code("EURO"), None);
    }

    #[test]
    fn decimal_text_becomes_minor_units_without_a_float() {
        for (text, code, minor) in [
            ("19.99", "EUR", 1999),
            ("12.5", "EUR", 1250),
            ("1500", "JPY", 1500),
            ("1.250", "KWD", 1250),
            ("34.992001", "GBP", 3499),
            ("0.005", "EUR", 1),
            ("-3.5", "EUR", -350),
            (".79", "USD", 79),
        ] {
            assert_eq!(Money::from_decimal(text, currency(code)), Ok(Money::new(minor, currency(code))), "{text}");
        }
        for text in ["", ".", "1,5", "abc", "1.2.3", "٣", "1e5", "NaN", "99999999999999999999"] {
            assert!(Money::from_decimal(text, currency("EUR")).is_err(), "{text}");
        }
    }

    #[test]
    fn currencies_do_not_mix() {
        let (euro, pound) = (Money::new(100, currency("EUR")), Money::new(95, currency("GBP")));
        assert_eq!(euro.checked_sub(pound), None);
        assert_eq!(euro.partial_cmp(&pound), None);
        assert_eq!(pound.basis_points_below(euro), None);
    }

    proptest! {
        #[test]
        fn decimal_text_and_back_loses_nothing(minor in any::<i64>(), code in prop::sample::select(vec!["EUR", "JPY", "KWD"])) {
            prop_assume!(minor != i64::MIN);
            let money = Money::new(minor, currency(code));
            prop_assert_eq!(Money::from_decimal(&money.to_decimal(), money.currency), Ok(money));
        }

        #[test]
        fn a_price_cut_to_a_percentage_has_fallen_by_it(minor in 1_i64..1_000_000_000, points in 1_u32..10_000) {
            let before = Money::new(minor, currency("EUR"));
            let after = before.less_basis_points(points);
            prop_assert!(after.basis_points_below(before).unwrap() >= i64::from(points));
            prop_assert!(Money::new(after.minor + 1, after.currency).basis_points_below(before).unwrap() <= i64::from(points));
        }
    }
}
