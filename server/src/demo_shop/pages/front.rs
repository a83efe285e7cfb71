//! The front page: every product of every shop, and the troubles.

use super::super::catalogue::Shop;
use super::super::html::{document, escape};
use super::super::schedule::Shown;
use super::super::trouble::TROUBLES;
use super::{in_stock, price_text};

/// The list of a shop's products; of all shops' if there is none.
pub fn page(shop: Option<Shop>, shown: &[Shown], port: u16) -> String {
    let mut body = String::from("<h1>Demo shop</h1>\n<p>Paste one of these links into Plummet. Prices move every minute or so.");
    body.push_str(&format!(" <a href=\"http://127.0.0.1:{port}/control\">Set a price yourself</a>.</p>\n"));
    for owner in Shop::ALL.into_iter().filter(|owner| shop.is_none_or(|shop| shop == *owner)) {
        body.push_str(&format!("<h2>{}</h2>\n<ul class=\"cards\">\n", escape(owner.name())));
        for product in shown.iter().filter(|product| product.item.shop == owner) {
            body.push_str(&card(product, port));
        }
        body.push_str("</ul>\n");
    }
    if shop.is_none() {
        body.push_str(
            "<h2>Pages with troubles</h2>\n<table><thead><tr><th>Page</th><th>What is wrong</th></tr></thead><tbody>\n",
        );
        for trouble in TROUBLES {
            let url = trouble.url(port);
            body.push_str(&format!("<tr><td><a href=\"{url}\">{url}</a></td><td>{}</td></tr>\n", escape(trouble.about)));
        }
        body.push_str("</tbody></table>\n");
    }
    document("Demo shop", shop, "", &body)
}

fn card(product: &Shown, port: u16) -> String {
    let stock = if in_stock(product) { "" } else { " · out of stock" };
    format!(
        "<li><a href=\"{url}\"><img src=\"/pictures/{slug}.svg\" width=\"320\" height=\"320\" alt=\"\">{name}</a><br><strong>{price}</strong>{stock}</li>\n",
        url = product.item.url(port),
        slug = product.item.slug,
        name = escape(product.item.name),
        price = price_text(product.price),
    )
}
