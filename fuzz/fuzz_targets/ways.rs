//! Every way to read a page gives the same answer, wherever it gives one.
#![no_main]

use domain::{ProductUrl, Reading};
use extract::{Page, Pin, Way, extract_by};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let product = ProductUrl::parse("https://shop.example/red-lamp").expect("a product");
    let page = Page { url: &product.url, status: 200, content_type: Some("text/html; charset=utf-8"), body: text.as_bytes() };
    let pin = Pin::new(&product, None);
    let full = extract_by(&page, &pin, Way::Full);
    for way in [Way::Search, Way::Tree] {
        if let (Some(Reading::Offer(found)), Some(Reading::Offer(full))) = (extract_by(&page, &pin, way), &full) {
            assert_eq!((found.price, found.availability), (full.price, full.availability), "{way:?}");
        }
    }
});
