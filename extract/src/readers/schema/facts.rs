//! What a product node says about the product itself.

use domain::offer::ProductFacts;
use serde_json::Value;

use super::node::{Graph, Object, get, list, text};
use crate::context::Context;
use crate::text::collapse;

pub(super) fn of_product(product: &Object, graph: &Graph<'_>, context: &Context) -> ProductFacts {
    let gtin = ["gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "isbn"].iter().find_map(|key| text(product, key));
    ProductFacts {
        name: text(product, "name").map(|name| collapse(&name, 500)),
        image_url: image(product, context, 0),
        brand: text(product, "brand")
            .or_else(|| text(product, "manufacturer"))
            .filter(|brand| !brand.starts_with("http"))
            .map(|brand| collapse(&brand, 200)),
        gtin: gtin.and_then(|text| read_gtin(&text)),
        mpn: text(product, "mpn").map(|mpn| collapse(&mpn, 100)),
        seller: None,
        condition: graph
            .objects_of(product, "offers")
            .is_empty()
            .then(|| text(product, "itemCondition"))
            .flatten()
            .as_deref()
            .and_then(condition)
            .map(str::to_owned),
    }
}

/// `new`, `used` or `refurbished`, from schema.org's words.
pub(super) fn condition(word: &str) -> Option<&'static str> {
    let last = word.trim().rsplit(['/', '#', ':']).next().unwrap_or_default();
    match crate::text::squash(last).as_str() {
        "newcondition" | "new" => Some("new"),
        "usedcondition" | "used" | "damagedcondition" | "openbox" => Some("used"),
        "refurbishedcondition" | "refurbished" | "renewed" => Some("refurbished"),
        _ => None,
    }
}

/// 8 to 14 digits.
pub(super) fn read_gtin(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(|c| !matches!(c, '-' | ' ')).collect();
    ((8..=14).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit())).then_some(digits)
}

fn image(product: &Object, context: &Context, depth: usize) -> Option<String> {
    list(product, "image").into_iter().find_map(|value| match value {
        Value::String(link) => context.absolute(link),
        Value::Object(object) if depth < 2 => ["contentUrl", "url", "@id"].iter().find_map(|key| match get(object, key) {
            Some(Value::String(link)) => context.absolute(link),
            Some(Value::Array(links)) => links.iter().find_map(|link| context.absolute(link.as_str()?)),
            _ => None,
        }),
        _ => None,
    })
}

/// The variant's facts, and the group's where it has none.
pub(super) fn merge(first: ProductFacts, second: ProductFacts) -> ProductFacts {
    ProductFacts {
        name: first.name.or(second.name),
        image_url: first.image_url.or(second.image_url),
        brand: first.brand.or(second.brand),
        gtin: first.gtin.or(second.gtin),
        mpn: first.mpn.or(second.mpn),
        seller: first.seller.or(second.seller),
        condition: first.condition.or(second.condition),
    }
}
