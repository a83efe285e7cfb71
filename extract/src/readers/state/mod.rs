//! State that the page's own scripts read: JSON scripts, `window.… = {…}`, Shopify's variants.
//!
//! Asked only where structured data leave the price open. A product in it counts where it bears the page's own name; its amount
//! must stand in the page's text, because states hold minor units, net prices and yesterday's prices too.

mod currency;
mod product;
mod shopify;
mod values;

use domain::Reader;

use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;

pub(crate) use currency::find_currency;
pub(crate) use values::of_scripts as values_of;

const CONFIDENCE: u8 = 70;

pub(crate) fn read(document: &Document<'_>, context: &Context) -> Option<Claim> {
    let scripts = document.scripts();
    let values = values::of_scripts(&scripts);
    let mut claim = Claim::new(Reader::EmbeddedState, CONFIDENCE);
    shopify::read(&mut claim, &scripts, &values, document, context);
    if claim.price == PriceClaim::None {
        product::read(&mut claim, &values, document, context);
    }
    claim.says_anything().then_some(claim)
}
