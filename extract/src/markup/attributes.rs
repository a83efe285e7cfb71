//! Attributes, read from the text of a tag only when they are asked for.

use std::borrow::Cow;

use super::entities::decode_attribute;

/// How a byte ends a name or an unquoted value.
pub(super) const fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\t' | b'\r' | 0x0c)
}

/// Names and raw values of a tag's text (what stands between the tag's name and its `>`).
pub(crate) fn attributes(text: &str) -> Attributes<'_> {
    Attributes { text, at: 0 }
}

/// The decoded value of an attribute by its lower-case name; of a repeated one the first.
pub(crate) fn attribute<'a>(text: &'a str, name: &str) -> Option<Cow<'a, str>> {
    attributes(text).find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| decode_attribute(value))
}

pub(crate) struct Attributes<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Iterator for Attributes<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        let bytes = self.text.as_bytes();
        let mut at = self.at;
        while bytes.get(at).is_some_and(|byte| is_space(*byte) || *byte == b'/') {
            at += 1;
        }
        let start = at;
        // A name's first byte may even be `=`.
        at += usize::from(at < bytes.len());
        while bytes.get(at).is_some_and(|byte| !is_space(*byte) && !matches!(byte, b'/' | b'=' | b'>')) {
            at += 1;
        }
        if start == at {
            return None;
        }
        let name = &self.text[start..at];
        let mut value_at = at;
        while bytes.get(value_at).is_some_and(|byte| is_space(*byte)) {
            value_at += 1;
        }
        if bytes.get(value_at) != Some(&b'=') {
            self.at = at;
            return Some((name, ""));
        }
        value_at += 1;
        while bytes.get(value_at).is_some_and(|byte| is_space(*byte)) {
            value_at += 1;
        }
        let (value, end) = match bytes.get(value_at) {
            Some(quote @ (b'"' | b'\'')) => {
                let from = value_at + 1;
                let length = memchr::memchr(*quote, &bytes[from..]).unwrap_or(bytes.len() - from);
                (&self.text[from..from + length], (from + length + 1).min(bytes.len()))
            }
            _ => {
                let rest = &bytes[value_at..];
                let length = rest.iter().position(|byte| is_space(*byte) || *byte == b'>').unwrap_or(rest.len());
                (&self.text[value_at..value_at + length], value_at + length)
            }
        };
        self.at = end;
        Some((name, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_read_as_the_standard_has_them() {
        let read = |text: &'static str| attributes(text).collect::<Vec<_>>();
        assert_eq!(read(" a=1 b='x y'  C = \"z\" d/e"), [("a", "1"), ("b", "x y"), ("C", "z"), ("d", ""), ("e", "")]);
        assert_eq!(read(" a=it's b"), [("a", "it's"), ("b", "")]);
        assert_eq!(read("/ =x=y \"q"), [("=x", "y"), ("\"q", "")]);
        assert_eq!(attribute(" class=a Class=b", "class").unwrap(), "a");
        assert_eq!(attribute(" t='a &amp; b'", "t").unwrap(), "a & b");
    }
}
