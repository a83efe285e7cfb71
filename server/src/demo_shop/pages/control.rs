//! The control page: what everything costs now, and a form to change it.

use super::super::html::{document, escape};
use super::super::schedule::Shown;
use super::{in_stock, price_text};

/// The page; `note` is what came of the last change.
pub fn page(shown: &[Shown], port: u16, note: Option<&str>) -> String {
    let note = note.map_or_else(String::new, |note| format!("<p role=\"status\"><strong>{}</strong></p>\n", escape(note)));
    let rows: String = shown.iter().map(|product| row(product, port)).collect();
    let body = format!(
        "<h1>Control</h1>\n{note}<p>Give a price as a plain decimal (<code>89.99</code>), or <code>auto</code> for the schedule. It counts at once.</p>\n\
         <table><thead><tr><th>Product</th><th>Now</th><th>Set</th></tr></thead><tbody>\n{rows}</tbody></table>"
    );
    document("Control · Demo shop", None, "", &body)
}

fn row(product: &Shown, port: u16) -> String {
    let url = product.item.url(port);
    let slug = product.item.slug;
    format!(
        "<tr><td>{name}<br><a href=\"{url}\">{url}</a></td><td>{price}{stock}</td><td><form method=\"post\" action=\"/control\">\
         <input type=\"hidden\" name=\"product\" value=\"{slug}\"><label>Price <input name=\"price\" value=\"{decimal}\" required></label> \
         <label>Stock <select name=\"availability\"><option value=\"auto\">usual</option><option value=\"in_stock\">in stock</option>\
         <option value=\"out_of_stock\">out of stock</option></select></label> <button>Set</button></form></td></tr>\n",
        name = escape(product.item.name),
        price = price_text(product.price),
        stock = if in_stock(product) { "" } else { ", out of stock" },
        decimal = product.price.to_decimal(),
    )
}
