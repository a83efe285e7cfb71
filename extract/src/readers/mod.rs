//! The ladder: pure readers, each of which makes at most one claim about the page.

mod amazon;
mod ebay;
mod json_ld;
mod microdata;
mod open_graph;
mod schema;
mod tolerant_json;
mod walmart;

use domain::Platform;

use crate::candidate::Claim;
use crate::context::Context;
use crate::document::Document;

/// Every reader's claim, those of readers that found nothing left out.
pub(crate) fn read_all(document: &Document, context: &Context) -> Vec<Claim> {
    [
        read_platform(document, context),
        json_ld::read(document, context),
        microdata::read(document, context),
        open_graph::read(document, context),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn read_platform(document: &Document, context: &Context) -> Option<Claim> {
    match context.platform {
        Platform::AMAZON => amazon::read(document, context),
        Platform::EBAY => ebay::read(document, context),
        Platform::WALMART => walmart::read(document, context),
        _ => None,
    }
}
