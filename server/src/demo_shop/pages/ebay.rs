//! A page shaped as eBay's: JSON-LD in the head, and the price in `.x-price-primary`.

use serde_json::json;

use super::super::catalogue::Shop;
use super::super::html::{document, escape, script_json};
use super::super::schedule::Shown;
use super::{in_stock, picture, price_text, schema_availability};

/// The product's page.
pub fn page(shown: &Shown, port: u16) -> String {
    let number = shown.item.path.trim_start_matches("/itm/");
    let data = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "name": shown.item.name,
        "image": shown.item.picture_url(port),
        "brand": {"@type": "Brand", "name": shown.item.brand},
        "gtin13": shown.item.gtin,
        "offers": {
            "@type": "Offer",
            "url": shown.item.url(port),
            "price": shown.price.to_decimal(),
            "priceCurrency": shown.item.currency,
            "itemCondition": "https://schema.org/NewCondition",
            "availability": schema_availability(shown.availability),
            "shippingDetails": {"@type": "OfferShippingDetails", "shippingRate": {"@type": "MonetaryAmount", "value": "7.95", "currency": "USD"}}
        }
    });
    let head = format!(
        "<link rel=\"canonical\" href=\"{}\">\n<script type=\"application/ld+json\">{}</script>\n",
        shown.item.url(port),
        script_json(&data)
    );
    let buy = if in_stock(shown) {
        "<div class=\"x-quantity__availability\"><span class=\"ux-textspans stock\">4 available</span></div>\n<button type=\"button\" id=\"binBtn_btn_1\">Buy It Now</button>"
    } else {
        "<div class=\"d-quantity__availability\"><span class=\"ux-textspans stock\" data-out>Out of stock</span></div>"
    };
    let body = format!(
        "<div class=\"product\">\n<div class=\"ux-image-carousel\">{picture}</div>\n<div class=\"vim x-item-title\" data-testid=\"x-item-title\">\
         <h1 class=\"x-item-title__mainTitle\"><span class=\"ux-textspans ux-textspans--BOLD\">{name}</span></h1>\n\
         <div class=\"x-item-condition-text\"><span class=\"ux-textspans\">New</span></div>\n\
         <div class=\"x-bin-price__content\"><div class=\"x-price-primary price\" data-testid=\"x-price-primary\"><span class=\"ux-textspans\">US {price}</span></div></div>\n\
         {buy}\n<p class=\"ux-labels-values--shipping\">Shipping: <span class=\"ux-textspans\">US $7.95</span> Standard</p>\n<p>eBay item number: {number}</p></div>\n</div>",
        picture = picture(shown),
        name = escape(shown.item.name),
        price = price_text(shown.price),
    );
    document(&format!("{} | eBay", shown.item.name), Some(Shop::Ebay), &head, &body)
}
