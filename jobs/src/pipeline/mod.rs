//! One check, from a permit to what is written.

mod check_now;
mod check_prices;
mod held;
mod observe;
mod preview;
mod read_page;
mod record;
mod slots;

use domain::check::CheckOutcome;
use domain::{ProductState, ProductUrl};

use crate::config::FetchConfig;
use crate::context::JobContext;
use crate::fetch::{Fetcher, Validators};
use crate::limiter::{Permit, Routes};
use observe::{listing_of, observe};

pub(crate) use check_now::check_now;
pub(crate) use check_prices::check_prices;
pub(crate) use held::Held;
pub(crate) use preview::{Previews, preview};
pub(crate) use read_page::PageReader;
#[cfg(test)]
pub(crate) use record::Recorded;
pub(crate) use record::Recorder;
pub(crate) use slots::Slots;

/// Checks one product once: permit → fetch → extract. What comes out is judged and recorded by the [`Recorder`].
pub(crate) async fn check(ctx: &JobContext, product: &ProductState, permit: Permit) -> CheckOutcome {
    let route = permit.route.clone();
    let _slot = ctx.slots.enter(&route).await;
    let started_at = ctx.clock.now();
    let known = Validators { etag: product.etag.clone(), last_modified: product.last_modified.clone() };
    let currency = product.price.map(|price| price.currency);
    let observed = observe(&ctx.fetcher, &ctx.reader, &listing_of(product), currency, &known, permit, started_at).await;
    let closed_until = ctx.limiter.report(&route, observed.signal(), ctx.clock.now()).await;
    observed.into_outcome(product.id, started_at, closed_until)
}

/// Checks a page once, beside any running program and without storing anything: for the command line.
pub async fn check_url(config: &FetchConfig, listing: &ProductUrl, now: domain::Timestamp) -> anyhow::Result<CheckOutcome> {
    let fetcher = Fetcher::new(config)?;
    let permit = Permit::by_hand(Routes::default().route(listing.platform, &listing.host));
    let observed = observe(&fetcher, &PageReader::new(), listing, None, &Validators::default(), permit, now).await;
    let id = observed.listing.product_id();
    Ok(observed.into_outcome(id, now, None))
}
