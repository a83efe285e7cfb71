//! Reads saved pages (`{"id","url","path"}` a line, paths relative to the file) and prints one summary a line.
//! Lines with `price_string` are read as price strings instead.

use std::error::Error;
use std::path::Path;

use domain::{Currency, ProductUrl};
use extract::price_text::{DecimalMark, Hints, ParsedPrice, parse_price};
use extract::{Page, Pin, extract, summary};
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn Error>> {
    let list = std::env::args().nth(1).ok_or("usage: score PAGES.jsonl")?;
    let folder = Path::new(&list).parent().unwrap_or(Path::new("."));
    for line in std::fs::read_to_string(&list)?.lines().filter(|line| !line.trim().is_empty()) {
        let entry: Value = serde_json::from_str(line)?;
        let text = |key: &str| entry[key].as_str().unwrap_or_default();
        if let Some(string) = entry["price_string"].as_str() {
            println!("{}", read_string(text("id"), string, &entry));
            continue;
        }
        let body = std::fs::read(folder.join(text("path")))?;
        let url = text("url");
        // A wall's URL names no product: any will do.
        let product = ProductUrl::parse(url).unwrap_or(ProductUrl::parse("https://shop.example/")?);
        let page = Page { url, status: 200, content_type: Some("text/html"), body: &body };
        let reading = extract(&page, &Pin { product: &product, currency: None });
        if std::env::var_os("EVIDENCE").is_some() {
            eprintln!("{} {reading:#?}", text("id"));
        }
        println!("{}", serde_json::to_string(&summary(text("id"), &reading))?);
    }
    Ok(())
}

fn read_string(id: &str, string: &str, entry: &Value) -> Value {
    let mark = match entry["decimal_separator_hint"].as_str() {
        Some(",") => Some(DecimalMark::Comma),
        Some(".") => Some(DecimalMark::Dot),
        _ => None,
    };
    let hints =
        Hints { currency: entry["currency_hint"].as_str().and_then(Currency::from_code), decimal_mark: mark, country: None };
    match parse_price(string, &hints) {
        ParsedPrice::One(amount) => json!({"id": id, "amount": amount.decimal, "currency": amount.currency.map(Currency::code)}),
        _ => json!({"id": id, "amount": null, "currency": null}),
    }
}
