//! Pages that would cost a parser quadratic time or memory.
//!
//! The HTML standard's tree builder searches its stack of open elements at most tags, and re-opens unclosed formatting elements in
//! every new block. Both are bounded here by a linear scan of the tags before the tree is built.

/// Steps that the tree builder may take: real pages stay under 10 million.
const MAX_STEPS: usize = 400_000_000;

/// Elements that the re-opening of formatting elements may add.
const MAX_REOPENED: usize = 5_000_000;

/// Whether building this page's tree would take too long.
pub(crate) fn is_costly(text: &str) -> bool {
    let bytes = text.as_bytes();
    let (mut tags, mut open, mut deepest, mut formatting, mut most_formatting) = (0_usize, 0_usize, 0_usize, 0_usize, 0_usize);
    for at in memchr::memchr_iter(b'<', bytes) {
        let rest = &bytes[at + 1..bytes.len().min(at + 24)];
        let closing = rest.first() == Some(&b'/');
        let name = name(if closing { &rest[1..] } else { rest });
        if name.is_empty() {
            continue;
        }
        tags += 1;
        let is_formatting = FORMATTING.contains(&name.as_slice());
        match (closing, is_formatting) {
            (true, true) => formatting = formatting.saturating_sub(1),
            (false, true) => formatting += 1,
            _ => {}
        }
        if closing {
            open = open.saturating_sub(1);
        } else if !VOID.contains(&name.as_slice()) {
            open += 1;
        }
        deepest = deepest.max(open);
        most_formatting = most_formatting.max(formatting);
    }
    // Scripts hold "tags" too and optional end tags are left out, so the depth of real pages is estimated far too high: up to a
    // few thousand. The product with the number of tags is what tells them from nests built to hurt.
    deepest.saturating_mul(tags) > MAX_STEPS || (most_formatting > 200 && most_formatting.saturating_mul(tags) > MAX_REOPENED)
}

fn name(bytes: &[u8]) -> Vec<u8> {
    bytes.iter().take_while(|byte| byte.is_ascii_alphanumeric()).map(u8::to_ascii_lowercase).collect()
}

const FORMATTING: &[&[u8]] =
    &[b"a", b"b", b"big", b"code", b"em", b"font", b"i", b"nobr", b"s", b"small", b"strike", b"strong", b"tt", b"u"];

/// Elements without an end tag, or closed by the next of their kind.
const VOID: &[&[u8]] = &[
    b"area",
    b"base",
    b"br",
    b"col",
    b"embed",
    b"hr",
    b"img",
    b"input",
    b"link",
    b"meta",
    b"param",
    b"source",
    b"track",
    b"wbr",
    b"p",
    b"li",
    b"option",
    b"td",
    b"th",
    b"tr",
    b"dt",
    b"dd",
    b"path",
    b"circle",
    b"rect",
    b"use",
    b"line",
    b"polygon",
    b"stop",
    b"ellipse",
    b"polyline",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nests_built_to_hurt_are_known_before_they_are_parsed() {
        assert!(is_costly(&"<div>".repeat(100_000)));
        let formatting: String = (0..2_000).map(|id| format!("<b id={id}>")).collect();
        assert!(is_costly(&format!("<p>{formatting}{}", "<p>x".repeat(10_000))));
        assert!(!is_costly(&"<div><p>x</div>".repeat(50_000)));
        assert!(!is_costly(&"<ul><li>x<li>y</ul><br>".repeat(20_000)));
    }
}
