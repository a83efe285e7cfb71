//! Small pages, one mistake each: `pages/<platform>/<case>.html` with what must come out in the `.json` beside it.
#![cfg(test)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use domain::{Currency, ProductUrl, Reading};
use extract::{Page, Pin, Selector, Way, extract, extract_by};
use serde::Deserialize;

/// What a case gives and expects. Fields that are left out are not looked at, but for the price: none expected, none may come.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// The fact that the case shows.
    fact: String,
    /// The tracked link.
    url: String,
    /// Where the page was found, if not there.
    final_url: Option<String>,
    status: Option<u16>,
    content_type: Option<String>,
    pinned_currency: Option<String>,
    selector: Option<String>,
    reader: Option<String>,
    outcome: String,
    price: Option<String>,
    currency: Option<String>,
    list_price: Option<String>,
    availability: Option<String>,
    name: Option<String>,
}

#[test]
fn every_page_gives_what_its_json_says() {
    let mut failures = String::new();
    let cases = cases();
    assert!(cases.len() > 60, "only {} pages were found", cases.len());
    for path in cases {
        let name = path.strip_prefix(folder()).unwrap_or(&path).display().to_string();
        let (html, json) = (path.with_extension("html"), path.with_extension("json"));
        let (Ok(body), Ok(case)) = (std::fs::read(&html), std::fs::read_to_string(&json)) else {
            writeln!(failures, "{name}: the page or its json is missing").unwrap();
            continue;
        };
        match serde_json::from_str::<Case>(&case) {
            Err(error) => writeln!(failures, "{name}: {error}").unwrap(),
            Ok(case) => {
                for difference in differences(&case, &read(&case, &body)) {
                    writeln!(failures, "{name} ({}): {difference}", case.fact).unwrap();
                }
            }
        }
    }
    assert!(failures.is_empty(), "\n{failures}");
}

#[test]
fn pages_cut_or_damaged_anywhere_still_get_an_answer() {
    for path in cases() {
        let (Ok(body), Ok(case)) =
            (std::fs::read(path.with_extension("html")), std::fs::read_to_string(path.with_extension("json")))
        else {
            continue;
        };
        let case: Case = serde_json::from_str(&case).unwrap();
        for step in 1..12 {
            let cut = body.len() * step / 12;
            read(&case, &body[..cut]);
            let mut damaged = body.clone();
            if let Some(byte) = damaged.get_mut(cut) {
                *byte = b'<';
            }
            read(&case, &damaged);
            damaged.drain(cut / 2..cut);
            read(&case, &damaged);
        }
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pages")
}

/// Every page and every json, without its extension: an orphan of either kind is found.
fn cases() -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .flat_map(|platform| std::fs::read_dir(platform.unwrap().path()).unwrap())
        .map(|file| file.unwrap().path().with_extension(""))
        .collect();
    found.sort();
    found.dedup();
    found
}

fn read(case: &Case, body: &[u8]) -> Reading {
    let product = ProductUrl::parse(&case.url).unwrap();
    let page = Page {
        url: case.final_url.as_deref().unwrap_or(&case.url),
        status: case.status.unwrap_or(200),
        content_type: case.content_type.as_deref(),
        body,
    };
    let selector = case.selector.as_deref().map(|text| Selector::parse(text).unwrap());
    let pin = Pin::new(&product, case.pinned_currency.as_deref().and_then(Currency::from_code)).with_selector(selector.as_ref());
    let reading = extract(&page, &pin);
    if selector.is_none() {
        let full = extract_by(&page, &pin, Way::Full).unwrap();
        for way in [Way::Search, Way::Tree] {
            // Whatever a way answers is what the full tree answers, on damaged pages too.
            if let Some(reading) = extract_by(&page, &pin, way) {
                assert_eq!(reading, full, "{way:?} on {}", String::from_utf8_lossy(body));
            }
        }
    }
    reading
}

fn differences(case: &Case, reading: &Reading) -> Vec<String> {
    let (offer, availability) = match reading {
        Reading::Offer(offer) => (Some(offer), Some(offer.availability)),
        Reading::OutOfStock { availability, .. } => (None, Some(*availability)),
        Reading::Failed { .. } => (None, None),
    };
    let text = |value: Option<String>| value.unwrap_or_else(|| "nothing".to_owned());
    let mut rows = vec![
        ("outcome", case.outcome.clone(), reading.outcome().to_owned()),
        ("price", text(case.price.clone()), text(offer.map(|offer| offer.price.to_decimal()))),
    ];
    let mut also = |field, expected: &Option<String>, got: Option<String>| {
        if let Some(expected) = expected {
            rows.push((field, expected.clone(), text(got)));
        }
    };
    also("currency", &case.currency, offer.map(|offer| offer.price.currency.code().to_owned()));
    also("list price", &case.list_price, offer.and_then(|offer| offer.list_price).map(|price| price.to_decimal()));
    also("availability", &case.availability, availability.map(|availability| availability.as_str().to_owned()));
    also("reader", &case.reader, offer.map(|offer| offer.reader.as_str().to_owned()));
    also("name", &case.name, reading.facts().name.clone());
    let differs = |(_, expected, got): &(&str, String, String)| expected != got;
    rows.into_iter().filter(differs).map(|(field, expected, got)| format!("{field} is {got}, not {expected}")).collect()
}
