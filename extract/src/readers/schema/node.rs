//! Access to schema.org nodes whatever their capitals, wrappers and references.

use std::collections::HashMap;

use serde_json::{Map, Value};

use crate::text::{collapse, unescape_html};

/// Deeper wrappers are not walked.
const MAX_DEPTH: usize = 12;

/// Products beyond this many are a listing.
pub(super) const MAX_PRODUCTS: usize = 300;

pub(super) type Object = Map<String, Value>;

/// All nodes of a page, with those that others refer to by `@id`.
pub(super) struct Graph<'a> {
    values: &'a [Value],
    by_id: HashMap<&'a str, &'a Object>,
}

impl<'a> Graph<'a> {
    pub(super) fn new(values: &'a [Value]) -> Self {
        let mut by_id = HashMap::new();
        for value in values {
            index(value, &mut by_id, 0);
        }
        Graph { values, by_id }
    }

    /// The products that the page itself names: at the top, in a graph, or as a page's main entity. Products inside other products,
    /// reviews, lists and carousels are not among them.
    pub(super) fn products(&self) -> Vec<&'a Object> {
        let mut found = Vec::new();
        for value in self.values {
            self.collect(value, &mut found, 0);
        }
        found
    }

    fn collect(&self, value: &'a Value, found: &mut Vec<&'a Object>, depth: usize) {
        if depth > MAX_DEPTH || found.len() >= MAX_PRODUCTS {
            return;
        }
        match value {
            Value::Array(list) => list.iter().for_each(|value| self.collect(value, found, depth + 1)),
            Value::Object(object) => {
                let object = self.resolve(object);
                if is_product(object) {
                    let known = found.iter().any(|other| std::ptr::eq(*other, object) || *other == object);
                    if !known {
                        found.push(object);
                    }
                    return;
                }
                for key in ["@graph", "mainEntity", "mainEntityOfPage", "itemOffered"] {
                    if let Some(inner) = get(object, key) {
                        self.collect(inner, found, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }

    /// The node itself, or the one that a bare `{"@id": …}` refers to.
    pub(super) fn resolve(&self, object: &'a Object) -> &'a Object {
        let is_reference =
            object.keys().all(|key| key.starts_with('@')) && get(object, "@type").is_none() && get(object, "@graph").is_none();
        let target =
            get(object, "@id").and_then(Value::as_str).filter(|_| is_reference).and_then(|id| self.by_id.get(id).copied());
        target.unwrap_or(object)
    }

    /// The objects under a key, references resolved; one value counts as a list of one.
    pub(super) fn objects(&self, object: &'a Object, key: &str) -> Vec<&'a Object> {
        list(object, key)
            .into_iter()
            .filter_map(|value| match value {
                Value::Object(inner) => Some(self.resolve(inner)),
                Value::String(id) => self.by_id.get(id.as_str()).copied(),
                _ => None,
            })
            .collect()
    }
}

impl Graph<'_> {
    /// As [`Graph::objects`], for a node of any lifetime: references are not resolved.
    pub(super) fn objects_of<'b>(&self, object: &'b Object, key: &str) -> Vec<&'b Object> {
        list(object, key).into_iter().filter_map(Value::as_object).collect()
    }
}

fn index<'a>(value: &'a Value, by_id: &mut HashMap<&'a str, &'a Object>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    match value {
        Value::Array(list) => list.iter().for_each(|value| index(value, by_id, depth + 1)),
        Value::Object(object) => {
            if let Some(id) = get(object, "@id").and_then(Value::as_str).filter(|_| object.len() > 1) {
                by_id.entry(id).or_insert(object);
            }
            object
                .values()
                .filter(|value| value.is_object() || value.is_array())
                .for_each(|value| index(value, by_id, depth + 1));
        }
        _ => {}
    }
}

/// The value under a key, whatever its capitals.
pub(super) fn get<'a>(object: &'a Object, key: &str) -> Option<&'a Value> {
    object.get(key).or_else(|| {
        object
            .iter()
            .find(|(known, _)| known.rsplit(['/', ':']).next().is_some_and(|name| name.eq_ignore_ascii_case(key)))
            .map(|(_, value)| value)
    })
}

/// The values under a key; one value counts as a list of one.
pub(super) fn list<'a>(object: &'a Object, key: &str) -> Vec<&'a Value> {
    match get(object, key) {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(list)) => list.iter().collect(),
        Some(value) => vec![value],
    }
}

/// A text or number under a key: of an object its `name`, of a list its first.
pub(super) fn text(object: &Object, key: &str) -> Option<String> {
    text_of(get(object, key)?, 0)
}

fn text_of(value: &Value, depth: usize) -> Option<String> {
    let text = match value {
        Value::String(text) => collapse(&unescape_html(text), 2_000),
        Value::Number(number) => number.to_string(),
        Value::Array(list) if depth < 3 => list.iter().find_map(|value| text_of(value, depth + 1))?,
        Value::Object(object) if depth < 3 => {
            ["name", "@value", "value", "url", "@id"].iter().find_map(|key| text_of(get(object, key)?, depth + 1))?
        }
        _ => return None,
    };
    (!text.is_empty()).then_some(text)
}

/// Lower-cased type names without their vocabulary.
pub(super) fn types(object: &Object) -> Vec<String> {
    let name = |value: &Value| {
        value
            .as_str()
            .map(|text| text.trim().trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or_default().to_ascii_lowercase())
    };
    list(object, "@type").into_iter().filter_map(name).collect()
}

pub(super) fn is_type(object: &Object, names: &[&str]) -> bool {
    types(object).iter().any(|known| names.contains(&known.as_str()))
}

/// Types of things that are sold, as far as shops use them.
const PRODUCT_TYPES: &[&str] = &[
    "product",
    "productgroup",
    "productmodel",
    "individualproduct",
    "someproducts",
    "vehicle",
    "car",
    "motorcycle",
    "book",
    "softwareapplication",
    "videogame",
    "musicalbum",
    "movie",
    "game",
];

fn is_product(object: &Object) -> bool {
    let kinds = types(object);
    let named = kinds.iter().any(|kind| PRODUCT_TYPES.contains(&kind.as_str()));
    // Other than a product proper, a thing (a film, a book) is for sale only where it has offers.
    let proper = kinds.iter().any(|kind| kind.contains("product"));
    named && (proper || get(object, "offers").is_some())
}
