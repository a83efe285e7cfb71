//! Shopify's product state: every variant with its price in minor units, and whether it can be bought.

use domain::offer::Field;
use domain::{Availability, Currency, Money};
use serde_json::{Map, Value};

use super::values::each_object;
use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;
use crate::outline::Script;
use crate::price_text::plausible;
use crate::text::squash;

/// Claims the variant that the URL names; without one, what all variants cost, or the list of what they do.
pub(super) fn read(claim: &mut Claim, scripts: &[Script<'_>], values: &[Value], document: &Document<'_>, context: &Context) {
    let Some(currency) = shop_currency(scripts).or_else(|| context.bare_currency()) else { return };
    let urls: Vec<&url::Url> = context.pinned_url.iter().chain(context.url.iter()).collect();
    let wanted: Option<String> =
        urls.iter().find_map(|url| url.query_pairs().find(|(name, _)| name == "variant").map(|(_, id)| id.into_owned()));
    let handles: Vec<String> =
        urls.iter().filter_map(|url| url.path_segments()?.next_back().map(|handle| handle.to_lowercase())).collect();
    let headings: Vec<String> = document.headings().iter().map(|heading| squash(heading)).collect();
    let mut best: Option<Vec<&Map<String, Value>>> = None;
    each_object(values, &mut |object| {
        let Some(Value::Array(list)) = object.get("variants") else { return };
        let variants: Vec<&Map<String, Value>> = list.iter().filter_map(Value::as_object).collect();
        let is_shopify = variants.iter().all(|variant| variant.contains_key("id") && variant.contains_key("price"));
        let text = |key: &str| object.get(key).and_then(Value::as_str);
        let is_ours = text("handle").is_some_and(|handle| handles.iter().any(|known| known == handle))
            || text("title").is_some_and(|title| headings.contains(&squash(title)))
            || wanted.as_ref().is_some_and(|wanted| variants.iter().any(|variant| id(variant) == *wanted));
        if is_shopify && is_ours && !variants.is_empty() && best.as_ref().is_none_or(|best| best.len() < variants.len()) {
            best = Some(variants);
        }
    });
    let Some(variants) = best else { return };
    let named: Vec<&Map<String, Value>> =
        variants.iter().copied().filter(|variant| wanted.as_ref().is_some_and(|wanted| id(variant) == *wanted)).collect();
    let counting = if named.is_empty() { variants } else { named };
    let mut prices: Vec<Money> = Vec::new();
    for variant in &counting {
        if let Some(price) = price(variant, "price", currency) {
            let title = variant.get("title").and_then(Value::as_str).unwrap_or_default();
            claim.note(Field::Price, format!("variants[{}]", id(variant)), title, price.to_string());
            if !prices.contains(&price) {
                prices.push(price);
            }
        }
    }
    claim.price = match prices.as_slice() {
        [] => PriceClaim::None,
        [one] => PriceClaim::One(*one),
        several => PriceClaim::Several(several.to_vec()),
    };
    if let (PriceClaim::One(one), [only]) = (&claim.price, counting.as_slice()) {
        claim.list_price = price(only, "compare_at_price", currency).filter(|list| list > one);
    }
    let states: Vec<bool> = counting.iter().filter_map(|variant| variant.get("available")?.as_bool()).collect();
    if let Some(first) =
        states.first().copied().filter(|first| states.len() == counting.len() && states.iter().all(|state| state == first))
    {
        claim.availability = if first { Availability::InStock } else { Availability::OutOfStock };
        claim.note(Field::Availability, "variants.available", "", claim.availability.as_str());
    }
}

/// `Shopify.currency = {"active":"USD",…}`: only Shopify's own pages have it, and their amounts are minor units.
fn shop_currency(scripts: &[Script<'_>]) -> Option<Currency> {
    scripts.iter().find_map(|script| {
        let (_, rest) = script.text.split_once("Shopify.currency")?;
        let (_, rest) = rest.get(..80.min(rest.len())).unwrap_or(rest).split_once("\"active\":\"")?;
        Currency::from_code(rest.get(..3)?)
    })
}

fn id(variant: &Map<String, Value>) -> String {
    match variant.get("id") {
        Some(Value::Number(number)) => number.to_string(),
        // `gid://shopify/ProductVariant/123`
        Some(Value::String(text)) => text.rsplit('/').next().unwrap_or_default().to_owned(),
        _ => String::new(),
    }
}

/// A whole number is minor units, a text with a dot (or an object around it) is not.
fn price(variant: &Map<String, Value>, key: &str, currency: Currency) -> Option<Money> {
    match variant.get(key)? {
        // Shopify counts hundredths in every currency.
        Value::Number(number) if number.is_i64() => {
            let hundredths = number.as_i64().filter(|hundredths| *hundredths > 0)?;
            plausible(&format!("{}.{:02}", hundredths / 100, hundredths % 100), currency)
        }
        Value::String(text) if text.contains('.') => plausible(text, currency),
        Value::Object(object) => match object.get("amount")? {
            Value::String(text) => plausible(text, currency),
            Value::Number(number) => plausible(&number.to_string(), currency),
            _ => None,
        },
        _ => None,
    }
}
