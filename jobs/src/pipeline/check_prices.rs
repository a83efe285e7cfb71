//! The job `CheckPrices`: some products of one host.

use domain::{ProductId, ProductState, Timestamp};
use futures::StreamExt;

use super::check;
use super::held::Run;
use super::permits::{assign, avoided_way, take_permits};
use crate::context::JobContext;
use crate::limiter::{Grant, Permit};
use crate::metrics::{Count, count};

/// Checks at once within one job; how many requests run at once is decided by the slots.
const AT_ONCE: usize = 64;

/// Checks the leased ones of these products. What gets no permit, or no turn in time, is given back with its own next time.
pub(crate) async fn check_prices(ctx: &JobContext, products: &[ProductId]) {
    let run = ctx.held.begin(products);
    if let Err(error) = check_leased(ctx, &run).await {
        tracing::warn!(%error, products = run.products.len(), "products were not checked; they are due again when their leases end");
    }
    run.end();
}

async fn check_leased(ctx: &JobContext, run: &Run<'_>) -> store::Result<()> {
    let now = ctx.clock.now();
    let mut products = ctx.store.leased_products(&run.products, now).await?;
    reuse_previews(ctx, &mut products).await;
    let Some(first) = products.first() else { return Ok(()) };
    let ways: Vec<_> = products.iter().map(|product| avoided_way(ctx, product)).collect();
    let avoided: Vec<_> = ways.iter().flatten().copied().collect();
    let grant = take_permits(ctx, first.platform, &first.host, products.len(), &avoided).await;
    let refused = slots_of(&grant, products.split_off(grant.permits.len()));
    if !refused.is_empty() {
        count(Count::Refused, "no_permit", refused.len());
        ctx.store.defer(&refused).await?;
    }

    // Half of a lease is left for the last request that began in time.
    let give_up_at = now.plus_micros(micros(ctx.config.check_lease / 2));
    let checks: Vec<_> = assign(products.into_iter().zip(ways).collect(), grant.permits)
        .into_iter()
        .map(|(product, permit)| check_in_time(ctx, run, product, permit, give_up_at))
        .collect();
    let left: Vec<_> = futures::stream::iter(checks).buffer_unordered(AT_ONCE).filter_map(std::future::ready).collect().await;
    if left.is_empty() {
        return Ok(());
    }
    let again = ctx.clock.now();
    ctx.store.defer(&left.into_iter().map(|id| (id, again)).collect::<Vec<_>>()).await
}

/// Checks and records one product; its id back if it is too late to begin.
async fn check_in_time(
    ctx: &JobContext,
    run: &Run<'_>,
    product: ProductState,
    permit: Permit,
    give_up_at: Timestamp,
) -> Option<ProductId> {
    let id = product.id;
    if ctx.stop.is_cancelled() || ctx.clock.now() > give_up_at {
        return Some(id);
    }
    let outcome = check(ctx, &product, permit).await;
    ctx.recorder.record(product, outcome).await;
    run.done(id);
    None
}

/// A page that somebody has just looked at is not fetched again.
async fn reuse_previews(ctx: &JobContext, products: &mut Vec<ProductState>) {
    if ctx.previews.is_empty() {
        return;
    }
    let mut others = Vec::with_capacity(products.len());
    for product in products.drain(..) {
        match ctx.previews.take(&product, ctx.clock.now()) {
            Some(outcome) => {
                ctx.recorder.record(product, outcome).await;
            }
            None => others.push(product),
        }
    }
    *products = others;
}

/// A slot of its own for each refused product, with some jitter: a shop does not see us come by the clock.
fn slots_of(grant: &Grant, refused: Vec<ProductState>) -> Vec<(ProductId, Timestamp)> {
    let jitter = (grant.spacing / 4).max(1);
    refused
        .into_iter()
        .zip(0..)
        .map(|(product, slot)| (product.id, grant.next_at.plus_micros(slot * grant.spacing + rand::random_range(0..jitter))))
        .collect()
}

fn micros(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
