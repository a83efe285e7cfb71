//! An object of a page's state that bears the product's name and a price.

use domain::offer::Field;
use domain::{Availability, Currency, Money};
use serde_json::{Map, Value};

use super::values::each_object;
use crate::availability::read_schema_word;
use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;
use crate::price_text::{ParsedPrice, parse_price, plausible};
use crate::text::{collapse, squash, unescape_html};

const NAMES: &[&str] = &["name", "title", "productName", "product_name", "displayName", "item_name", "productTitle"];

/// What is paid now stands before what is asked usually.
const PRICES: &[&str] = &[
    "salePrice",
    "sale_price",
    "specialPrice",
    "special_price",
    "finalPrice",
    "final_price",
    "currentPrice",
    "current_price",
    "offerPrice",
    "sellingPrice",
    "selling_price",
    "priceValue",
    "price",
    "Price",
    "item_price",
    "regularPrice",
];

pub(super) fn read(claim: &mut Claim, values: &[Value], document: &Document<'_>, context: &Context) {
    let names: Vec<String> = document
        .headings()
        .iter()
        .map(String::as_str)
        .chain(document.meta("og:title"))
        .map(squash)
        .filter(|name| name.chars().count() > 4)
        .collect();
    let mut prices: Vec<Money> = Vec::new();
    let mut states: Vec<Availability> = Vec::new();
    each_object(values, &mut |object| {
        let name = NAMES.iter().find_map(|key| object.get(*key)?.as_str()).map(|name| squash(&unescape_html(name)));
        if !name.is_some_and(|name| names.contains(&name)) {
            return;
        }
        let currency = currency_of(object).or_else(|| context.bare_currency());
        let found = PRICES.iter().find_map(|key| Some((*key, money(object.get(*key)?, currency, 0)?)));
        if let Some((key, (price, raw))) = found {
            claim.note(Field::Price, format!("state.{key}"), &raw, price.to_string());
            if !prices.contains(&price) {
                prices.push(price);
            }
            states.push(availability(object));
        }
    });
    claim.price = match prices.as_slice() {
        [] => PriceClaim::None,
        [one] => PriceClaim::One(*one),
        several => PriceClaim::Several(several.to_vec()),
    };
    states.retain(|state| *state != Availability::Unknown);
    if let Some(first) = states.first().copied().filter(|first| states.iter().all(|state| state == first)) {
        claim.note(Field::Availability, "state.availability", "", first.as_str());
        claim.availability = first;
    }
}

fn currency_of(object: &Map<String, Value>) -> Option<Currency> {
    ["currency", "currencyCode", "priceCurrency", "currency_code", "currencyIso", "currencyUnit"]
        .iter()
        .find_map(|key| Currency::from_code(object.get(*key)?.as_str()?))
}

/// An amount as states have it: a number, a text, or an object of an amount and a currency. Numbers without a fraction may be minor
/// units: the judge holds them against the text of the page.
fn money(value: &Value, currency: Option<Currency>, depth: usize) -> Option<(Money, String)> {
    match value {
        Value::Number(number) => {
            let raw = number.to_string();
            Some((plausible(&raw, currency?)?, raw))
        }
        Value::String(text) => {
            let is_plain = text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
            let price = if is_plain {
                plausible(text, currency?)?
            } else {
                match parse_price(text, &Default::default()) {
                    ParsedPrice::One(amount) => amount.money()?,
                    _ => return None,
                }
            };
            Some((price, collapse(text, 50)))
        }
        Value::Object(object) if depth < 3 => {
            let currency = currency_of(object).or(currency);
            ["value", "amount", "current", "price", "sale", "final", "now", "centAmount", "formattedValue"].iter().find_map(
                |key| {
                    let inner = object.get(*key)?;
                    match (*key, inner.as_i64(), currency) {
                        ("centAmount", Some(cents), Some(currency)) => Some((Money::new(cents, currency), cents.to_string())),
                        _ => money(inner, currency, depth + 1),
                    }
                },
            )
        }
        _ => None,
    }
}

fn availability(object: &Map<String, Value>) -> Availability {
    [
        "availability",
        "availabilityStatus",
        "stockStatus",
        "stock_status",
        "inStock",
        "isInStock",
        "in_stock",
        "available",
        "isAvailable",
    ]
    .iter()
    .find_map(|key| match object.get(*key)? {
        Value::Bool(true) => Some(Availability::InStock),
        Value::Bool(false) => Some(Availability::OutOfStock),
        Value::String(word) => Some(read_schema_word(word)).filter(|state| *state != Availability::Unknown),
        _ => None,
    })
    .unwrap_or_default()
}
