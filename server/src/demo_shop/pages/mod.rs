//! The shops' pages, one shape a file.

pub mod amazon;
pub mod bench;
pub mod control;
pub mod ebay;
pub mod front;
pub mod json_ld;
pub mod microdata;
pub mod open_graph;
pub mod walmart;

use domain::{Availability, Locale, Money};

use super::catalogue::Shop;
use super::html::escape;
use super::schedule::Shown;

/// The page of a product in the shape of its shop.
pub fn product_page(shown: &Shown, port: u16) -> String {
    match shown.item.shop {
        Shop::Amazon => amazon::page(shown, port),
        Shop::Ebay => ebay::page(shown, port),
        Shop::Walmart => walmart::page(shown, port),
        Shop::JsonLd => json_ld::page(shown, port),
        Shop::Microdata => microdata::page(shown, port),
        Shop::OpenGraph => open_graph::page(shown, port),
    }
}

/// A price as shops of its currency write it.
pub fn price_text(price: Money) -> String {
    let tag = match price.currency.code() {
        "EUR" => "de",
        "GBP" => "en-GB",
        "JPY" => "ja",
        _ => "en",
    };
    Locale::best(tag).money(price)
}

/// Whether it can be bought.
pub fn in_stock(shown: &Shown) -> bool {
    shown.availability.is_buyable() == Some(true)
}

/// The schema.org word of a stock state.
pub fn schema_availability(availability: Availability) -> &'static str {
    if availability.is_buyable() == Some(true) { "https://schema.org/InStock" } else { "https://schema.org/OutOfStock" }
}

/// The picture, as `<img>`.
fn picture(shown: &Shown) -> String {
    format!("<img src=\"/pictures/{}.svg\" width=\"320\" height=\"320\" alt=\"{}\">", shown.item.slug, escape(shown.item.name))
}

/// The sentence about the stock, and the button under it.
fn stock_and_button(shown: &Shown) -> String {
    if in_stock(shown) {
        "<p class=\"stock\">In stock</p>\n<button type=\"button\">Add to basket</button>".to_owned()
    } else {
        "<p class=\"stock\" data-out>Out of stock</p>\n<button type=\"button\" disabled>Add to basket</button>".to_owned()
    }
}
