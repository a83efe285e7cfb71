//! Memory searches over a whole page: how far it must be scanned, and whether products are described in a syntax that needs a tree.

use memchr::memmem;

/// One past the last tag that the outline needs; `None` where the fast path has nothing to say.
pub(super) fn last_needed(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut last = memmem::find_iter(bytes, "ld+json").last()?;
    if speaks_microdata(bytes) || speaks_rdfa(bytes) {
        return None;
    }
    for at in memmem::find_iter(bytes, "<h1") {
        last = last.max(at);
    }
    // Uncommon capitals: then everything is scanned.
    if memmem::find(bytes, b"<H1").is_some() {
        return Some(bytes.len());
    }
    for at in memmem::find_iter(&bytes[last..], "<meta") {
        let from = last + at;
        let tag = &bytes[from..(from + 400).min(bytes.len())];
        if memmem::find(tag, b"og:").is_some() || memmem::find(tag, b"product:").is_some() {
            return Some(last.max(last_meta(bytes, from)));
        }
    }
    Some(last)
}

/// Whether products are described in a syntax that needs a tree.
pub(super) fn speaks_of_products(text: &str) -> bool {
    speaks_microdata(text.as_bytes()) || speaks_rdfa(text.as_bytes())
}

/// The last meta tag that may speak of the product, from one that does on.
fn last_meta(bytes: &[u8], from: usize) -> usize {
    let speaks = |at: &usize| {
        let tag = &bytes[*at..(*at + 400).min(bytes.len())];
        memmem::find(tag, b"og:").is_some() || memmem::find(tag, b"product:").is_some()
    };
    memmem::find_iter(&bytes[from..], "<meta").map(|at| from + at).filter(speaks).last().unwrap_or(from)
}

/// Whether an `itemtype` names a product. In JSON the same words stand behind a colon, a comma or a bracket.
fn speaks_microdata(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, "chema.org").any(|at| {
        let rest = &bytes[at + b"chema.org".len()..];
        let names_product = matches!(rest.first(), Some(b'/' | b'#')) && {
            let word: Vec<u8> =
                rest[1..].iter().take(20).take_while(|byte| byte.is_ascii_alphabetic()).map(u8::to_ascii_lowercase).collect();
            matches!(
                word.as_slice(),
                b"product" | b"productgroup" | b"individualproduct" | b"productmodel" | b"book" | b"vehicle" | b"car"
            )
        };
        names_product && !is_in_json(&bytes[..at])
    })
}

/// Whether a string that holds a URL up to here began as JSON's do.
fn is_in_json(before: &[u8]) -> bool {
    let is_url = |byte: &&u8| byte.is_ascii_alphanumeric() || matches!(byte, b':' | b'/' | b'.' | b'\\');
    let start = before.len() - before.iter().rev().take(20).take_while(is_url).count();
    let Some((b'"', before)) = before[..start].split_last() else { return false };
    let outer = before.iter().rev().find(|byte| !byte.is_ascii_whitespace() && **byte != b'\\');
    matches!(outer, Some(b':' | b',' | b'['))
}

/// Whether a `typeof` attribute names a product. Scripts have `typeof` too, without `=`.
fn speaks_rdfa(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, "typeof").any(|at| {
        let rest = bytes[at + 6..].trim_ascii_start();
        rest.first() == Some(&b'=') && {
            let value = rest[1..rest.len().min(120)].to_ascii_lowercase();
            memmem::find(&value, b"product").is_some() || memmem::find(&value, b"offer").is_some()
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_in_another_syntax_are_seen_wherever_they_stand() {
        for text in [
            "<div itemtype=\"https://schema.org/Product\">",
            "<div itemtype='http://schema.org/Thing http://schema.org/product'>",
            "<div itemtype=http://Schema.org/Book>",
        ] {
            assert!(speaks_microdata(text.as_bytes()), "{text}");
        }
        for text in [
            "{\"@type\": \"https://schema.org/Product\"}",
            "{\"@type\":[\"http:\\/\\/schema.org\\/Product\"]}",
            "<div itemtype=\"https://schema.org/BreadcrumbList\">",
        ] {
            assert!(!speaks_microdata(text.as_bytes()), "{text}");
        }
        assert!(speaks_rdfa(b"<div typeof = 'schema:Product'>"));
        assert!(!speaks_rdfa(b"if (typeof product == 'x')"));
    }
}
