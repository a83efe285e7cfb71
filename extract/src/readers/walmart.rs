//! Walmart's item pages: the product in the page's own state.

use domain::offer::Field;
use domain::{Currency, Money, Reader};
use serde_json::Value;

use super::tolerant_json;
use crate::availability::read_schema_word;
use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;
use crate::price_text::plausible;
use crate::text::collapse;

const CONFIDENCE: u8 = 92;

pub(crate) fn read(document: &Document<'_>, context: &Context) -> Option<Claim> {
    let script = document.by_id("__NEXT_DATA__")?.raw_text();
    let state = tolerant_json::parse_values(&script).into_iter().next()?;
    let product = state.pointer("/props/pageProps/initialData/data/product").filter(|product| product.is_object())?;
    let mut claim = Claim::new(Reader::Platform, CONFIDENCE);
    let text = |pointer: &str, max: usize| {
        product.pointer(pointer)?.as_str().map(|text| collapse(text, max)).filter(|text| !text.is_empty())
    };
    claim.facts.name = text("/name", 500);
    claim.facts.brand = text("/brand", 200);
    claim.facts.seller = text("/sellerName", 200).or_else(|| text("/sellerDisplayName", 200));
    claim.facts.gtin =
        text("/upc", 20).filter(|gtin| (8..=14).contains(&gtin.len()) && gtin.bytes().all(|byte| byte.is_ascii_digit()));
    claim.facts.image_url = text("/imageInfo/thumbnailUrl", 2_000).and_then(|link| context.absolute(&link));
    claim.facts.condition = text("/conditionType", 50)
        .map(|word| word.to_lowercase())
        .filter(|word| matches!(word.as_str(), "new" | "used" | "refurbished"));
    if let Some(name) = claim.facts.name.clone() {
        claim.note(Field::Name, "product.name", &name, name.clone());
    }
    if let Some(word) = text("/availabilityStatus", 50) {
        claim.availability = read_schema_word(&word);
        claim.note(Field::Availability, "product.availabilityStatus", &word, claim.availability.as_str());
    }
    if let Some(price) = money(&mut claim, product, "currentPrice", Field::Price, context) {
        claim.price = PriceClaim::One(price);
        claim.list_price = money(&mut claim, product, "wasPrice", Field::ListPrice, context).filter(|list| *list > price);
    }
    Some(claim)
}

/// A price of the state: a number in major units with its currency.
fn money(claim: &mut Claim, product: &Value, key: &str, field: Field, context: &Context) -> Option<Money> {
    let node = product.pointer(&format!("/priceInfo/{key}")).filter(|node| node.is_object())?;
    let currency = match node.get("currencyUnit").and_then(Value::as_str) {
        Some(code) => Currency::from_code(code)?,
        None => context.host_currency?,
    };
    let number = node.get("price")?.as_number()?.to_string();
    let price = plausible(&number, currency)?;
    claim.note(field, format!("product.priceInfo.{key}"), &number, price.to_string());
    Some(price)
}
