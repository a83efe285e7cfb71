//! Fetch and extract: what one page says, or why not.

use domain::check::{CheckOutcome, Found};
use domain::offer::ProductFacts;
use domain::{Currency, FailureKind, ProductId, ProductState, ProductUrl, Reading, Timestamp};
use extract::{Page, Pin, Stream};
use url::Url;

use super::read_page::PageReader;
use crate::fetch::{Answer, FetchError, Fetcher, ProxyFault, Validators, is_short_link};
use crate::limiter::{Permit, Signal};
use crate::metrics::{Stage, timed};

/// What came of one request.
#[derive(Debug)]
pub(crate) struct Observed {
    /// The listing of the final URL, where a short link was given.
    pub(crate) followed: Option<ProductUrl>,
    /// What was found.
    pub(crate) found: Found,
    /// The shop saw nothing of it: the proxy failed.
    pub(crate) proxy_fault: Option<ProxyFault>,
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
    let is_short = is_short_link(&listing.host);
    // What a short link leads to is not known before its page is there.
    let begin = |head: &Page<'_>| (!is_short).then(|| Stream::new(head, &Pin::new(listing, currency)));
    let answer = match Url::parse(&listing.url) {
        Ok(url) => timed(Stage::Fetch, fetcher.fetch(&url, known, permit, now, &begin)).await,
        Err(_) => Err(FetchError::no_link(&listing.url)),
    };
    let mut page = match answer {
        Ok(Answer::Page(page)) => page,
        Ok(Answer::Unchanged) => return Observed::new(Found::Unchanged),
        Err(error) => {
            let failed = Observed::failed(error.kind, error.detail);
            return Observed { retry_at: error.retry_at, proxy_fault: error.proxy_fault, ..failed };
        }
    };
    let followed = match is_short.then(|| followed(listing, &page.url)).transpose() {
        Ok(followed) => followed,
        Err(detail) => return Observed::failed(FailureKind::Moved, detail),
    };
    let (validators, retry_at) = (std::mem::take(&mut page.validators), page.retry_at);
    let reading = timed(Stage::Extract, reader.read(page, followed.as_ref().unwrap_or(listing), currency)).await;
    Observed { followed, found: Found::Reading(reading), proxy_fault: None, validators, retry_at }
}

/// A short link names nothing itself: the listing is where it leads.
fn followed(short: &ProductUrl, found_at: &Url) -> Result<ProductUrl, String> {
    match ProductUrl::from_url(found_at.clone()) {
        Ok(target) if !is_short_link(&target.host) => Ok(target),
        Ok(_) => {
            Err(format!("the short link of {} leads nowhere; open it in a browser and paste the product's own link", short.host))
        }
        Err(error) => Err(error.to_string()),
    }
}

impl Observed {
    fn new(found: Found) -> Self {
        Observed { followed: None, found, proxy_fault: None, validators: Validators::default(), retry_at: None }
    }

    fn failed(kind: FailureKind, detail: String) -> Self {
        Observed::new(Found::Reading(failed_reading(kind, detail)))
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

    /// As the outcome of a check of `product_id`, whose shop is not to be asked before then.
    pub(crate) fn into_outcome(
        self,
        product_id: ProductId,
        started_at: Timestamp,
        not_before: Option<Timestamp>,
    ) -> CheckOutcome {
        let day = started_at.plus_micros(domain::time::DAY);
        CheckOutcome {
            product_id,
            started_at,
            found: self.found,
            not_before: not_before.max(self.retry_at.map(|at| at.min(day))),
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
