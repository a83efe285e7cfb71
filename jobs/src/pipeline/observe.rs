//! Fetch and extract: what one page says, or why not.

use domain::check::{CheckOutcome, Found};
use domain::offer::ProductFacts;
use domain::{Currency, FailureKind, ProductId, ProductState, ProductUrl, Reading, Timestamp};
use url::Url;

use super::read_page::PageReader;
use crate::fetch::{Answer, FetchError, Fetcher, Validators, is_short_link};
use crate::limiter::{Permit, Signal};

/// What came of one request.
#[derive(Debug)]
pub(crate) struct Observed {
    /// The listing that was read: of the final URL, where a short link was given.
    pub(crate) listing: ProductUrl,
    /// What was found.
    pub(crate) found: Found,
    validators: Validators,
    retry_at: Option<Timestamp>,
}

/// Fetches a listing's page and reads it.
pub(crate) async fn observe(
    fetcher: &Fetcher,
    reader: &PageReader,
    listing: &ProductUrl,
    currency: Option<Currency>,
    known: &Validators,
    permit: Permit,
    now: Timestamp,
) -> Observed {
    let answer = match Url::parse(&listing.url) {
        Ok(url) => fetcher.fetch(&url, known, permit, now).await,
        Err(_) => Err(FetchError::no_link(&listing.url)),
    };
    let page = match answer {
        Ok(Answer::Page(page)) => page,
        Ok(Answer::Unchanged) => return Observed::new(listing.clone(), Found::Unchanged),
        Err(error) => {
            return Observed { retry_at: error.retry_at, ..Observed::failed(listing.clone(), error.kind, error.detail) };
        }
    };
    let listing = match followed(listing, &page.url) {
        Ok(listing) => listing,
        Err(detail) => return Observed::failed(listing.clone(), FailureKind::Moved, detail),
    };
    let (validators, retry_at) = (page.validators.clone(), page.retry_at);
    let reading = reader.read(page, listing.clone(), currency).await;
    Observed { listing, found: Found::Reading(reading), validators, retry_at }
}

/// A short link names nothing itself: the listing is where it leads.
fn followed(listing: &ProductUrl, found_at: &Url) -> Result<ProductUrl, String> {
    if !is_short_link(&listing.host) {
        return Ok(listing.clone());
    }
    match ProductUrl::from_url(found_at.clone()) {
        Ok(target) if !is_short_link(&target.host) => Ok(target),
        Ok(_) => Err(format!(
            "the short link of {} leads nowhere; open it in a browser and paste the product's own link",
            listing.host
        )),
        Err(error) => Err(error.to_string()),
    }
}

impl Observed {
    fn new(listing: ProductUrl, found: Found) -> Self {
        Observed { listing, found, validators: Validators::default(), retry_at: None }
    }

    fn failed(listing: ProductUrl, kind: FailureKind, detail: String) -> Self {
        Observed::new(listing, Found::Reading(failed_reading(kind, detail)))
    }

    /// What it means for the route.
    pub(crate) fn signal(&self) -> Signal {
        match &self.found {
            Found::Reading(Reading::Failed { kind, .. }) => match kind {
                FailureKind::Blocked => Signal::Blocked,
                FailureKind::RateLimited => Signal::RateLimited(self.retry_at),
                FailureKind::Unreachable | FailureKind::Timeout => Signal::NoAnswer,
                FailureKind::Empty
                | FailureKind::NoPrice
                | FailureKind::Ambiguous
                | FailureKind::WrongRegion
                | FailureKind::Moved
                | FailureKind::Gone
                | FailureKind::Unreadable
                | FailureKind::NotAllowed
                | FailureKind::Refused => Signal::Answered,
            },
            Found::Reading(Reading::Offer(_) | Reading::OutOfStock { .. }) | Found::Unchanged => Signal::Answered,
        }
    }

    /// As the outcome of a check of `product_id`, whose route is closed until then.
    pub(crate) fn into_outcome(
        self,
        product_id: ProductId,
        started_at: Timestamp,
        closed_until: Option<Timestamp>,
    ) -> CheckOutcome {
        let day = started_at.plus_micros(domain::time::DAY);
        CheckOutcome {
            product_id,
            started_at,
            found: self.found,
            not_before: closed_until.max(self.retry_at.map(|at| at.min(day))),
            etag: self.validators.etag,
            last_modified: self.validators.last_modified,
        }
    }
}

/// A reading that failed before anything was read.
pub(crate) fn failed_reading(kind: FailureKind, detail: String) -> Reading {
    Reading::Failed { kind, detail, facts: ProductFacts::default(), evidence: Vec::new() }
}

/// The listing of a known product.
pub(crate) fn listing_of(product: &ProductState) -> ProductUrl {
    ProductUrl {
        platform: product.platform,
        external_id: product.external_id.clone(),
        url: product.url.clone(),
        host: product.host.clone(),
    }
}
