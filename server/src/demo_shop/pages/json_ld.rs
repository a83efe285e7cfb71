//! A page of a shop that says schema.org in JSON-LD.

use domain::{Availability, Money};
use serde_json::{Value, json};

use super::super::catalogue::Shop;
use super::super::html::{document, escape, script_json};
use super::super::schedule::Shown;
use super::{picture, price_text, schema_availability, stock_and_button};

/// The product's page.
pub fn page(shown: &Shown, port: u16) -> String {
    let item = shown.item;
    let mut data = product(item.name, &item.url(port), shown.price, shown.availability);
    data["image"] = json!([item.picture_url(port)]);
    data["brand"] = json!({"@type": "Brand", "name": item.brand});
    data["gtin13"] = json!(item.gtin);
    if let Some(list) = shown.list_price {
        data["offers"]["priceSpecification"] = json!([
            {"@type": "UnitPriceSpecification", "price": shown.price.to_decimal(), "priceCurrency": item.currency},
            {"@type": "UnitPriceSpecification", "priceType": "https://schema.org/ListPrice", "price": list.to_decimal(), "priceCurrency": item.currency},
        ]);
    }
    let was = shown.list_price.map_or_else(String::new, |list| format!("<s class=\"was\">{}</s>", price_text(list)));
    let body = format!(
        "<div class=\"product\">\n{picture}\n<div><p>{brand}</p>\n<h1>{name}</h1>\n<p><span class=\"price\">{price}</span>{was}</p>\n{stock}</div>\n</div>",
        picture = picture(shown),
        brand = escape(item.brand),
        name = escape(item.name),
        price = price_text(shown.price),
        stock = stock_and_button(shown),
    );
    let head = format!("<link rel=\"canonical\" href=\"{}\">\n{}", item.url(port), script(&data));
    document(&format!("{} · {}", item.name, Shop::JsonLd.name()), Some(Shop::JsonLd), &head, &body)
}

/// A schema.org product with one offer.
pub fn product(name: &str, url: &str, price: Money, availability: Availability) -> Value {
    json!({
        "@context": "https://schema.org/",
        "@type": "Product",
        "name": name,
        "url": url,
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": price.to_decimal(),
            "priceCurrency": price.currency.code(),
            "availability": schema_availability(availability),
            "itemCondition": "https://schema.org/NewCondition"
        }
    })
}

/// The `<script>` that holds it.
pub fn script(data: &Value) -> String {
    format!("<script type=\"application/ld+json\">{}</script>\n", script_json(data))
}
