//! Any bytes, as a page of a shop that the first byte chooses: every reader, every platform, any charset.
#![no_main]

use domain::ProductUrl;
use extract::{Page, Pin, extract};
use libfuzzer_sys::fuzz_target;

const SHOPS: &[&str] = &[
    "https://shop.example/products/red-lamp?variant=12",
    "https://www.amazon.de/dp/B0TESTLAMP",
    "https://www.ebay.com/itm/123456789012",
    "https://www.walmart.com/ip/Red-Lamp/55512345",
    "https://www.zalando.ie/red-boots-abc12d00e-q11.html",
];

fuzz_target!(|data: &[u8]| {
    let Some((first, body)) = data.split_first() else { return };
    let product = ProductUrl::parse(SHOPS[*first as usize % SHOPS.len()]).expect("the shops above are products");
    let page = Page { url: &product.url, status: 200, content_type: None, body };
    extract(&page, &Pin::new(&product, None));
});
