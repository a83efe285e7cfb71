//! eBay's item pages: the primary price, and whether the listing still runs.

use domain::offer::Field;
use domain::{Availability, Money, Reader};

use crate::availability::read_phrase;
use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;
use crate::markup::Name;
use crate::price_text::{ParsedPrice, parse_price};
use crate::visible::visible_text;

const CONFIDENCE: u8 = 88;

/// A running bid is what the page shows, but not what a buyer will pay.
const BID_CONFIDENCE: u8 = 50;

/// Ids of the price in older pages; the struck one (`orgPrc`) and the converted one (`convbinPrice`) are not among them.
const PRICE_IDS: &[(&str, bool)] = &[("mm-saleDscPrc", false), ("prcIsum", false), ("prcIsum_bidPrice", true)];

/// Banners over the item.
const STATUS_CLASSES: &[&str] = &[
    "d-statusmessage",
    "x-item-status",
    "ux-layout-section__textual-display--statusMessage",
    "statusMsg",
    "vi-status-msg",
    "x-end-time-message",
    "msgTextAlign",
];

pub(crate) fn read(document: &Document<'_>, context: &Context) -> Option<Claim> {
    let mut claim = Claim::new(Reader::Platform, CONFIDENCE);
    read_price(&mut claim, document, context);
    claim.availability = read_availability(&mut claim, document);
    let title = document
        .by_id("itemTitle")
        .map(visible_text)
        .or_else(|| document.with_class(&["x-item-title__mainTitle"]).next().map(visible_text));
    claim.facts.name =
        title.map(|title| title.trim_start_matches("Details about").trim().to_owned()).filter(|title| !title.is_empty());
    if let Some(name) = claim.facts.name.clone() {
        claim.note(Field::Name, ".x-item-title__mainTitle", &name, name.clone());
    }
    (claim.says_anything() || claim.facts.name.is_some()).then_some(claim)
}

fn read_price(claim: &mut Claim, document: &Document<'_>, context: &Context) {
    // Prices of other marketplaces' sellers are shown in their currency with a sign; the host's currency settles a bare `$` only.
    let hints = context.hints(None);
    let mut found: Vec<(Money, String, String, bool)> = Vec::new();
    let bids = document.with_class(&["x-bid-price"]).next().is_some();
    for element in document.with_class(&["x-price-primary"]).take(5) {
        let raw = visible_text(element);
        let is_bid = bids || element.descendants().any(|inner| inner.attr("data-testid").is_some_and(|id| id == "x-bid-price"));
        match parse_price(&raw, &hints) {
            ParsedPrice::One(amount) => {
                found.extend(amount.money().map(|price| (price, raw, ".x-price-primary".to_owned(), is_bid)))
            }
            ParsedPrice::Range(low, high) => {
                if let (Some(low), Some(high)) = (low.money(), high.money()) {
                    claim.note(Field::Price, ".x-price-primary", &raw, format!("{low} – {high}"));
                    claim.price = PriceClaim::Range(low, high);
                    return;
                }
            }
            ParsedPrice::Free | ParsedPrice::Unclear | ParsedPrice::Nothing => {}
        }
    }
    if found.is_empty() {
        for (id, is_bid) in PRICE_IDS {
            let Some(element) = document.by_id(id) else { continue };
            let raw = visible_text(element);
            if let ParsedPrice::One(amount) = parse_price(&raw, &hints)
                && let Some(price) = amount.money()
            {
                found.push((price, raw, format!("#{id}"), *is_bid));
                break;
            }
        }
    }
    for (price, raw, place, _) in &found {
        claim.note(Field::Price, place.clone(), raw, price.to_string());
    }
    let mut prices: Vec<Money> = found.iter().map(|(price, ..)| *price).collect();
    prices.dedup();
    claim.price = match prices.as_slice() {
        [] => PriceClaim::None,
        [one] => PriceClaim::One(*one),
        several => PriceClaim::Several(several.to_vec()),
    };
    if found.iter().any(|(.., is_bid)| *is_bid) {
        claim.confidence = BID_CONFIDENCE;
    }
}

fn read_availability(claim: &mut Claim, document: &Document<'_>) -> Availability {
    // A banner over the item says that the listing has ended.
    let ended = document.with_class(STATUS_CLASSES).map(visible_text).find(|text| says_ended(text));
    let ended = ended.or_else(|| {
        ["statusMessage", "msgPanel", "vi_notification_new", "w1-3-_msg"]
            .iter()
            .filter_map(|id| document.by_id(id))
            .map(visible_text)
            .find(|text| says_ended(text))
    });
    if let Some(text) = ended {
        claim.note(Field::Availability, "status message", &text, Availability::OutOfStock.as_str());
        return Availability::OutOfStock;
    }
    let counts = ["qtySubTxt", "qtyTxt"].into_iter().filter_map(|id| document.by_id(id));
    for element in document.with_class(&["x-quantity__availability"]).chain(counts).take(5) {
        let text = visible_text(element);
        let availability = read_phrase(&text);
        if availability != Availability::Unknown {
            claim.note(Field::Availability, ".x-quantity__availability", &text, availability.as_str());
            return availability;
        }
    }
    let buttons = ["binBtn_btn", "isCartBtn_btn", "bidBtn_btn", "binBtn_btn_1", "atcBtn_btn_1", "bidBtn_btn_1"];
    let button = buttons.iter().find(|id| document.by_id(id).is_some()).map(|id| format!("#{id}"));
    let button = button.or_else(|| {
        let actions = document.with_class(&["x-bin-action", "x-atc-action", "x-bid-action"]);
        let mut buttons = actions.flat_map(|action| action.descendants());
        buttons.find(|inner| matches!(inner.name(), Name::A | Name::Button)).map(|_| ".x-bin-action".to_owned())
    });
    match button {
        Some(place) if claim.price != PriceClaim::None => {
            claim.note(Field::Availability, place, "", Availability::InStock.as_str());
            Availability::InStock
        }
        _ => Availability::Unknown,
    }
}

fn says_ended(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "listing ended",
        "listing was ended",
        "has ended",
        "out of stock",
        "no longer available",
        "angebot beendet",
        "wurde beendet",
        "è terminata",
        "objet vendu",
        "est terminée",
        "ha finalizado",
        "is beëindigd",
    ]
    .iter()
    .any(|phrase| text.contains(phrase))
}
