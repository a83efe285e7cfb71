//! Pages for load tests: a million distinct products with JSON-LD, of any size, at the cost of a copy.

use std::sync::LazyLock;

use domain::{Availability, Currency, Money};

use super::super::html::escape;
use super::json_ld;

/// Most pages there are.
pub const MOST_PAGES: u32 = 1_000_000;
/// Largest page, in kB.
pub const MOST_KB: usize = 2_048;
/// Usual page, in kB.
pub const USUAL_KB: usize = 10;

/// What stands below the offer: the words, lists and scripts that make real pages large.
static FILLER: LazyLock<String> = LazyLock::new(|| {
    let mut text = String::with_capacity((MOST_KB + 1) << 10);
    let mut line = 0_u32;
    while text.len() < MOST_KB << 10 {
        line += 1;
        text.push_str(&format!(
            "<section class=\"block block-{line}\" data-line=\"{line}\"><h3>Detail {line}</h3><p>Made with care, checked by hand, \
             and sent the same day. Line {line} of the description says what line {} did not.</p></section>\n",
            line - 1
        ));
    }
    text
});

/// Page `page` at `price`, about `kb` kB long.
pub fn page(page: u32, price: Money, url: &str, kb: usize) -> String {
    let name = format!("Load Test Product {page:07}");
    let data = json_ld::product(&name, url, price, Availability::InStock);
    let length = kb.clamp(1, MOST_KB) << 10;
    let mut html = String::with_capacity(length + 512);
    html.push_str("<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>");
    html.push_str(&escape(&name));
    html.push_str("</title>\n");
    html.push_str(&json_ld::script(&data));
    html.push_str("</head>\n<body>\n<h1>");
    html.push_str(&escape(&name));
    html.push_str("</h1>\n<p class=\"price\">");
    html.push_str(&super::price_text(price));
    html.push_str("</p>\n");
    let rest = length.saturating_sub(html.len() + 16);
    // The filler is ASCII, so that every index is a character's boundary; it ends with a whole line.
    let cut = FILLER[..rest.min(FILLER.len())].rfind('\n').map_or(0, |end| end + 1);
    html.push_str(&FILLER[..cut]);
    html.push_str("</body>\n</html>\n");
    html
}

/// The currency of all of them.
pub fn currency() -> Currency {
    Currency::from_code("EUR").expect("EUR is in ISO 4217")
}
