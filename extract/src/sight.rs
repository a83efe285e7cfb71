//! What a visitor sees: which amounts stand on the page, and which of them are struck.
//!
//! No price is taken from here. A price that a page only states in its head is held against what it shows: shops leave yesterday's
//! price, the price without tax or the old one in their tags.

use std::cell::OnceCell;

use domain::Money;

use crate::document::{Document, PriceElement};
use crate::price_text::{Amount, Hints, ParsedPrice, parse_price};

/// The amounts in the elements that call themselves prices.
pub(crate) struct Sight<'a> {
    document: &'a Document<'a>,
    elements: OnceCell<Vec<PriceElement>>,
}

/// How an amount stands on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Seen {
    /// As a price.
    Plain,
    /// Only as a struck one.
    StruckOnly,
    /// Not at all: the page shows another price, and only that one; or the same digits in another currency or unit.
    Contradicted,
    /// Not at all, while several other prices are shown.
    OthersOnly,
    /// The page shows no prices (a script adds them).
    NoPrices,
}

impl<'a> Sight<'a> {
    pub(crate) fn new(document: &'a Document<'a>) -> Self {
        Sight { document, elements: OnceCell::new() }
    }

    /// Looks for a price. Separators, and signs of several currencies, are read as the price's own currency would have them.
    pub(crate) fn of(&self, price: Money) -> Seen {
        let elements = self.elements.get_or_init(|| self.document.price_elements());
        let hints = Hints { currency: Some(price.currency), ..Hints::default() };
        let (mut is_struck, mut is_slipped) = (false, false);
        let mut others: Vec<Money> = Vec::new();
        for element in elements {
            for amount in amounts(&element.text, &hints) {
                match amount.money() {
                    Some(found) if found == price && !element.is_struck => return Seen::Plain,
                    Some(found) if found == price => is_struck = true,
                    Some(found) if found.currency != price.currency => is_slipped |= found.to_decimal() == price.to_decimal(),
                    Some(found) if !element.is_struck => {
                        is_slipped |= is_slip(found.minor, price.minor);
                        if !others.contains(&found) {
                            others.push(found);
                        }
                    }
                    _ => {}
                }
            }
        }
        if self.is_in_text(price, &hints) {
            return Seen::Plain;
        }
        match others.as_slice() {
            _ if is_struck => Seen::StruckOnly,
            _ if is_slipped => Seen::Contradicted,
            [] => Seen::NoPrices,
            [_] => Seen::Contradicted,
            _ => Seen::OthersOnly,
        }
    }
}

impl Sight<'_> {
    /// Whether the price stands on the page with its sign, in an element of whatever name. Other amounts found so say nothing: they
    /// may be shipping costs.
    fn is_in_text(&self, price: Money, hints: &Hints) -> bool {
        let texts = self.document.signed_texts();
        texts
            .iter()
            .filter(|element| !element.is_struck)
            .any(|element| amounts(&element.text, hints).iter().any(|amount| amount.money() == Some(price)))
    }
}

/// Off by the hundred or the thousand: minor units taken for major ones, or a separator misread.
fn is_slip(left: i64, right: i64) -> bool {
    [100, 1_000].into_iter().any(|factor| left.checked_mul(factor) == Some(right) || right.checked_mul(factor) == Some(left))
}

/// The amounts that a short text names.
pub(crate) fn amounts(text: &str, hints: &Hints) -> Vec<Amount> {
    match parse_price(text, hints) {
        ParsedPrice::One(amount) => vec![amount],
        ParsedPrice::Range(low, high) => vec![low, high],
        ParsedPrice::Free | ParsedPrice::Unclear | ParsedPrice::Nothing => Vec::new(),
    }
}
