//! JSON as shops write it: comments, CDATA, raw newlines, trailing commas, entities, several values in a row.

use serde_json::{Deserializer, Value};

use crate::text::unescape_html;

/// A script over this size is not a product's data.
const MAX_BYTES: usize = 2 * 1024 * 1024;

/// The values of a script; empty where it is beyond repair.
pub(crate) fn parse_values(script: &str) -> Vec<Value> {
    let text = unwrap(script);
    if text.is_empty() || text.len() > MAX_BYTES {
        return Vec::new();
    }
    if let Ok(value) = serde_json::from_str(text) {
        return vec![value];
    }
    let repaired = repair(text);
    let values = parse_sequence(&repaired);
    if !values.is_empty() {
        return values;
    }
    // `{&quot;@type&quot;:…`: escaped as HTML as a whole. Entities inside good strings are left to the reader of the string.
    if text.contains("&quot;") || text.contains("&#34;") || text.contains("&#x22;") {
        return parse_sequence(&repair(&unescape_html(text)));
    }
    Vec::new()
}

fn parse_sequence(text: &str) -> Vec<Value> {
    let mut values = Vec::new();
    for value in Deserializer::from_str(text).into_iter::<Value>().take(50) {
        match value {
            Ok(value @ (Value::Object(_) | Value::Array(_))) => values.push(value),
            // What follows a good value (a stray brace, a semicolon) does not spoil it.
            Ok(_) | Err(_) => break,
        }
    }
    values
}

/// Takes off the BOM, comments and CDATA marks around the JSON, and what ends a statement.
fn unwrap(script: &str) -> &str {
    let mut text = script.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
    loop {
        let before = text.len();
        for mark in [
            "<!--",
            "-->",
            "//<![CDATA[",
            "// <![CDATA[",
            "/*<![CDATA[*/",
            "/* <![CDATA[ */",
            "<![CDATA[",
            "//]]>",
            "// ]]>",
            "/*]]>*/",
            "/* ]]> */",
            "]]>",
            ";",
            "//",
        ] {
            text = text.strip_prefix(mark).unwrap_or(text).trim_start();
            text = text.strip_suffix(mark).unwrap_or(text).trim_end();
        }
        if text.len() == before {
            return text;
        }
    }
}

/// Drops comments and trailing commas outside strings; escapes control characters and wrong escapes inside them.
fn repair(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 64);
    let mut chars = text.chars().peekable();
    let mut in_string = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => {
                in_string = !in_string;
                out.push(c);
            }
            '\\' if in_string => match chars.next() {
                Some(next @ ('"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u')) => out.extend(['\\', next]),
                Some(next) => out.push(next),
                None => {}
            },
            c if in_string && (c as u32) < 0x20 => out.push(' '),
            '/' if !in_string && chars.peek() == Some(&'*') => {
                chars.next();
                let mut last = ' ';
                for c in chars.by_ref() {
                    if last == '*' && c == '/' {
                        break;
                    }
                    last = c;
                }
            }
            '/' if !in_string && chars.peek() == Some(&'/') => {
                for c in chars.by_ref() {
                    if c == '\n' {
                        break;
                    }
                }
            }
            '}' | ']' if !in_string => {
                let end = out.trim_end().len();
                if out[..end].ends_with(',') {
                    out.truncate(end - 1);
                }
                out.push(c);
            }
            '\u{feff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_shops_write_is_read() {
        let expect = vec![json!({"a": "x", "b": [1, 2]})];
        for text in [
            r#"{"a":"x","b":[1,2]}"#,
            "\u{feff} {\"a\":\"x\",\"b\":[1,2]}",
            r#"/*<![CDATA[*/ {"a":"x","b":[1,2]} /*]]>*/"#,
            "//<![CDATA[\n{\"a\":\"x\",\"b\":[1,2]}\n//]]>",
            "<!-- {\"a\":\"x\",\"b\":[1,2]} -->",
            r#"{"a":"x","b":[1,2,],}"#,
            "{\"a\":\"x\", // why\n \"b\":[1,/* two */2]};",
            "{&quot;a&quot;:&quot;x&quot;,&quot;b&quot;:[1,2]}",
            r#"{"a":"x","b":[1,2]}}"#,
        ] {
            assert_eq!(parse_values(text), expect, "{text}");
        }
    }

    #[test]
    fn raw_newlines_and_wrong_escapes_in_strings_are_read() {
        assert_eq!(parse_values("{\"a\":\"x\n y\"}"), vec![json!({"a": "x  y"})]);
        assert_eq!(parse_values(r#"{"a":"it\'s // no comment, }"}"#), vec![json!({"a": "it's // no comment, }"})]);
    }

    #[test]
    fn several_values_in_a_row_are_all_read() {
        assert_eq!(parse_values(r#"{"a":1}{"b":2}"#), vec![json!({"a": 1}), json!({"b": 2})]);
    }

    #[test]
    fn what_is_beyond_repair_is_nothing() {
        for text in ["", "var x = 1", "{\"a\": \"unclosed", "{\"a\": }", &"[".repeat(10_000)] {
            assert_eq!(parse_values(text), Vec::<Value>::new());
        }
    }
}
