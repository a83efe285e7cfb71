//! `plummet extract`: what saved pages offer. Opens no connection and no database.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domain::{Platform, ProductUrl, Reading};
use extract::price_text::{DecimalMark, settle_price};
use extract::{Page, Pin, extract, summary};
use serde::Deserialize;
use serde_json::json;

use super::{Ended, check};

/// One saved page of a batch.
#[derive(Deserialize)]
struct Saved {
    id: String,
    url: String,
    path: PathBuf,
}

/// One price string, with what its page said elsewhere.
#[derive(Deserialize)]
struct PriceString {
    id: String,
    price_string: String,
    currency_hint: Option<String>,
    decimal_separator_hint: Option<String>,
}

/// Reads one page, a batch of them, or price strings.
pub fn run(one: Option<(String, PathBuf)>, batch: Option<PathBuf>, strings: Option<PathBuf>) -> anyhow::Result<Ended> {
    let out = &mut std::io::stdout().lock();
    if let Some(strings) = strings {
        return read_lines(&strings, read_string, out);
    }
    if let Some(batch) = batch {
        let folder = batch.parent().unwrap_or(Path::new(""));
        return read_lines(&batch, |line| read_line(line, folder), out);
    }
    let Some((url, file)) = one else { bail!("give --url URL and a FILE, --batch PAGES.jsonl or --strings STRINGS.jsonl") };
    let reading = read_page(&url, &file)?;
    writeln!(out, "{}", serde_json::to_string_pretty(&reading)?)?;
    Ok(check::ended(&reading))
}

/// One line an entry, in the order of the file. One that cannot be read spoils only its own line, and the exit status.
fn read_lines(batch: &Path, read: impl Fn(&str) -> anyhow::Result<String>, out: &mut impl Write) -> anyhow::Result<Ended> {
    let lines = fs::read_to_string(batch).with_context(|| format!("`{}` cannot be read", batch.display()))?;
    let mut unread = 0;
    for (index, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match read(line) {
            Ok(line) => writeln!(out, "{line}")?,
            Err(error) => {
                unread += 1;
                eprintln!("plummet: line {} of `{}`: {error:#}", index + 1, batch.display());
            }
        }
    }
    if unread > 0 {
        bail!("{unread} lines could not be read");
    }
    Ok(Ended::Done)
}

fn read_line(line: &str, folder: &Path) -> anyhow::Result<String> {
    let saved: Saved = serde_json::from_str(line).context("not an object with id, url and path")?;
    let reading = read_page(&saved.url, &folder.join(&saved.path))?;
    Ok(serde_json::to_string(&summary(&saved.id, &reading))?)
}

fn read_string(line: &str) -> anyhow::Result<String> {
    let string: PriceString = serde_json::from_str(line).context("not an object with id and price_string")?;
    let mark = string.decimal_separator_hint.as_deref().and_then(DecimalMark::of_sign);
    let amount = settle_price(&string.price_string, string.currency_hint.as_deref(), mark);
    // A sign of several currencies is told as it is written.
    let currency =
        amount.as_ref().and_then(|amount| amount.currency.map(|currency| currency.code().to_owned()).or(amount.sign.clone()));
    Ok(json!({ "id": string.id, "amount": amount.map(|amount| amount.decimal), "currency": currency }).to_string())
}

fn read_page(url: &str, file: &Path) -> anyhow::Result<Reading> {
    let body = fs::read(file).with_context(|| format!("`{}` cannot be read", file.display()))?;
    let product = listing(url);
    let page = Page { url, status: 200, content_type: None, body: &body };
    Ok(extract(&page, &Pin::new(&product, None)))
}

/// The listing of a URL. Of a saved page also URLs that could not be tracked are read: whether it offers anything is asked.
fn listing(url: &str) -> ProductUrl {
    ProductUrl::parse(url).unwrap_or_else(|_| ProductUrl {
        platform: Platform::GENERIC,
        external_id: url.to_owned(),
        url: url.to_owned(),
        host: url::Url::parse(url).map(|url| domain::product::shop_host(&url)).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<html><head><title>Lamp</title><script type="application/ld+json">
        {"@context":"https://schema.org","@type":"Product","name":"Lamp","offers":{"@type":"Offer","price":"19.90",
        "priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script></head><body><h1>Lamp</h1></body></html>"#;

    #[test]
    fn a_batch_prints_a_line_a_page_with_paths_beside_the_file() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("lamp.html"), PAGE).unwrap();
        let batch = folder.path().join("PAGES.jsonl");
        fs::write(&batch, "{\"id\":\"1\",\"url\":\"https://shop.example/lamp\",\"path\":\"lamp.html\"}\n\n").unwrap();
        let mut out = Vec::new();
        assert_eq!(read_lines(&batch, |line| read_line(line, folder.path()), &mut out).unwrap(), Ended::Done);
        let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
        for (field, value) in [("id", "1"), ("outcome", "offer"), ("price", "19.90"), ("currency", "EUR"), ("name", "Lamp")] {
            assert_eq!(line[field], value, "{line}");
        }
        for field in ["availability", "reader", "confidence"] {
            assert!(!line[field].is_null(), "{line}");
        }
    }

    #[test]
    fn a_price_string_gives_its_amount_and_currency() {
        let line = |text: &str| format!("{{\"id\":\"1\",\"price_string\":\"{text}\",\"currency_hint\":null}}");
        assert_eq!(read_string(&line("1.299,95 €")).unwrap(), r#"{"amount":"1299.95","currency":"EUR","id":"1"}"#);
        assert_eq!(read_string(&line("$16,500")).unwrap(), r#"{"amount":"16500","currency":"$","id":"1"}"#);
        assert_eq!(read_string(&line("2 for 5 €")).unwrap(), r#"{"amount":null,"currency":null,"id":"1"}"#);
        assert!(read_string("{}").is_err());
    }

    #[test]
    fn a_missing_page_fails_the_batch_but_not_its_neighbours() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("lamp.html"), PAGE).unwrap();
        let batch = folder.path().join("PAGES.jsonl");
        let line =
            |id: &str, path: &str| format!("{{\"id\":\"{id}\",\"url\":\"https://shop.example/{id}\",\"path\":\"{path}\"}}\n");
        fs::write(&batch, line("a", "none.html") + &line("b", "lamp.html")).unwrap();
        let mut out = Vec::new();
        assert!(read_lines(&batch, |line| read_line(line, folder.path()), &mut out).is_err());
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 1);
    }
}
