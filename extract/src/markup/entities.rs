//! Character references, by the HTML standard's own table and rules.

use std::borrow::Cow;

use markup5ever::data::{C1_REPLACEMENTS, NAMED_ENTITIES};

/// Decodes the text of a node.
pub(crate) fn decode_text(text: &str) -> Cow<'_, str> {
    decode(text, false)
}

/// Decodes an attribute's value: references without a semicolon are not believed before letters and `=`.
pub(crate) fn decode_attribute(text: &str) -> Cow<'_, str> {
    decode(text, true)
}

fn decode(text: &str, in_attribute: bool) -> Cow<'_, str> {
    let bytes = text.as_bytes();
    let Some(first) = memchr::memchr2(b'&', b'\r', bytes) else { return Cow::Borrowed(text) };
    let mut out = String::with_capacity(text.len());
    out.push_str(&text[..first]);
    let mut at = first;
    while at < text.len() {
        if bytes[at] == b'\r' {
            out.push('\n');
            at += 1 + usize::from(bytes.get(at + 1) == Some(&b'\n'));
        } else {
            at += reference(&text[at..], in_attribute, &mut out);
        }
        let next = memchr::memchr2(b'&', b'\r', &bytes[at..]).map_or(text.len(), |length| at + length);
        out.push_str(&text[at..next]);
        at = next;
    }
    Cow::Owned(out)
}

/// Decodes the reference at the start of `text` (a `&`), or copies the `&`; returns how many bytes were used.
fn reference(text: &str, in_attribute: bool, out: &mut String) -> usize {
    let used = match text.as_bytes().get(1) {
        Some(b'#') => numeric(text, out),
        Some(byte) if byte.is_ascii_alphanumeric() => named(text, in_attribute, out),
        _ => None,
    };
    used.unwrap_or_else(|| {
        out.push('&');
        1
    })
}

fn numeric(text: &str, out: &mut String) -> Option<usize> {
    let (digits, radix, from) = match text.as_bytes().get(2) {
        Some(b'x' | b'X') => (text.get(3..)?, 16, 3),
        _ => (text.get(2..)?, 10, 2),
    };
    let length = digits.bytes().take_while(|byte| (*byte as char).is_digit(radix)).count();
    if length == 0 {
        return None;
    }
    let number = u32::from_str_radix(&digits[..length], radix).unwrap_or(u32::MAX);
    let c = match number {
        0x80..=0x9f => C1_REPLACEMENTS[(number - 0x80) as usize].or_else(|| char::from_u32(number)),
        0 => None,
        _ => char::from_u32(number),
    };
    out.push(c.unwrap_or('\u{fffd}'));
    Some(from + length + usize::from(digits[length..].starts_with(';')))
}

fn named(text: &str, in_attribute: bool, out: &mut String) -> Option<usize> {
    let name = &text[1..];
    let mut best: Option<(usize, (u32, u32))> = None;
    let mut length = 0;
    for c in name.chars() {
        length += c.len_utf8();
        // The table holds every beginning of a name too, with zeros.
        match NAMED_ENTITIES.get(&name[..length]) {
            Some(&(0, _)) => {}
            Some(&chars) => best = Some((length, chars)),
            None => break,
        }
    }
    let (length, (first, second)) = best?;
    if in_attribute
        && !name[..length].ends_with(';')
        && name[length..].bytes().next().is_some_and(|byte| byte == b'=' || byte.is_ascii_alphanumeric())
    {
        return None;
    }
    out.extend(char::from_u32(first));
    out.extend(char::from_u32(second).filter(|_| second != 0));
    Some(1 + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_decoded_as_browsers_do() {
        for (text, expect) in [
            ("a &amp; b&lt;&eacute;&#8364;&#x20AC;&#128;", "a & b<é€€€"),
            ("AT&T &copy 5 &notit; &nope; & &;", "AT&T © 5 ¬it; &nope; & &;"),
            ("&#0;&#xD800;&#99999999999;&#;", "\u{fffd}\u{fffd}\u{fffd}&#;"),
            ("a\r\nb\rc", "a\nb\nc"),
            ("&nbsp;&NotEqualTilde;", "\u{a0}\u{2242}\u{338}"),
        ] {
            assert_eq!(decode_text(text), expect, "{text}");
        }
        assert_eq!(decode_attribute("?a=1&copy=2&lt=3&amp;x &copy;"), "?a=1&copy=2&lt=3&x ©");
    }
}
