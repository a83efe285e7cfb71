//! Any text as the JSON-LD of an otherwise sound page.
#![no_main]

use domain::ProductUrl;
use extract::{Page, Pin, extract};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let product = ProductUrl::parse("https://shop.example/red-lamp").expect("a product");
    let body = format!("<h1>Red lamp</h1><b class=price>19.90 EUR</b><script type='application/ld+json'>{text}</script>");
    let page = Page { url: &product.url, status: 200, content_type: None, body: body.as_bytes() };
    extract(&page, &Pin::new(&product, None));
});
