//! One check, from a permit to what is written.

mod ask;
mod check_now;
mod check_prices;
mod held;
mod observe;
mod permits;
mod preview;
mod read_page;
mod record;
mod slots;

use domain::check::CheckOutcome;
use domain::{ProductState, ProductUrl};

use crate::config::FetchConfig;
use crate::context::JobContext;
use crate::fetch::{Clients, Fetcher, Validators};
use crate::hosts::HostPatterns;
use crate::limiter::{Permit, Routes};
use ask::{Asked, ask};
use observe::{Observed, listing_of, observe};

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
    let known = Validators { etag: product.etag.clone(), last_modified: product.last_modified.clone() };
    let currency = product.price.map(|price| price.currency);
    let Asked { observed, started_at, not_before } = ask(ctx, product.id, &listing_of(product), currency, &known, permit).await;
    observed.into_outcome(product.id, started_at, not_before)
}

/// Checks a page once, beside any running program and without storing anything: for the command line. It goes directly.
pub async fn check_url(config: &FetchConfig, listing: &ProductUrl, now: domain::Timestamp) -> anyhow::Result<CheckOutcome> {
    let clients = Clients::new(HostPatterns::parse(&config.allow_hosts)?)?;
    let fetcher = Fetcher::new(config, clients, None);
    let permit = Permit::by_hand(Routes::default().direct(listing.platform, &listing.host));
    let observed = observe(&fetcher, &PageReader::new(), listing, None, &Validators::default(), permit, now).await;
    let id = observed.followed.as_ref().unwrap_or(listing).product_id();
    Ok(observed.into_outcome(id, now, None))
}

/// Asks by one route and no other, without storing anything.
pub(crate) async fn observe_once(ctx: &JobContext, listing: &ProductUrl, permit: Permit) -> Observed {
    let _slot = ctx.slots.enter(&permit.route).await;
    observe(&ctx.fetcher, &ctx.reader, listing, None, &Validators::default(), permit, ctx.clock.now()).await
}
