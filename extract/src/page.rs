//! What the extractor is given.

use domain::{Currency, ProductUrl};

use crate::selector::Selector;

/// Larger bodies are not read: real product pages stay under 3 MB.
pub const MAX_BODY_BYTES: usize = 8 * 1024 * 1024;

/// A fetched page, as the extractor sees it.
#[derive(Clone, Copy, Debug)]
pub struct Page<'a> {
    /// Where the page was found, after all redirects.
    pub url: &'a str,
    /// HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<&'a str>,
    /// The body, decompressed.
    pub body: &'a [u8],
}

/// What the user agreed to track.
#[derive(Clone, Copy, Debug)]
pub struct Pin<'a> {
    /// The listing.
    pub product: &'a ProductUrl,
    /// The currency of its history; a page in another one is of another region.
    pub currency: Option<Currency>,
    /// Where the price stands, in a person's own words. Where it finds nothing, no other reader answers in its place.
    pub selector: Option<&'a Selector>,
}

impl<'a> Pin<'a> {
    /// A listing whose price is found by the readers.
    pub fn new(product: &'a ProductUrl, currency: Option<Currency>) -> Self {
        Pin { product, currency, selector: None }
    }

    /// The same listing, with its price where a person says.
    pub fn with_selector(self, selector: Option<&'a Selector>) -> Self {
        Pin { selector, ..self }
    }
}
