//! The straight path from bytes to a reading.

use domain::offer::{Evidence, Field, ProductFacts, Verdict};
use domain::{FailureKind, Reader, Reading};

use crate::candidate::{Claim, PriceClaim};
use crate::classify::{blocked, gone, hostile, moved, shell, status};
use crate::context::Context;
use crate::decode::decode;
use crate::document::Document;
use crate::page::{MAX_BODY_BYTES, Page, Pin};
use crate::readers::read_all;
use crate::reconcile::reconcile;
use crate::sight::Sight;

/// Reads a page: a price that is surely the tracked listing's, a sure "out of stock", or why neither can be told.
pub fn extract(page: &Page<'_>, pin: &Pin<'_>) -> Reading {
    let text = match readable_text(page) {
        Ok(text) => text,
        Err(detail) => return status_or(page, FailureKind::Unreadable, detail),
    };
    if let Some((kind, detail)) = status::failure(page.status) {
        return failed_by_status(kind, detail, &text.to_lowercase());
    }
    if text.trim().is_empty() {
        return failed(FailureKind::Empty, "the answer is empty; it is tried again later", Vec::new());
    }
    if !text.contains('<') {
        let kind = if text.trim() == "null" { FailureKind::Empty } else { FailureKind::Unreadable };
        return failed(kind, "the answer is no HTML page; check the link", Vec::new());
    }
    if hostile::is_costly(&text) {
        return failed(FailureKind::Unreadable, "the page is nested too deeply to be read", Vec::new());
    }
    let document = Document::parse(&text);
    let mut context = Context::new(page.url, pin);
    for tag in document.language.iter().map(String::as_str).chain(document.meta("og:locale")) {
        context.learn_language(tag);
    }
    let claims = read_all(&document, &context);
    if let Some(reading) = classify(&text, page, pin, &document, &claims) {
        return reading;
    }
    with_page_facts(reconcile(claims, &Sight::new(&document), pin.currency), &document)
}

/// What kind of page it is, if not the tracked product's. The page's own product data outweigh the signs of a wall or an error.
fn classify(text: &str, page: &Page<'_>, pin: &Pin<'_>, document: &Document, claims: &[Claim]) -> Option<Reading> {
    let has_product = claims.iter().any(|claim| claim.says_anything() && claim.reader != Reader::OpenGraph)
        || claims.iter().any(|claim| matches!(claim.price, PriceClaim::One(_)));
    // Most pages have a product: the copy for comparing is made for the others only.
    let lower = if has_product { String::new() } else { text.to_lowercase() };
    if !has_product && let Some((vendor, mark)) = blocked::find_challenge(&lower, document) {
        let detail = format!("the shop shows a human check ({vendor}); try another proxy, or wait");
        return Some(failed(FailureKind::Blocked, &detail, vec![sign(&mark)]));
    }
    if let Some(detail) = moved::find_move(page.url, pin.product) {
        return Some(failed(FailureKind::Moved, &detail, vec![sign(page.url)]));
    }
    if !has_product {
        let signs = gone::signs(&lower, document);
        if signs.len() >= 2 {
            let evidence = signs.iter().map(|found| sign(found)).collect();
            return Some(failed(FailureKind::Gone, "the shop says that there is no such product; check the link", evidence));
        }
        if let Some(detail) = shell::find_shell(&lower, document) {
            return Some(failed(FailureKind::Empty, detail, Vec::new()));
        }
    }
    None
}

fn readable_text<'a>(page: &Page<'a>) -> Result<std::borrow::Cow<'a, str>, &'static str> {
    if page.body.len() > MAX_BODY_BYTES {
        return Err("the page is larger than 8 MB; check the link");
    }
    let kind = page.content_type.unwrap_or("text/html").split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let is_text = kind.is_empty()
        || kind.starts_with("text/")
        || kind.contains("html")
        || kind.contains("xml")
        || kind == "application/octet-stream";
    // Some shops answer a wall in JSON: the status still says what it is.
    if !is_text && !kind.contains("json") {
        return Err("the link leads to a file, not to a page; check it");
    }
    decode(page.body, page.content_type).ok_or("the answer is not text: it may be compressed twice, or a file")
}

fn status_or(page: &Page<'_>, kind: FailureKind, detail: &str) -> Reading {
    match status::failure(page.status) {
        Some((kind, detail)) => failed(kind, &detail, Vec::new()),
        None => failed(kind, detail, Vec::new()),
    }
}

/// An error status with a wall's mark is a wall: 403, 429 and 503 are what walls answer with.
fn failed_by_status(kind: FailureKind, detail: String, lower: &str) -> Reading {
    let may_be_wall = matches!(kind, FailureKind::Blocked | FailureKind::Unreachable);
    match blocked::find_mark(lower).filter(|_| may_be_wall) {
        Some(vendor) => {
            let detail = format!("the shop shows a human check ({vendor}); try another proxy, or wait");
            failed(FailureKind::Blocked, &detail, vec![sign(vendor)])
        }
        None => failed(kind, &detail, Vec::new()),
    }
}

/// A page without structured data still has a name: its heading, for people to recognise it by.
fn with_page_facts(mut reading: Reading, document: &Document) -> Reading {
    let heading = || document.headings().iter().find(|heading| heading.chars().count() > 2).cloned();
    let facts = match &mut reading {
        Reading::Offer(offer) => &mut offer.facts,
        Reading::OutOfStock { facts, .. } | Reading::Failed { facts, .. } => facts,
    };
    if facts.name.is_none() {
        facts.name = heading().or_else(|| Some(document.title.clone()).filter(|title| !title.is_empty()));
    }
    reading
}

fn failed(kind: FailureKind, detail: &str, evidence: Vec<Evidence>) -> Reading {
    Reading::Failed { kind, detail: detail.to_owned(), facts: ProductFacts::default(), evidence }
}

fn sign(text: &str) -> Evidence {
    Evidence {
        field: Field::Page,
        reader: Reader::BuyBox,
        place: "page".to_owned(),
        raw: text.chars().take(200).collect(),
        value: String::new(),
        confidence: 80,
        verdict: Verdict::Chosen,
    }
}
