//! Any text as a person's selector, on a page that has a little of everything.
#![no_main]

use domain::ProductUrl;
use extract::{Page, Pin, Selector, extract};
use libfuzzer_sys::fuzz_target;

const PAGE: &[u8] = b"<h1>x</h1><div id=a class='b c' data-d=5><b>5.00 EUR</b></div><script id=s type='application/json'>{\"a\":[{\"b\":\"5.00\"}]}</script>";

fuzz_target!(|text: &str| {
    let Ok(selector) = Selector::parse(text) else { return };
    let product = ProductUrl::parse("https://shop.example/red-lamp").expect("a product");
    let page = Page { url: &product.url, status: 200, content_type: None, body: PAGE };
    extract(&page, &Pin::new(&product, None).with_selector(Some(&selector)));
});
