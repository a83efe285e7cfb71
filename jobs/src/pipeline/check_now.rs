//! A check on demand: the same path, ahead of the queue, without extra budget.

use std::sync::Arc;

use domain::ProductId;

use super::check;
use super::permits::{avoided_way, take_permits};
use crate::CheckNow;
use crate::context::JobContext;

/// Checks one product that was claimed for it.
pub(crate) async fn check_now(ctx: Arc<JobContext>, id: ProductId) -> anyhow::Result<CheckNow> {
    let run = ctx.held.begin(&[id]);
    let done = check_claimed(&ctx, &run.products).await;
    run.end();
    done
}

async fn check_claimed(ctx: &JobContext, mine: &[ProductId]) -> anyhow::Result<CheckNow> {
    let now = ctx.clock.now();
    let Some(product) = ctx.store.leased_products(mine, now).await?.pop() else { return Ok(CheckNow::Pending) };
    let id = product.id;
    let outcome = match ctx.previews.take(&product, now) {
        Some(outcome) => outcome,
        None => {
            let avoided: Vec<_> = avoided_way(ctx, &product).into_iter().collect();
            let mut grant = take_permits(ctx, product.platform, &product.host, 1, &avoided).await;
            let Some(permit) = grant.permits.pop() else {
                ctx.store.defer(&[(id, grant.next_at)]).await?;
                return Ok(CheckNow::NotBefore(grant.next_at));
            };
            check(ctx, &product, permit).await
        }
    };
    ctx.recorder.record(product, outcome).await;
    let product = ctx.store.find_product(id).await?;
    Ok(product.map_or(CheckNow::Unknown, |product| CheckNow::Done(Box::new(product))))
}
