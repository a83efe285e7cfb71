//! A look at a page before it is tracked.

use std::time::{Duration, Instant};

use domain::check::{CheckOutcome, Found};
use domain::{FailureKind, ProductId, ProductState, ProductUrl, Reading, Timestamp};
use moka::future::Cache;

use super::observe::{failed_reading, observe};
use crate::Preview;
use crate::context::JobContext;
use crate::fetch::Validators;

/// How long what was seen counts as a check.
const FRESH: Duration = Duration::from_secs(120);

/// What was previewed lately, as far as it can stand for a check.
#[derive(Clone, Debug)]
pub(crate) struct Previews(Cache<ProductId, CheckOutcome>);

impl Previews {
    pub(crate) fn new() -> Self {
        Previews(Cache::builder().max_capacity(1_000).time_to_live(FRESH).build())
    }

    /// The outcome of a preview that can stand for a check of this product, once.
    pub(crate) async fn take(&self, product: &ProductState, now: Timestamp) -> Option<CheckOutcome> {
        let outcome = self.0.remove(&product.id).await?;
        let newer = product.last_attempt_at.is_none_or(|last| last < outcome.started_at);
        (newer && now.since(outcome.started_at) <= FRESH).then_some(outcome)
    }
}

/// Reads a page without storing anything.
pub(crate) async fn preview(ctx: &JobContext, listing: &ProductUrl) -> Preview {
    let (started_at, begun) = (ctx.clock.now(), Instant::now());
    let route = ctx.routes.route(listing.platform, &listing.host);
    let mut grant = ctx.limiter.take(&route, 1, started_at).await;
    let Some(permit) = grant.permits.pop() else {
        let minutes = grant.next_at.since(started_at).as_secs().div_ceil(60).max(1);
        let detail = format!("{} may not be asked again yet, to stay within its limit; try again in {minutes} min", listing.host);
        let reading = failed_reading(FailureKind::RateLimited, detail);
        return Preview { product: listing.clone(), reading, started_at, took: begun.elapsed() };
    };
    let slot = ctx.slots.enter(&route).await;
    let observed = observe(&ctx.fetcher, &ctx.reader, listing, None, &Validators::default(), permit, started_at).await;
    drop(slot);
    let closed_until = ctx.limiter.report(&route, observed.signal(), ctx.clock.now()).await;
    let product = observed.listing.clone();
    let outcome = observed.into_outcome(product.product_id(), started_at, closed_until);
    let reading = match &outcome.found {
        Found::Reading(reading) => reading.clone(),
        Found::Unchanged => failed_reading(FailureKind::Unreadable, format!("{} sent no page; try again", product.host)),
    };
    // A shop that blocks us or does not answer is not asked a second time at once. What is wrong with the page itself may be
    // mended by then.
    let stands = match &reading {
        Reading::Offer(_) | Reading::OutOfStock { .. } => true,
        Reading::Failed { kind, .. } => kind.is_of_the_shop(),
    };
    if stands {
        ctx.previews.0.insert(outcome.product_id, outcome).await;
    }
    Preview { product, reading, started_at, took: begun.elapsed() }
}
