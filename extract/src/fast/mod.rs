//! The fast path: no tree. Structured data are found in one pass over the tags, and the visible price by its digits.
//!
//! It answers as the full path does, or declines (`None`). It answers only where the page's own JSON-LD names one product with a
//! price and a stock state, nothing else on the page speaks of products in another syntax, and the price stands plainly in the
//! text; whatever needs a tree to be told is left to the full path.

mod elsewhere;
mod scan;
mod witness;

use std::cell::Cell;

use domain::Reading;

use crate::classify::moved;
use crate::context::Context;
use crate::page::{Page, Pin};
use crate::readers::{has_platform_reader, json_ld, open_graph};
use crate::reconcile::reconcile;
use crate::sight::Seen;

pub(crate) use scan::Scan;

/// Reads a whole page.
pub(crate) fn read(text: &str, page: &Page<'_>, pin: &Pin<'_>) -> Option<Reading> {
    if !may_answer(page, pin) {
        return None;
    }
    let last = elsewhere::last_needed(text)?;
    let mut scan = Scan::default();
    scan.advance(text, last, false);
    // The price often stands behind the last tag that is needed: the search for it goes on in steps.
    let mut reached = last;
    loop {
        if scan.is_declined() {
            return None;
        }
        if let Some(reading) = answer(text, &scan, page, pin)? {
            return Some(reading);
        }
        if reached >= text.len() {
            return None;
        }
        reached = (reached + STEP).min(text.len());
        scan.advance(text, reached, false);
    }
}

/// How much further the price is looked for at a time.
const STEP: usize = 128 * 1024;

/// Reads the beginning of a page, of which more will come; `None` where the rest may still change the answer.
///
/// What must have been seen: the product's JSON-LD with price and stock state, the heading, behind it the price in the text, and a
/// working button that puts the product into the cart. Shops put neighbours, reviews and footers behind these.
pub(crate) fn read_beginning(text: &str, scan: &Scan, page: &Page<'_>, pin: &Pin<'_>) -> Option<Reading> {
    let heading_at = scan.heading_at()?;
    scan.button_at().filter(|button| *button > heading_at)?;
    if scan.is_declined() || scan.outline().json_ld().is_empty() || elsewhere::speaks_of_products(text) {
        return None;
    }
    let Some(Some(Reading::Offer(offer))) = answer(text, scan, page, pin) else { return None };
    let seen_at = witness::place(text, scan, offer.price)?;
    let is_in_stock = offer.availability.is_buyable() == Some(true);
    (is_in_stock && seen_at > heading_at).then_some(Reading::Offer(offer))
}

/// Whether pages of this shop can be answered without a tree.
pub(crate) fn may_answer(page: &Page<'_>, pin: &Pin<'_>) -> bool {
    pin.selector.is_none() && !has_platform_reader(Context::new(page.url, pin).platform)
}

/// The answer from what was scanned: `None` where the fast path cannot answer at all, `Some(None)` where the price has not been seen
/// yet.
#[expect(clippy::option_option, reason = "the two are different answers, and both are local to this module")]
fn answer(text: &str, scan: &Scan, page: &Page<'_>, pin: &Pin<'_>) -> Option<Option<Reading>> {
    if scan.is_cut() {
        return None;
    }
    let outline = scan.outline();
    let mut context = Context::new(page.url, pin);
    for tag in outline.language.iter().map(String::as_str).chain(outline.meta("og:locale")) {
        context.learn_language(tag);
    }
    let json_ld = json_ld::read(outline, &context)?;
    if !json_ld.says_anything() || json_ld.facts.name.is_none() || moved::find_move(page.url, pin.product).is_some() {
        return None;
    }
    let claims: Vec<_> = std::iter::once(json_ld).chain(open_graph::read(outline, &context)).collect();
    let is_unseen = Cell::new(false);
    let sight = |price| {
        is_unseen.set(is_unseen.get() || !witness::is_seen(text, scan, price));
        Seen::Plain
    };
    let reading = reconcile(&claims, &sight, pin.currency);
    match &reading {
        Reading::Offer(offer) if offer.availability.is_buyable().is_none() => None,
        Reading::Offer(_) if is_unseen.get() => Some(None),
        Reading::Offer(_) | Reading::OutOfStock { .. } => Some(Some(reading)),
        Reading::Failed { .. } if is_unseen.get() => Some(None),
        Reading::Failed { .. } => None,
    }
}
