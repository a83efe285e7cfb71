//! Prices as JSON numbers that keep all their decimals: `149.90` stays `149.90` and never passes through a float.

use domain::Money;
use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use utoipa::openapi::RefOr;
use utoipa::openapi::schema::{Object, Schema, SchemaType, Type};
use utoipa::{PartialSchema, ToSchema};

/// A decimal number, written as it is.
#[derive(Clone, Debug)]
pub struct Decimal(Box<RawValue>);

impl Decimal {
    /// An amount with its currency's decimals.
    pub fn of(money: Money) -> Self {
        Decimal::from_text(money.to_decimal())
    }

    /// The target of a tracking: with the currency's decimals where the currency is known, as it was typed otherwise.
    pub fn of_target(target: &domain::tracking::TargetPrice) -> Self {
        target.money().map_or_else(|| Decimal::from_typed(target.amount()), Decimal::of)
    }

    /// A percentage given in ten-thousandths, with two decimals.
    pub fn of_basis_points(points: i64) -> Self {
        let sign = if points < 0 { "-" } else { "" };
        let points = points.unsigned_abs();
        Decimal::from_text(format!("{sign}{}.{:02}", points / 100, points % 100))
    }

    /// Decimal text that a person typed: `099.` is no JSON number although everybody can read it.
    fn from_typed(text: &str) -> Self {
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let whole = whole.trim_start_matches('0');
        let whole = if whole.is_empty() { "0" } else { whole };
        Decimal::from_text(if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") })
    }

    fn from_text(text: String) -> Self {
        Decimal(RawValue::from_string(text).expect("decimal text is a JSON number"))
    }
}

impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl PartialSchema for Decimal {
    fn schema() -> RefOr<Schema> {
        Object::with_type(SchemaType::Type(Type::Number)).into()
    }
}

impl ToSchema for Decimal {}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Currency;
    use domain::tracking::TargetPrice;

    fn text(decimal: &Decimal) -> String {
        serde_json::to_string(decimal).unwrap()
    }

    #[test]
    fn decimals_are_those_of_the_currency() {
        for (minor, code, expect) in
            [(149_90, "EUR", "149.90"), (1500, "JPY", "1500"), (1250, "KWD", "1.250"), (-1000, "EUR", "-10.00")]
        {
            assert_eq!(text(&Decimal::of(Money::new(minor, Currency::from_code(code).unwrap()))), expect);
        }
    }

    #[test]
    fn a_percentage_has_two_decimals_and_its_sign() {
        assert_eq!(text(&Decimal::of_basis_points(-625)), "-6.25");
        assert_eq!(text(&Decimal::of_basis_points(-5)), "-0.05");
    }

    #[test]
    fn a_target_without_a_currency_is_a_number_as_it_was_typed() {
        for (typed, expect) in [("99.99", "99.99"), ("099.90", "99.90"), ("100.", "100"), (".5", "0.5"), ("7", "7")] {
            assert_eq!(text(&Decimal::of_target(&TargetPrice::new(typed, None).unwrap())), expect, "{typed}");
        }
    }
}
