//! The straight path from bytes to a reading.

use std::borrow::Cow;

use domain::offer::{Evidence, Field, ProductFacts, Verdict};
use domain::{Availability, FailureKind, Reader, Reading};

use crate::candidate::{Claim, PriceClaim};
use crate::classify::{blocked, gone, moved, shell, status};
use crate::context::Context;
use crate::decode::decode;
use crate::document::Document;
use crate::fast;
use crate::page::{MAX_BODY_BYTES, Page, Pin};
use crate::readers::{BuyBox, has_platform_reader, read_all, selected, state};
use crate::reconcile::reconcile;
use crate::selector::Selector;
use crate::sight::{Seen, Sight};

/// A way to read a page. All give the same answer wherever they give one; the first that does is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// One pass over the tags, without a tree. Declines where structured data and the visible text do not settle it.
    Search,
    /// A quick tree. Declines where the page is not regular.
    Tree,
    /// The HTML standard's tree. Never declines.
    Full,
}

/// Reads a page: a price that is surely the tracked listing's, a sure "out of stock", or why neither can be told.
pub fn extract(page: &Page<'_>, pin: &Pin<'_>) -> Reading {
    let text = match readable_text(page) {
        Ok(text) => text,
        Err(reading) => return *reading,
    };
    if let Some(selector) = pin.selector {
        return read_selected(&text, page, pin, selector);
    }
    [Way::Search, Way::Tree, Way::Full].into_iter().find_map(|way| read_by(way, &text, page, pin)).unwrap_or_else(too_deep)
}

/// Reads a page by one way only; `None` where that way declines. For tests and measurements: [`extract()`] takes the first that
/// answers.
pub fn extract_by(page: &Page<'_>, pin: &Pin<'_>, way: Way) -> Option<Reading> {
    match readable_text(page) {
        Ok(text) => read_by(way, &text, page, pin),
        Err(reading) => Some(*reading),
    }
}

fn read_by(way: Way, text: &str, page: &Page<'_>, pin: &Pin<'_>) -> Option<Reading> {
    match way {
        Way::Search => fast::read(text, page, pin),
        Way::Tree => Some(read_document(text, page, pin, &Document::parse_quick(text)?)),
        Way::Full => Some(match Document::parse_full(text) {
            Some(document) => read_document(text, page, pin, &document),
            None => too_deep(),
        }),
    }
}

/// The text of a page that may be a product's; or what its status, size or kind says already.
pub(crate) fn readable_text<'a>(page: &Page<'a>) -> Result<Cow<'a, str>, Box<Reading>> {
    let text = match text_of(page) {
        Ok(text) => text,
        Err(detail) => return Err(Box::new(status_or(page, FailureKind::Unreadable, detail))),
    };
    let reading = if let Some((kind, detail)) = status::failure(page.status) {
        failed_by_status(kind, detail, &text.to_lowercase())
    } else if text.trim().is_empty() {
        failed(FailureKind::Empty, "the answer is empty; it is tried again later", Vec::new())
    } else if !text.contains('<') {
        let kind = if text.trim() == "null" { FailureKind::Empty } else { FailureKind::Unreadable };
        failed(kind, "the answer is no HTML page; check the link", Vec::new())
    } else {
        return Ok(text);
    };
    Err(Box::new(reading))
}

fn too_deep() -> Reading {
    failed(FailureKind::Unreadable, "the page is nested too deeply to be read", Vec::new())
}

fn read_document(text: &str, page: &Page<'_>, pin: &Pin<'_>, document: &Document<'_>) -> Reading {
    let mut context = Context::new(page.url, pin);
    for tag in document.language.iter().map(String::as_str).chain(document.meta("og:locale")) {
        context.learn_language(tag);
    }
    let mut claims = read_all(document, &context);
    if let Some(reading) = classify(text, page, pin, document, &claims) {
        return reading;
    }
    let sight = Sight::new(document);
    let see = |price| sight.of(price);
    let reading = reconcile(&claims, &see, pin.currency);
    if !is_open(&reading) || has_platform_reader(context.platform) {
        return with_page_facts(reading, document);
    }
    let known = claims.len();
    let buy_box = BuyBox::find(document, reading.facts().name.as_deref());
    if matches!(reading, Reading::Offer(_)) {
        claims.extend(buy_box.and_then(|buy_box| buy_box.stock()));
    } else {
        context.learn_currency(state::find_currency(document));
        claims.extend(state::read(document, &context));
        claims.extend(buy_box.and_then(|buy_box| buy_box.read(&context)));
    }
    let reading = if claims.len() > known { reconcile(&claims, &see, pin.currency) } else { reading };
    with_page_facts(reading, document)
}

/// The price where a person says that it stands, with what the page's data say about the stock and the product. Where nothing stands
/// there, that is told: another price in its place would be another thing's.
fn read_selected(text: &str, page: &Page<'_>, pin: &Pin<'_>, selector: &Selector) -> Reading {
    let Some(document) = Document::parse_quick(text).or_else(|| Document::parse_full(text)) else { return too_deep() };
    let mut context = Context::new(page.url, pin);
    for tag in document.language.iter().map(String::as_str).chain(document.meta("og:locale")) {
        context.learn_language(tag);
    }
    context.learn_currency(state::find_currency(&document));
    let selected = selected::read(text, selector, &document, &context);
    let mut claims = read_all(&document, &context);
    claims.iter_mut().for_each(|claim| claim.price = PriceClaim::None);
    let has_price = selected.price != PriceClaim::None;
    claims.insert(0, selected);
    if let Some(reading) = classify(text, page, pin, &document, &claims) {
        return reading;
    }
    let mut reading = reconcile(&claims, &|_| Seen::Plain, pin.currency);
    if let Reading::Failed { kind: FailureKind::NoPrice, detail, .. } = &mut reading
        && !has_price
    {
        *detail = format!("the selector `{selector}` finds no price on this page; choose another place, or remove it");
    }
    with_page_facts(reading, &document)
}

/// Whether the page's structured data leave the price or the stock state open: then the lesser readers are asked. Pages of platforms
/// with a reader of their own are full of other products' prices, and that reader knows the buy box better.
fn is_open(reading: &Reading) -> bool {
    match reading {
        Reading::Offer(offer) => offer.availability == Availability::Unknown,
        Reading::OutOfStock { .. } => false,
        Reading::Failed { kind, .. } => matches!(kind, FailureKind::NoPrice | FailureKind::Ambiguous),
    }
}

/// What kind of page it is, if not the tracked product's. The page's own product data outweigh the signs of a wall or an error.
fn classify(text: &str, page: &Page<'_>, pin: &Pin<'_>, document: &Document<'_>, claims: &[Claim]) -> Option<Reading> {
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

fn text_of<'a>(page: &Page<'a>) -> Result<Cow<'a, str>, &'static str> {
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
fn with_page_facts(mut reading: Reading, document: &Document<'_>) -> Reading {
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
