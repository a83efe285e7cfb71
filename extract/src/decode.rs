//! Bytes to text, as browsers do it: byte order mark, `Content-Type`, meta charset, then validity.

use std::borrow::Cow;

use encoding_rs::{Encoding, UTF_8, WINDOWS_1252};

/// How far into the page a meta charset is looked for (the HTML standard's prescan has 1024 bytes; shops put it later).
const PRESCAN_BYTES: usize = 4096;

/// The text of a page, or `None` where the bytes are no text at all.
pub(crate) fn decode<'a>(body: &'a [u8], content_type: Option<&str>) -> Option<Cow<'a, str>> {
    if let Some((encoding, bom)) = Encoding::for_bom(body) {
        return Some(encoding.decode_without_bom_handling(&body[bom..]).0);
    }
    if looks_binary(body) {
        return None;
    }
    // A valid UTF-8 body with non-ASCII in it is UTF-8 whatever a header says: no other encoding looks so by chance.
    if let Ok(text) = std::str::from_utf8(body) {
        let declared = declared(body, content_type);
        let seven_bit = declared.is_some_and(|encoding| !encoding.is_ascii_compatible() || encoding.name() == "ISO-2022-JP");
        if !seven_bit {
            return Some(Cow::Borrowed(text));
        }
    }
    let encoding = declared(body, content_type).filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| fallback(body));
    Some(encoding.decode_without_bom_handling(body).0)
}

fn declared(body: &[u8], content_type: Option<&str>) -> Option<&'static Encoding> {
    content_type.and_then(|header| charset(header.as_bytes())).or_else(|| charset(&body[..body.len().min(PRESCAN_BYTES)]))
}

/// A page that says nothing, or says UTF-8 with a few broken bytes in it, stays UTF-8 where nearly all of it is.
fn fallback(body: &[u8]) -> &'static Encoding {
    let broken = body.utf8_chunks().filter(|chunk| !chunk.invalid().is_empty()).count();
    let high = body.iter().filter(|byte| !byte.is_ascii()).count();
    if broken * 10 < high { UTF_8 } else { WINDOWS_1252 }
}

/// The encoding named after `charset=`.
fn charset(text: &[u8]) -> Option<&'static Encoding> {
    let lower = text.to_ascii_lowercase();
    let mut from = 0;
    while let Some(at) = memchr::memmem::find(&lower[from..], b"charset") {
        from += at + b"charset".len();
        let rest = lower[from..].trim_ascii_start();
        let Some(rest) = rest.strip_prefix(b"=") else { continue };
        let rest = rest.trim_ascii_start();
        let rest = rest.strip_prefix(b"\"").or_else(|| rest.strip_prefix(b"'")).unwrap_or(rest);
        let end = rest.iter().position(|byte| !(byte.is_ascii_alphanumeric() || b"-_:.".contains(byte))).unwrap_or(rest.len());
        if let Some(encoding) = Encoding::for_label(&rest[..end]) {
            // A meta tag that could be read as ASCII cannot be UTF-16 (HTML standard, prescan).
            return Some(if encoding.is_ascii_compatible() { encoding } else { UTF_8 });
        }
    }
    None
}

/// Images, archives and compressed bodies have NUL bytes, or many control characters.
fn looks_binary(body: &[u8]) -> bool {
    let sample = &body[..body.len().min(4096)];
    let control = sample.iter().filter(|byte| matches!(byte, 0..=8 | 14..=26 | 28..=31)).count();
    sample.contains(&0) || control * 50 > sample.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(body: &[u8], content_type: Option<&str>) -> Option<String> {
        decode(body, content_type).map(Cow::into_owned)
    }

    #[test]
    fn the_euro_sign_survives_every_declared_encoding() {
        assert_eq!(text("\u{feff}5 €".as_bytes(), Some("text/html; charset=iso-8859-1")).unwrap(), "5 €");
        assert_eq!(text("5 €".as_bytes(), None).unwrap(), "5 €");
        assert_eq!(text("5 €".as_bytes(), Some("text/html; charset=windows-1252")).unwrap(), "5 €");
        assert_eq!(text(b"5 \x80", Some("text/html; charset=\"ISO-8859-1\"")).unwrap(), "5 €");
        assert_eq!(text(b"<meta charset='iso-8859-15'>5 \xa4", None).unwrap(), "<meta charset='iso-8859-15'>5 €");
        assert_eq!(text(b"5 \x80", None).unwrap(), "5 €");
        assert_eq!(text(b"<meta charset=gbk>\xa3\xa4149", None).unwrap(), "<meta charset=gbk>￥149");
    }

    #[test]
    fn a_few_broken_bytes_do_not_turn_utf_8_into_noise() {
        let mut body = "ü".repeat(100).into_bytes();
        body.push(0xff);
        assert!(text(&body, Some("text/html; charset=utf-8")).unwrap().starts_with("üü"));
    }

    #[test]
    fn compressed_bytes_are_no_text() {
        assert_eq!(text(b"\x1f\x8b\x08\x00\x00\x00\x00\x00", None), None);
        assert_eq!(text(b"\x89PNG\r\n\x1a\n\x00\x00", Some("text/html")), None);
    }
}
