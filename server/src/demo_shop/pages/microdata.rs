//! A page of a shop that says schema.org in microdata.

use super::super::catalogue::Shop;
use super::super::html::{document, escape};
use super::super::schedule::Shown;
use super::{picture, price_text, schema_availability, stock_and_button};

/// The product's page.
pub fn page(shown: &Shown, port: u16) -> String {
    let item = shown.item;
    let body = format!(
        "<div class=\"product\" itemscope itemtype=\"https://schema.org/Product\">\n<div>{picture}<link itemprop=\"image\" href=\"{image}\"></div>\n<div>\
         <p itemprop=\"brand\" itemscope itemtype=\"https://schema.org/Brand\"><span itemprop=\"name\">{brand}</span></p>\n\
         <h1 itemprop=\"name\">{name}</h1>\n<meta itemprop=\"gtin13\" content=\"{gtin}\">\n\
         <div itemprop=\"offers\" itemscope itemtype=\"https://schema.org/Offer\">\
         <meta itemprop=\"priceCurrency\" content=\"{currency}\"><link itemprop=\"availability\" href=\"{availability}\">\
         <p><span class=\"price\" itemprop=\"price\" content=\"{decimal}\">{price}</span></p></div>\n{stock}</div>\n</div>",
        picture = picture(shown),
        image = item.picture_url(port),
        brand = escape(item.brand),
        name = escape(item.name),
        gtin = item.gtin,
        currency = item.currency,
        availability = schema_availability(shown.availability),
        decimal = shown.price.to_decimal(),
        price = price_text(shown.price),
        stock = stock_and_button(shown),
    );
    let head = format!("<link rel=\"canonical\" href=\"{}\">\n", item.url(port));
    document(&format!("{} | {}", item.name, Shop::Microdata.name()), Some(Shop::Microdata), &head, &body)
}
