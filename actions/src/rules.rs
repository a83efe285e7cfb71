//! Rules as people type them: checked before anything is asked or stored, so that a mistake never disarms what was there.

use domain::platform::currency_of_host;
use domain::tracking::{DropBasisPoints, Rules, TargetPrice};
use domain::{Currency, ProductState};

use crate::error::{ActionError, Result};

/// What was typed about a rule. Outer `None`: nothing, so it stays; `Some(None)`: remove it.
pub(crate) type Typed<'a> = Option<Option<&'a str>>;

/// `rules` with what was typed put in. `currency` is the product's, where known.
pub(crate) fn change(rules: &Rules, target: Typed, drop: Typed, currency: Option<Currency>) -> Result<Rules> {
    let target = match target {
        None => rules.target.clone(),
        Some(None) => None,
        Some(Some(text)) => Some(TargetPrice::new(text, currency).map_err(|error| ActionError::invalid("target_price", error))?),
    };
    let drop = match drop {
        None => rules.drop,
        Some(None) => None,
        Some(Some(text)) => {
            Some(DropBasisPoints::from_percent(text).map_err(|error| ActionError::invalid("percentage_drop", error))?)
        }
    };
    Ok(Rules { target, drop })
}

/// The currency of a product's prices, as far as it is known before the first of them.
pub(crate) fn currency_of(product: &ProductState) -> Option<Currency> {
    product.price.map(|price| price.currency).or_else(|| currency_of_host(&product.host))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(target: &str, drop: &str) -> Result<Rules> {
        change(&Rules::default(), Some(Some(target)), Some(Some(drop)), Currency::from_code("EUR"))
    }

    #[test]
    fn what_is_not_typed_stays_and_what_is_emptied_goes() {
        let both = rules("99.99", "10").unwrap();
        assert_eq!(change(&both, None, None, None).unwrap(), both);
        let one = change(&both, Some(None), None, None).unwrap();
        assert_eq!((one.target, one.drop), (None, both.drop));
    }

    #[test]
    fn nonsense_names_its_field() {
        for (target, drop, field) in [
            ("abc", "10", "target_price"),
            ("-5", "10", "target_price"),
            ("0", "10", "target_price"),
            ("99999999999999999999", "10", "target_price"),
            ("10", "0", "percentage_drop"),
            ("10", "100", "percentage_drop"),
            ("10", "many", "percentage_drop"),
        ] {
            match rules(target, drop) {
                Err(ActionError::Invalid { field: wrong, .. }) => assert_eq!(wrong, field, "{target} {drop}"),
                other => panic!("{target} {drop}: {other:?}"),
            }
        }
    }
}
