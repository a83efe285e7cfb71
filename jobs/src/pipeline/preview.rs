//! A look at a page before it is tracked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::check::{CheckOutcome, Found};
use domain::{FailureKind, ProductId, ProductState, ProductUrl, Reading, Timestamp};

use super::ask::{Asked, ask};
use super::observe::failed_reading;
use super::permits::take_permits;
use crate::Preview;
use crate::context::JobContext;
use crate::fetch::Validators;

/// How long what was seen counts as a check.
const FRESH: Duration = Duration::from_secs(120);

/// Previews that are kept at most.
const MAX_KEPT: usize = 1_000;

/// What was previewed lately, as far as it can stand for a check. Looked into at every check, and nearly always empty.
#[derive(Debug, Default)]
pub(crate) struct Previews(Mutex<HashMap<ProductId, CheckOutcome>>);

impl Previews {
    pub(crate) fn is_empty(&self) -> bool {
        self.kept().is_empty()
    }

    /// The outcome of a preview that can stand for a check of this product, once.
    pub(crate) fn take(&self, product: &ProductState, now: Timestamp) -> Option<CheckOutcome> {
        let outcome = self.kept().remove(&product.id)?;
        let newer = product.last_attempt_at.is_none_or(|last| last < outcome.started_at);
        (newer && is_fresh(&outcome, now)).then_some(outcome)
    }

    fn keep(&self, outcome: CheckOutcome, now: Timestamp) {
        let mut kept = self.kept();
        kept.retain(|_, outcome| is_fresh(outcome, now));
        if kept.len() < MAX_KEPT {
            kept.insert(outcome.product_id, outcome);
        }
    }

    fn kept(&self) -> MutexGuard<'_, HashMap<ProductId, CheckOutcome>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn is_fresh(outcome: &CheckOutcome, now: Timestamp) -> bool {
    now.since(outcome.started_at) <= FRESH
}

/// Reads a page without storing anything.
pub(crate) async fn preview(ctx: &JobContext, listing: &ProductUrl) -> Preview {
    let (started_at, begun) = (ctx.clock.now(), Instant::now());
    let mut grant = take_permits(ctx, listing.platform, &listing.host, 1, &[]).await;
    let Some(permit) = grant.permits.pop() else {
        let minutes = grant.next_at.since(started_at).as_secs().div_ceil(60).max(1);
        let detail = format!("{} may not be asked again yet, to stay within its limit; try again in {minutes} min", listing.host);
        let reading = failed_reading(FailureKind::RateLimited, detail);
        return Preview { product: listing.clone(), reading, started_at, took: begun.elapsed() };
    };
    let asked = ask(ctx, listing.product_id(), listing, None, &Validators::default(), permit).await;
    let Asked { mut observed, started_at, not_before } = asked;
    let product = observed.followed.take().unwrap_or_else(|| listing.clone());
    let outcome = observed.into_outcome(product.product_id(), started_at, not_before);
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
        ctx.previews.keep(outcome, ctx.clock.now());
    }
    Preview { product, reading, started_at, took: begun.elapsed() }
}
