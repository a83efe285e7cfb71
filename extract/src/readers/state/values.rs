//! The JSON values in a page's scripts.

use serde_json::{Deserializer, Value};

use crate::outline::Script;

/// Bytes of JSON that are read for one page.
const MAX_BYTES: usize = 3 * 1024 * 1024;

/// Values that are assigned in code, looked for per page.
const MAX_ASSIGNED: usize = 40;

/// Values of JSON scripts, and objects assigned to names in code.
pub(crate) fn of_scripts(scripts: &[Script<'_>]) -> Vec<Value> {
    let mut left = MAX_BYTES;
    let mut values = Vec::new();
    let mut assigned = 0;
    for script in scripts {
        let text = script.text.trim();
        let Some(rest) = left.checked_sub(text.len()) else { continue };
        let kind = script.attr("type").unwrap_or_default().trim().to_ascii_lowercase();
        if kind.contains("ld+json") {
            continue;
        }
        if kind.contains("json") || text.starts_with(['{', '[']) {
            if let Ok(value) = serde_json::from_str(text) {
                values.push(value);
                left = rest;
            }
            continue;
        }
        if !(kind.is_empty() || kind.contains("javascript") || kind == "module") {
            continue;
        }
        for at in memchr::memmem::find_iter(text.as_bytes(), b"{\"") {
            if assigned >= MAX_ASSIGNED {
                break;
            }
            // `name = {"…`, `push({"…`: the beginning of a value, not a part of one.
            let before = text[..at].trim_end();
            if !before.ends_with(['=', '(']) {
                continue;
            }
            assigned += 1;
            if let Some(Ok(value)) = Deserializer::from_str(&text[at..]).into_iter::<Value>().next() {
                values.push(value);
                left = rest;
            }
        }
    }
    values
}

/// Calls `each` with every object, outer ones first, up to a bound that no real page reaches.
pub(super) fn each_object<'a>(values: &'a [Value], each: &mut impl FnMut(&'a serde_json::Map<String, Value>)) {
    let mut open: Vec<&Value> = values.iter().rev().collect();
    let mut left = 400_000;
    while let Some(value) = open.pop() {
        left -= 1;
        if left == 0 {
            return;
        }
        match value {
            Value::Object(object) => {
                each(object);
                open.extend(object.values().rev().filter(|value| value.is_object() || value.is_array()));
            }
            Value::Array(list) => open.extend(list.iter().rev().filter(|value| value.is_object() || value.is_array())),
            _ => {}
        }
    }
}
