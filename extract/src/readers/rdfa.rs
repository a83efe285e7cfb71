//! schema.org as RDFa: turned into the nodes that JSON-LD would give, and read as those.

use domain::Reader;
use serde_json::{Map, Value};

use super::schema;
use crate::candidate::Claim;
use crate::context::Context;
use crate::document::Document;
use crate::markup::{Element, Name};
use crate::visible::{is_struck, visible_text};

const CONFIDENCE: u8 = 72;

/// Nested deeper than this, nodes are left out.
const MAX_DEPTH: usize = 6;

/// Elements looked at for all nodes of a page together.
const MAX_ELEMENTS: usize = 200_000;

pub(crate) fn read(document: &Document<'_>, context: &Context) -> Option<Claim> {
    let scopes: Vec<Element<'_>> =
        document.elements().filter(|element| element.attributes_hold("typeof") && is_product(*element)).take(300).collect();
    if scopes.is_empty() {
        return None;
    }
    let mut budget = MAX_ELEMENTS;
    let own: Vec<Element<'_>> = scopes.iter().copied().filter(|scope| !is_part(*scope)).collect();
    let values: Vec<Value> = own.iter().map(|scope| node(*scope, 0, &mut budget)).collect();
    let claim = schema::read(&values, Reader::Rdfa, CONFIDENCE, document, context)?;
    (budget > 0 && (claim.says_anything() || claim.facts.name.is_some())).then_some(claim)
}

fn is_product(element: Element<'_>) -> bool {
    let Some(kinds) = element.attr("typeof") else { return false };
    kinds.split_ascii_whitespace().any(|kind| {
        let is_known = !kind.contains(':') || kind.to_ascii_lowercase().starts_with("schema:") || kind.contains("schema.org");
        is_known
            && matches!(
                local(kind).as_str(),
                "product" | "productgroup" | "individualproduct" | "productmodel" | "book" | "vehicle" | "car"
            )
    })
}

/// The value of another node's property: a related product, a review's subject.
fn is_part(scope: Element<'_>) -> bool {
    scope.attr("property").or_else(|| scope.attr("rel")).is_some_and(|property| {
        let property = local(&property);
        !property.is_empty() && !matches!(property.as_str(), "mainentity" | "mainentityofpage" | "about")
    })
}

/// `schema:Offer` and `http://schema.org/Offer` are `offer`.
fn local(name: &str) -> String {
    name.trim().trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or_default().to_ascii_lowercase()
}

fn node(scope: Element<'_>, depth: usize, budget: &mut usize) -> Value {
    let mut object = Map::new();
    let kinds = scope.attr("typeof").unwrap_or_default();
    let kinds = kinds.split_ascii_whitespace().map(|kind| Value::String(local(kind)));
    object.insert("@type".to_owned(), Value::Array(kinds.collect()));
    if let Some(id) = scope.attr("resource").or_else(|| scope.attr("about")) {
        object.insert("@id".to_owned(), Value::String(id.into_owned()));
    }
    let mut inner_end = 0;
    for element in scope.descendants() {
        if element.index() < inner_end {
            continue;
        }
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            break;
        }
        let is_scope = element.has_attr("typeof");
        if is_scope {
            inner_end = element.end();
        }
        let Some(names) = element.attr("property").or_else(|| element.attr("rel").filter(|_| is_scope)) else { continue };
        for name in names.split_ascii_whitespace().take(5) {
            let name = name.rsplit(['/', '#', ':']).next().unwrap_or_default();
            if name.eq_ignore_ascii_case("price") && is_struck(element) {
                continue;
            }
            let value = match is_scope {
                true if depth >= MAX_DEPTH => continue,
                true => node(element, depth + 1, budget),
                false => Value::String(text_value(element)),
            };
            add(&mut object, name, value);
        }
    }
    Value::Object(object)
}

fn add(object: &mut Map<String, Value>, name: &str, value: Value) {
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) => {
            if list.len() < 500 {
                list.push(value);
            }
        }
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn text_value(element: Element<'_>) -> String {
    let link = match element.name() {
        Name::A | Name::Link | Name::Area => element.attr("href"),
        Name::Img => element.attr("src"),
        _ => None,
    };
    let stated = element.attr("content").or_else(|| element.attr("resource")).or(link).or_else(|| element.attr("datetime"));
    stated.map_or_else(|| visible_text(element), |value| value.trim().to_owned())
}
