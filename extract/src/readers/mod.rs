//! The ladder: pure readers, each of which makes at most one claim about the page.

mod amazon;
mod buy_box;
mod ebay;
pub(crate) mod json_ld;
mod microdata;
pub(crate) mod open_graph;
mod rdfa;
mod schema;
pub(crate) mod selected;
pub(crate) mod state;
mod tolerant_json;
mod walmart;

pub(crate) use buy_box::BuyBox;
use domain::Platform;

use crate::candidate::Claim;
use crate::context::Context;
use crate::document::Document;

/// Every reader's claim, those of readers that found nothing left out.
pub(crate) fn read_all(document: &Document<'_>, context: &Context) -> Vec<Claim> {
    [
        read_platform(document, context),
        json_ld::read(document, context),
        microdata::read(document, context),
        rdfa::read(document, context),
        open_graph::read(document, context),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Whether a platform's pages are read by a reader of their own.
pub(crate) fn has_platform_reader(platform: Platform) -> bool {
    matches!(platform, Platform::AMAZON | Platform::EBAY | Platform::WALMART)
}

fn read_platform(document: &Document<'_>, context: &Context) -> Option<Claim> {
    match context.platform {
        Platform::AMAZON => amazon::read(document, context),
        Platform::EBAY => ebay::read(document, context),
        Platform::WALMART => walmart::read(document, context),
        _ => None,
    }
}
