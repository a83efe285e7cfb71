//! Pages made to hurt: whatever comes, an answer comes back, and soon.
#![cfg(test)]

use std::time::{Duration, Instant};

use domain::{ProductUrl, Reading};
use extract::{MAX_BODY_BYTES, Page, Pin, extract};
use proptest::prelude::*;

fn read(body: &[u8]) -> Reading {
    let product = ProductUrl::parse("https://shop.example/products/red-lamp").unwrap();
    let page = Page { url: &product.url, status: 200, content_type: Some("text/html"), body };
    extract(&page, &Pin::new(&product, None))
}

#[test]
fn a_page_over_the_limit_is_unreadable() {
    assert_eq!(read(&vec![b'<'; MAX_BODY_BYTES + 1]).outcome(), "unreadable");
}

#[test]
fn pages_built_to_be_slow_are_answered_in_bounded_time() {
    let size = 2_000_000;
    let fill = |part: &str| part.repeat(size / part.len());
    let json = |inner: String| format!("<html><h1>x</h1><script type=\"application/ld+json\">{inner}</script>");
    for (name, page) in [
        ("deep elements", fill("<div>")),
        ("unclosed formatting", format!("{}{}", (0..2_000).map(|id| format!("<b id={id}>")).collect::<String>(), fill("<p>x"))),
        ("nested tables", fill("<table><tr><td>")),
        ("attributes", format!("<a {}>", fill("b=c "))),
        ("open tags", fill("<a<b")),
        ("scopes", fill("<div itemscope itemtype=http://schema.org/Product><i itemprop=name>a</i></div>")),
        ("scopes in scopes", "<div itemscope itemtype=http://schema.org/Product itemprop=offers>".repeat(3_000)),
        ("deep json", json(fill("["))),
        ("deep objects", json(fill("{\"@graph\":"))),
        ("many products", json(format!("[{}1]", fill("{\"@type\":\"Product\",\"name\":\"x\",\"offers\":{\"price\":1}},")))),
        (
            "many offers",
            json(format!(
                "{{\"@type\":\"Product\",\"name\":\"x\",\"offers\":[{}1]}}",
                fill("{\"price\":1,\"priceCurrency\":\"EUR\"},")
            )),
        ),
        ("prices", fill("<p class=price>5 €</p>")),
        ("nested prices", "<div class=price>".repeat(3_000) + "5 €"),
        ("metas", fill("<meta property=product:price:amount content=5>")),
        ("entities", json(fill("&quot;&amp;"))),
        ("comments", json(fill("/*"))),
    ] {
        let start = Instant::now();
        read(page.as_bytes());
        let took = start.elapsed();
        // Unoptimised builds on a busy machine; quadratic work would take minutes.
        assert!(took < Duration::from_secs(20), "{name} took {took:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn any_bytes_get_an_answer(body in prop::collection::vec(any::<u8>(), 0..2_000), status in 100_u16..600) {
        let product = ProductUrl::parse("https://www.amazon.de/dp/B0TESTLAMP").unwrap();
        let page = Page { url: "not a url", status, content_type: None, body: &body };
        extract(&page, &Pin::new(&product, None));
    }

    #[test]
    fn any_tags_get_an_answer(parts in prop::collection::vec(prop::sample::select(vec![
        "<div itemscope itemtype='http://schema.org/Product'>", "<span itemprop=price content=5>", "<span itemprop='offers' itemscope>",
        "<script type='application/ld+json'>", "</script>", "{\"@type\":\"Product\",\"offers\":", "[{\"price\":5,\"priceCurrency\":\"EUR\"}", "]}", "}",
        "<meta property='product:price:amount' content='1.299'>", "<b>", "</div>", "<sup>99</sup>", "5", "€", "<table>", "<template>", "<svg><title>", "&quot;",
        "<span id=productTitle>x", "<div id=buybox>", "<span class=a-price>", "<select><option>", "<!--", "-->", "<p class=price>",
    ]), 0..60)) {
        read(parts.concat().as_bytes());
    }
}
