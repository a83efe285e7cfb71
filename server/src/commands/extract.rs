//! `plummet extract`: what saved pages offer. Opens no connection and no database.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use domain::{Platform, ProductUrl, Reading};
use extract::{Page, Pin, extract, summary};
use serde::Deserialize;

use super::{Ended, check};

/// One saved page of a batch.
#[derive(Deserialize)]
struct Saved {
    id: String,
    url: String,
    path: PathBuf,
}

/// Reads one page, or a batch of them.
pub fn run(one: Option<(String, PathBuf)>, batch: Option<PathBuf>) -> anyhow::Result<Ended> {
    if let Some(batch) = batch {
        return read_batch(&batch, &mut std::io::stdout().lock());
    }
    let Some((url, file)) = one else { bail!("give --url URL and a FILE, or --batch PAGES.jsonl") };
    let reading = read_page(&url, &file)?;
    println!("{}", serde_json::to_string_pretty(&reading)?);
    Ok(check::ended(&reading))
}

/// One line a page, in the order of the file. A page that is not there spoils only its own line, and the exit status.
fn read_batch(batch: &Path, out: &mut impl Write) -> anyhow::Result<Ended> {
    let lines = fs::read_to_string(batch).with_context(|| format!("`{}` cannot be read", batch.display()))?;
    let folder = batch.parent().unwrap_or(Path::new(""));
    let mut unread = 0;
    for (index, line) in lines.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()) {
        match read_line(line, folder) {
            Ok(line) => writeln!(out, "{line}")?,
            Err(error) => {
                unread += 1;
                eprintln!("plummet: line {} of `{}`: {error:#}", index + 1, batch.display());
            }
        }
    }
    if unread > 0 {
        bail!("{unread} pages could not be read");
    }
    Ok(Ended::Done)
}

fn read_line(line: &str, folder: &Path) -> anyhow::Result<String> {
    let saved: Saved = serde_json::from_str(line).context("not an object with id, url and path")?;
    let reading = read_page(&saved.url, &folder.join(&saved.path))?;
    Ok(serde_json::to_string(&summary(&saved.id, &reading))?)
}

fn read_page(url: &str, file: &Path) -> anyhow::Result<Reading> {
    let body = fs::read(file).with_context(|| format!("`{}` cannot be read", file.display()))?;
    let product = listing(url);
    let page = Page { url, status: 200, content_type: None, body: &body };
    Ok(extract(&page, &Pin { product: &product, currency: None }))
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
        assert_eq!(read_batch(&batch, &mut out).unwrap(), Ended::Done);
        let line: serde_json::Value = serde_json::from_slice(&out).unwrap();
        for (field, value) in [("id", "1"), ("outcome", "offer"), ("price", "19.90"), ("currency", "EUR"), ("name", "Lamp")] {
            assert_eq!(line[field], value, "{line}");
        }
        for field in ["availability", "reader", "confidence"] {
            assert!(!line[field].is_null(), "{line}");
        }
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
        assert!(read_batch(&batch, &mut out).is_err());
        assert_eq!(String::from_utf8(out).unwrap().lines().count(), 1);
    }
}
