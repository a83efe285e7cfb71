//! The currency that a page's scripts name, for signs of several currencies (`$`, `kr`).

use domain::Currency;

use crate::document::Document;

/// Mentions that are looked at.
const MAX_MENTIONS: usize = 500;

/// The one currency that is named as such (`"currencyCode":"USD"`); `None` where several are.
pub(crate) fn find_currency(document: &Document<'_>) -> Option<Currency> {
    let metas = ["product:price:currency", "og:price:currency", "pricecurrency", "currency"];
    let of_meta = metas.iter().find_map(|name| Currency::from_code(document.meta(name)?));
    if of_meta.is_some() {
        return of_meta;
    }
    let mut found = None;
    let mut mentions = 0;
    for script in document.scripts() {
        let text = script.text.as_ref();
        for at in memchr::memmem::find_iter(text.as_bytes(), b"urrency") {
            mentions += 1;
            if mentions > MAX_MENTIONS {
                return found;
            }
            let Some(currency) = named_after(&text[at + b"urrency".len()..]) else { continue };
            if found.is_some_and(|found| found != currency) {
                return None;
            }
            found = Some(currency);
        }
    }
    found
}

/// `Code":"USD"`, `: 'USD'`, `_iso = "USD"`.
fn named_after(text: &str) -> Option<Currency> {
    let text = text.trim_start_matches(|c: char| c.is_ascii_alphanumeric() || c == '_');
    let text = text.trim_start_matches(['"', '\'', '\\']).trim_start();
    let text = text.strip_prefix([':', '='])?.trim_start();
    let quoted = text.trim_start_matches('\\').strip_prefix(['"', '\''])?;
    let code = quoted.get(..3)?;
    let is_whole = quoted[3..].starts_with(['"', '\'', '\\']);
    (is_whole && code.bytes().all(|byte| byte.is_ascii_uppercase())).then(|| Currency::from_code(code)).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_currency_is_read_in_every_notation() {
        for text in ["Code\":\"USD\"", "\": \"USD\"", " : 'USD',", "ISO=\"USD\";", "\\\":\\\"USD\\\"", "_iso = 'USD'"] {
            assert_eq!(named_after(text), Currency::from_code("USD"), "{text}");
        }
        for text in ["Symbol\":\"$\"", "\":\"XYZ\"", "\":\"USDT\"", " of USD", ": usd"] {
            assert_eq!(named_after(text), None, "{text}");
        }
    }
}
