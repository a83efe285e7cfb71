//! A page shaped as Amazon's: prices split into whole and fraction beside a hidden copy, and other products' prices around.

use super::super::catalogue::{CATALOGUE, Shop};
use super::super::html::{document, escape};
use super::super::schedule::Shown;
use super::{in_stock, picture, price_text};

/// The product's page.
pub fn page(shown: &Shown, _port: u16) -> String {
    let title = format!("Amazon.localhost: {}", shown.item.name);
    let asin = shown.item.path.trim_start_matches("/dp/");
    let body = format!(
        "<div id=\"dp\"><div id=\"ppd\" class=\"product\">\n<div id=\"leftCol\"><div id=\"imgTagWrapperId\">{picture}</div></div>\n\
         <div><div id=\"centerCol\">\n<div id=\"titleSection\"><h1 id=\"title\" class=\"a-size-large\"><span id=\"productTitle\" class=\"a-size-large product-title-word-break\">        {name}       </span></h1></div>\n\
         <a id=\"bylineInfo\" class=\"a-link-normal\" href=\"/\">Visit the {brand} Store</a>\n{core}\n\
         <ul id=\"feature-bullets\"><li>Ships with a 2-year guarantee worth $19.99</li><li>Save $10.00 with a coupon on your next order</li></ul>\n</div>\n\
         <div id=\"rightCol\"><div id=\"buybox\">\n<input type=\"hidden\" id=\"ASIN\" name=\"ASIN\" value=\"{asin}\">\n{buy_box}\n</div></div></div>\n</div>\n{carousel}\n</div>",
        picture = picture(shown),
        name = escape(shown.item.name),
        brand = escape(shown.item.brand),
        core = core_price_display(shown),
        buy_box = buy_box(shown),
        carousel = carousel(shown),
    );
    let head = format!("<link rel=\"canonical\" href=\"{}\">\n", shown.item.path);
    document(&title, Some(Shop::Amazon), &head, &body)
}

/// The price beside the title, with the struck price under it.
fn core_price_display(shown: &Shown) -> String {
    if !in_stock(shown) {
        return "<div id=\"corePriceDisplay_desktop_feature_div\" class=\"celwidget\"></div>".to_owned();
    }
    let price = price_text(shown.price);
    let struck = shown.list_price.map_or_else(String::new, |list| {
        let list = price_text(list);
        format!(
            "<div class=\"a-section a-spacing-small\"><span class=\"a-size-small a-color-secondary basisPrice was\">List Price: \
             <span class=\"a-price a-text-price\" data-a-strike=\"true\"><span class=\"a-offscreen\">{list}</span><s aria-hidden=\"true\">{list}</s></span></span></div>"
        )
    });
    format!(
        "<div id=\"corePriceDisplay_desktop_feature_div\" class=\"celwidget\"><div class=\"a-section a-spacing-none\">\
         <span class=\"a-price aok-align-center reinventPricePriceToPayMargin priceToPay price\"><span class=\"a-offscreen\">{price}</span>{split}</span></div>\n{struck}</div>",
        split = split_price(shown),
    )
}

/// `149.99` in three elements, as it is drawn.
fn split_price(shown: &Shown) -> String {
    let plain = shown.price.to_decimal();
    let (whole, fraction) = plain.split_once('.').unwrap_or((&plain, "00"));
    format!(
        "<span aria-hidden=\"true\"><span class=\"a-price-symbol\">$</span><span class=\"a-price-whole\">{whole}<span class=\"a-price-decimal\">.</span></span>\
         <span class=\"a-price-fraction\">{fraction}</span></span>"
    )
}

/// The box at the right: the price again, the stock, the button.
fn buy_box(shown: &Shown) -> String {
    if !in_stock(shown) {
        return "<div id=\"outOfStock\"><div id=\"availability\" class=\"a-section\"><span class=\"a-size-medium a-color-price stock\" data-out>\
                Currently unavailable.</span><br>We don't know when or if this item will be back in stock.</div></div>"
            .to_owned();
    }
    format!(
        "<div id=\"corePrice_feature_div\" class=\"celwidget\"><div class=\"a-section a-spacing-micro\"><span class=\"a-price aok-align-center\">\
         <span class=\"a-offscreen\">{price}</span>{split}</span></div></div>\n\
         <div id=\"availability\" class=\"a-section\"><span class=\"a-size-medium a-color-success stock\">In Stock</span></div>\n\
         <form method=\"get\" action=\"/\"><button id=\"add-to-cart-button\" name=\"submit.add-to-cart\">Add to Cart</button></form>\n\
         <div id=\"merchantInfoFeature_feature_div\"><span class=\"offer-display-feature-text-message\">Amazon.localhost</span></div>",
        price = price_text(shown.price),
        split = split_price(shown),
    )
}

/// Other products with prices of their own: a reader that takes one of these is wrong.
fn carousel(shown: &Shown) -> String {
    let others = CATALOGUE.iter().filter(|item| item.shop == Shop::Amazon && *item != shown.item);
    let cards: String = others
        .map(|item| {
            let price = price_text(domain::Money::new(item.usual_minor / 3, item.currency()));
            format!(
                "<li class=\"a-carousel-card\"><a href=\"{}\"><img src=\"/pictures/{}.svg\" width=\"120\" height=\"120\" alt=\"\">{}</a><br>\
                 <span class=\"a-price\"><span class=\"a-offscreen\">{price}</span><span aria-hidden=\"true\">{price}</span></span> used</li>",
                item.path,
                item.slug,
                escape(item.name),
            )
        })
        .collect();
    format!(
        "<div id=\"sims-consolidated-2_feature_div\" class=\"a-carousel-container\"><h2>Customers also viewed</h2><ol class=\"a-carousel cards\">{cards}</ol></div>"
    )
}
