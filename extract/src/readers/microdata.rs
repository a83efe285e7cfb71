//! schema.org as microdata: turned into the nodes that JSON-LD would give, and read as those.

use domain::Reader;
use domain::offer::Field;
use ego_tree::NodeId;
use scraper::ElementRef;
use serde_json::{Map, Value};

use super::schema;
use crate::candidate::Claim;
use crate::context::Context;
use crate::document::Document;
use crate::visible::{is_struck, visible_text};

const CONFIDENCE: u8 = 75;

/// Nested deeper than this, items are left out.
const MAX_DEPTH: usize = 6;

/// Elements looked at for all items of a page together.
const MAX_ELEMENTS: usize = 200_000;

/// Reads the items that stand by themselves; those inside a list or a related product belong to it.
pub(crate) fn read(document: &Document, context: &Context) -> Option<Claim> {
    let mut budget = MAX_ELEMENTS;
    let products: Vec<ElementRef<'_>> = document.item_scopes().filter(is_product).collect();
    // What an item refers to is a part of it, wherever it stands.
    let referred: Vec<&str> = products
        .iter()
        .filter_map(|scope| scope.value().attr("itemref"))
        .flat_map(str::split_ascii_whitespace)
        .take(100)
        .collect();
    let is_part = |scope: &ElementRef<'_>| scope.value().id().is_some_and(|id| referred.contains(&id));
    let scopes: Vec<ElementRef<'_>> =
        products.iter().copied().filter(|scope| !is_part(scope) && !is_in_list(*scope)).take(300).collect();
    let values: Vec<Value> = scopes.iter().map(|scope| item(*scope, document, 0, &mut budget)).collect();
    let mut claim = schema::read(&values, Reader::Microdata, CONFIDENCE, document, context)?;
    // A `Product` around the review stars alone says nothing about the price.
    if !claim.says_anything() && claim.facts.name.is_none() {
        return None;
    }
    if budget == 0 {
        claim.note(Field::Page, "itemscope", "", "too many items");
        claim.price = crate::candidate::PriceClaim::None;
    }
    Some(claim)
}

fn is_product(scope: &ElementRef<'_>) -> bool {
    let kinds = scope.value().attr("itemtype").unwrap_or_default().to_ascii_lowercase();
    kinds.split_ascii_whitespace().any(|kind| {
        let name = kind.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or_default();
        kind.contains("schema.org")
            && matches!(name, "product" | "productgroup" | "individualproduct" | "productmodel" | "book" | "vehicle" | "car")
    })
}

/// Whether the product stands inside another item that is not a page: a list, a related product, a review's subject.
fn is_in_list(scope: ElementRef<'_>) -> bool {
    let outer =
        scope.ancestors().filter_map(ElementRef::wrap).take(200).find(|element| element.value().attr("itemscope").is_some());
    let prop = scope.value().attr("itemprop").unwrap_or_default().to_ascii_lowercase();
    // A property's value is its owner's; only what a page is about stands for itself.
    if !prop.is_empty() && !prop.split_ascii_whitespace().any(|prop| matches!(prop, "mainentity" | "mainentityofpage" | "about"))
    {
        return true;
    }
    outer.is_some_and(|outer| {
        let kind = outer.value().attr("itemtype").unwrap_or_default().to_ascii_lowercase();
        kind.contains("itemlist") || kind.contains("listitem") || kind.contains("offercatalog")
    })
}

/// One item with its properties. `itemref` adds elements that stand elsewhere.
fn item(scope: ElementRef<'_>, document: &Document, depth: usize, budget: &mut usize) -> Value {
    let mut object = Map::new();
    let kinds =
        scope.value().attr("itemtype").unwrap_or_default().split_ascii_whitespace().map(|kind| Value::String(kind.to_owned()));
    object.insert("@type".to_owned(), Value::Array(kinds.collect()));
    if let Some(id) = scope.value().attr("itemid") {
        object.insert("@id".to_owned(), Value::String(id.to_owned()));
    }
    let references = scope.value().attr("itemref").unwrap_or_default().split_ascii_whitespace().take(20);
    let referred = references.filter_map(|id| document.by_id(id)).filter(|element| element.id() != scope.id());
    collect(scope, &mut object, document, depth, budget, false);
    for element in referred {
        collect(element, &mut object, document, depth, budget, true);
    }
    Value::Object(object)
}

/// Adds the properties below an element; what is below a nested item is that item's.
fn collect(
    root: ElementRef<'_>,
    object: &mut Map<String, Value>,
    document: &Document,
    depth: usize,
    budget: &mut usize,
    with_root: bool,
) {
    let mut inner: Option<NodeId> = None;
    for edge in root.traverse() {
        match edge {
            ego_tree::iter::Edge::Open(node) if inner.is_none() => {
                let Some(element) = ElementRef::wrap(node) else { continue };
                *budget = budget.saturating_sub(1);
                if *budget == 0 {
                    return;
                }
                if !with_root && element.id() == root.id() {
                    continue;
                }
                let is_scope = element.value().attr("itemscope").is_some();
                if is_scope {
                    inner = Some(element.id());
                }
                let Some(names) = element.value().attr("itemprop") else { continue };
                let value = if is_scope {
                    if depth >= MAX_DEPTH {
                        continue;
                    }
                    item(element, document, depth + 1, budget)
                } else {
                    Value::String(text_value(element))
                };
                for name in names.split_ascii_whitespace().take(5) {
                    add(object, name, value.clone(), element);
                }
            }
            ego_tree::iter::Edge::Close(node) if inner == Some(node.id()) => inner = None,
            ego_tree::iter::Edge::Open(_) | ego_tree::iter::Edge::Close(_) => {}
        }
    }
}

fn add(object: &mut Map<String, Value>, name: &str, value: Value, element: ElementRef<'_>) {
    // A struck price that somebody marked up as the price.
    if name.eq_ignore_ascii_case("price") && is_struck(element) {
        return;
    }
    match object.get_mut(name) {
        None => {
            object.insert(name.to_owned(), value);
        }
        Some(Value::Array(list)) if name != "@type" => {
            if list.len() < 500 {
                list.push(value);
            }
        }
        Some(first) => {
            let list = vec![first.take(), value];
            *first = Value::Array(list);
        }
    }
}

/// The element's value as the microdata standard has it, `content` first: shops put it on any element.
fn text_value(element: ElementRef<'_>) -> String {
    let value = element.value();
    if let Some(content) = value.attr("content") {
        return content.trim().to_owned();
    }
    let link = match value.name() {
        "a" | "link" | "area" => value.attr("href"),
        "img" | "source" | "iframe" | "video" | "audio" | "embed" => value.attr("src").or_else(|| value.attr("data-src")),
        "data" | "meter" | "input" => value.attr("value"),
        "time" => value.attr("datetime"),
        "object" => value.attr("data"),
        _ => None,
    };
    link.map(|link| link.trim().to_owned()).unwrap_or_else(|| visible_text(element))
}
