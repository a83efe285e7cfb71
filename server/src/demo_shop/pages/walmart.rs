//! A page shaped as Walmart's: the product in the state that the page's own script reads.

use serde_json::{Value, json};

use super::super::catalogue::Shop;
use super::super::html::{document, escape, script_json};
use super::super::schedule::Shown;
use super::{in_stock, picture, price_text};

/// The product's page.
pub fn page(shown: &Shown, port: u16) -> String {
    let state = json!({"props": {"pageProps": {"initialData": {"data": {"product": product(shown, port)}}}}, "page": "/ip/[...itemParams]"});
    let body = format!(
        "<div class=\"product\">\n<div data-testid=\"media-thumbnail\">{picture}</div>\n<div>\
         <h1 id=\"main-title\" itemprop=\"name\">{name}</h1>\n\
         <div data-testid=\"price-wrap\"><span itemprop=\"price\" data-seo-id=\"hero-price\" class=\"price\">{price}</span>{was}</div>\n{stock}\n\
         <p>Sold and shipped by Walmart.localhost</p></div>\n</div>\n<script id=\"__NEXT_DATA__\" type=\"application/json\">{state}</script>",
        picture = picture(shown),
        name = escape(shown.item.name),
        price = price_text(shown.price),
        was = shown.list_price.map_or_else(String::new, |list| format!("<s class=\"was\">{}</s>", price_text(list))),
        stock = super::stock_and_button(shown),
        state = script_json(&state),
    );
    document(&format!("{} - Walmart.localhost", shown.item.name), Some(Shop::Walmart), "", &body)
}

fn product(shown: &Shown, port: u16) -> Value {
    let price_of = |price: domain::Money| {
        // Walmart writes prices as JSON numbers; the text is a decimal already, so no float is computed.
        let number: Value = serde_json::from_str(&price.to_decimal()).unwrap_or(Value::Null);
        json!({"price": number, "priceString": price_text(price), "currencyUnit": price.currency.code()})
    };
    json!({
        "usItemId": shown.item.path.trim_start_matches("/ip/"),
        "name": shown.item.name,
        "brand": shown.item.brand,
        "upc": shown.item.gtin,
        "type": "Physical",
        "availabilityStatus": if in_stock(shown) { "IN_STOCK" } else { "OUT_OF_STOCK" },
        "sellerName": "Walmart.localhost",
        "imageInfo": {"thumbnailUrl": shown.item.picture_url(port)},
        "priceInfo": {"currentPrice": price_of(shown.price), "wasPrice": shown.list_price.map(price_of)}
    })
}
