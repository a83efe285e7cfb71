//! The place that a person named: a CSS selector, or a JSON pointer. Nothing else answers in its place.

use std::borrow::Cow;

use domain::Reader;
use domain::offer::Field;
use scraper::Html;
use serde_json::Value;

use crate::candidate::{Claim, PriceClaim};
use crate::classify::hostile;
use crate::context::Context;
use crate::document::Document;
use crate::markup::build;
use crate::price_text::{ParsedPrice, parse_price, read_machine};
use crate::selector::{Kind, Selector};
use crate::visible::visible_text;

/// A person looked at the page and chose.
const CONFIDENCE: u8 = 90;

/// The price at the named place; what stands there instead goes into the evidence.
pub(crate) fn read(text: &str, selector: &Selector, document: &Document<'_>, context: &Context) -> Claim {
    let mut claim = Claim::new(Reader::Selector, CONFIDENCE);
    let found = match selector.kind() {
        Kind::Css { css, attribute } => by_css(text, css, attribute.as_deref()),
        Kind::Json { script, pointer } => by_pointer(document, script.as_deref(), pointer),
    };
    let Some(raw) = found else {
        claim.note(Field::Price, selector.as_str(), "", "nothing found");
        return claim;
    };
    let hints = context.hints(None);
    let is_machines = matches!(selector.kind(), Kind::Json { .. } | Kind::Css { attribute: Some(_), .. });
    let price = if is_machines {
        read_machine(&raw, context.bare_currency().or_else(|| hints.country?.currency()), None, &hints)
    } else {
        match parse_price(&raw, &hints) {
            ParsedPrice::One(amount) => amount.money(),
            _ => None,
        }
    };
    claim.note(Field::Price, selector.as_str(), &raw, price.map_or_else(|| "no price".to_owned(), |price| price.to_string()));
    claim.price = price.map_or(PriceClaim::None, PriceClaim::One);
    claim
}

fn by_css(text: &str, css: &str, attribute: Option<&str>) -> Option<String> {
    let css = scraper::Selector::parse(css).ok()?;
    if hostile::is_costly(text) {
        return None;
    }
    let html = Html::parse_document(text);
    let element = html.select(&css).next()?;
    if let Some(attribute) = attribute {
        return element.value().attr(attribute).map(|value| value.trim().to_owned());
    }
    // Cents in an element of their own are put together as everywhere else.
    let outer = element.html();
    let shown = build(&outer).ok().and_then(|tree| {
        let body = tree.elements().find(|element| element.name() == crate::markup::Name::Html)?;
        Some(visible_text(body))
    });
    shown.or_else(|| Some(element.text().collect()))
}

fn by_pointer(document: &Document<'_>, id: Option<&str>, pointer: &str) -> Option<String> {
    document.scripts().iter().find_map(|script| {
        if id.is_some() && script.attr("id").as_deref() != id {
            return None;
        }
        let values: Vec<Value> = super::state::values_of(std::slice::from_ref(script));
        let of_data = || super::tolerant_json::parse_values(&script.text);
        let values = if values.is_empty() { of_data() } else { values };
        values.iter().find_map(|value| shown(value.pointer(pointer)?))
    })
}

fn shown(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(Cow::from(text.trim()).into_owned()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
