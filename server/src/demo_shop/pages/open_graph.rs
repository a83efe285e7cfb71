//! A page of a shop that says Open Graph and product meta tags, and nothing else for machines.

use super::super::catalogue::Shop;
use super::super::html::{document, escape};
use super::super::schedule::Shown;
use super::{in_stock, picture, price_text, stock_and_button};

/// The product's page.
pub fn page(shown: &Shown, port: u16) -> String {
    let item = shown.item;
    let tag = |property: &str, content: &str| format!("<meta property=\"{property}\" content=\"{}\">\n", escape(content));
    let head = [
        tag("og:type", "product"),
        tag("og:site_name", Shop::OpenGraph.name()),
        tag("og:title", item.name),
        tag("og:url", &item.url(port)),
        tag("og:image", &item.picture_url(port)),
        tag("product:brand", item.brand),
        tag("product:price:amount", &shown.price.to_decimal()),
        tag("product:price:currency", item.currency),
        tag("product:availability", if in_stock(shown) { "in stock" } else { "out of stock" }),
        tag("product:condition", "new"),
    ]
    .concat();
    let body = format!(
        "<div class=\"product\">\n{picture}\n<div><p>{brand}</p>\n<h1>{name}</h1>\n<p><span class=\"price\">{price}</span></p>\n{stock}</div>\n</div>",
        picture = picture(shown),
        brand = escape(item.brand),
        name = escape(item.name),
        price = price_text(shown.price),
        stock = stock_and_button(shown),
    );
    document(&format!("{} – {}", item.name, Shop::OpenGraph.name()), Some(Shop::OpenGraph), &head, &body)
}
