//! schema.org as microdata: turned into the nodes that JSON-LD would give, and read as those.

use domain::Reader;
use domain::offer::Field;
use serde_json::{Map, Value};

use super::schema;
use crate::candidate::Claim;
use crate::context::Context;
use crate::document::Document;
use crate::markup::{Element, Name};
use crate::visible::{is_struck, visible_text};

const CONFIDENCE: u8 = 75;

/// Nested deeper than this, items are left out.
const MAX_DEPTH: usize = 6;

/// Elements looked at for all items of a page together.
const MAX_ELEMENTS: usize = 200_000;

/// Reads the items that stand by themselves; those inside a list or a related product belong to it.
pub(crate) fn read(document: &Document<'_>, context: &Context) -> Option<Claim> {
    let mut budget = MAX_ELEMENTS;
    let products: Vec<Element<'_>> = document.item_scopes().filter(is_product).collect();
    // What an item refers to is a part of it, wherever it stands.
    let referred: Vec<String> = products
        .iter()
        .filter_map(|scope| scope.attr("itemref"))
        .flat_map(|ids| ids.split_ascii_whitespace().map(str::to_owned).collect::<Vec<_>>())
        .take(100)
        .collect();
    let is_part = |scope: &Element<'_>| scope.id().is_some_and(|id| referred.iter().any(|known| *known == id));
    let scopes: Vec<Element<'_>> =
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

fn is_product(scope: &Element<'_>) -> bool {
    names_product(&scope.attr("itemtype").unwrap_or_default())
}

/// Whether an `itemtype` is a product's.
pub(crate) fn names_product(kinds: &str) -> bool {
    let kinds = kinds.to_ascii_lowercase();
    kinds.split_ascii_whitespace().any(|kind| {
        let name = kind.trim_end_matches('/').rsplit(['/', '#']).next().unwrap_or_default();
        kind.contains("schema.org")
            && matches!(name, "product" | "productgroup" | "individualproduct" | "productmodel" | "book" | "vehicle" | "car")
    })
}

/// Whether the product stands inside another item that is not a page: a list, a related product, a review's subject.
fn is_in_list(scope: Element<'_>) -> bool {
    let outer = scope.ancestors().take(200).find(|element| element.has_attr("itemscope"));
    let prop = scope.attr("itemprop").unwrap_or_default().to_ascii_lowercase();
    // A property's value is its owner's; only what a page is about stands for itself.
    if !prop.is_empty() && !prop.split_ascii_whitespace().any(|prop| matches!(prop, "mainentity" | "mainentityofpage" | "about"))
    {
        return true;
    }
    outer.is_some_and(|outer| {
        let kind = outer.attr("itemtype").unwrap_or_default().to_ascii_lowercase();
        kind.contains("itemlist") || kind.contains("listitem") || kind.contains("offercatalog")
    })
}

/// One item with its properties. `itemref` adds elements that stand elsewhere.
fn item(scope: Element<'_>, document: &Document<'_>, depth: usize, budget: &mut usize) -> Value {
    let mut object = Map::new();
    let kinds = scope.attr("itemtype").unwrap_or_default();
    let kinds = kinds.split_ascii_whitespace().map(|kind| Value::String(kind.to_owned()));
    object.insert("@type".to_owned(), Value::Array(kinds.collect()));
    if let Some(id) = scope.attr("itemid") {
        object.insert("@id".to_owned(), Value::String(id.into_owned()));
    }
    let references = scope.attr("itemref").unwrap_or_default();
    let referred =
        references.split_ascii_whitespace().take(20).filter_map(|id| document.by_id(id)).filter(|element| *element != scope);
    collect(scope, &mut object, document, depth, budget, false);
    for element in referred {
        collect(element, &mut object, document, depth, budget, true);
    }
    Value::Object(object)
}

/// Adds the properties below an element; what is below a nested item is that item's.
fn collect(
    root: Element<'_>,
    object: &mut Map<String, Value>,
    document: &Document<'_>,
    depth: usize,
    budget: &mut usize,
    with_root: bool,
) {
    let mut inner_end = 0;
    let with_root = with_root.then_some(root);
    for element in with_root.into_iter().chain(root.descendants()) {
        if element.index() < inner_end {
            continue;
        }
        *budget = budget.saturating_sub(1);
        if *budget == 0 {
            return;
        }
        let is_scope = element.has_attr("itemscope");
        if is_scope {
            inner_end = element.end();
        }
        let Some(names) = element.attr("itemprop") else { continue };
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
}

fn add(object: &mut Map<String, Value>, name: &str, value: Value, element: Element<'_>) {
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
fn text_value(element: Element<'_>) -> String {
    if let Some(content) = element.attr("content") {
        return content.trim().to_owned();
    }
    let link = match element.name() {
        Name::A | Name::Link | Name::Area => element.attr("href"),
        Name::Img | Name::Source | Name::Iframe | Name::Track | Name::Embed => {
            element.attr("src").or_else(|| element.attr("data-src"))
        }
        Name::Data | Name::Input => element.attr("value"),
        Name::Object => element.attr("data"),
        Name::Other => match element.tag_name().to_ascii_lowercase().as_str() {
            "meter" => element.attr("value"),
            "time" => element.attr("datetime"),
            "video" | "audio" => element.attr("src"),
            _ => None,
        },
        _ => None,
    };
    link.map_or_else(|| visible_text(element), |link| link.trim().to_owned())
}
