//! The scheduler: claims what is due and rings for it, never more than the workers take in about a minute.

use std::collections::HashMap;
use std::time::Duration;

use domain::{DueProduct, ProductId};

use crate::context::JobContext;
use crate::metrics::{Stage, timed};
use crate::queue::{Job, MAX_PRODUCTS, QueueName};

/// How often it looks while nothing is due.
const TICK: Duration = Duration::from_millis(250);
/// Pause after an error of the database.
const ERROR_PAUSE: Duration = Duration::from_secs(2);
/// A worker does about one check a second on the web.
const CHECKS_A_MINUTE: usize = 60;
/// Products claimed in one transaction at most.
const MAX_CLAIM: usize = 512;
/// Jobs that may wait before no more is claimed.
const MAX_WAITING: usize = 1_024;
/// The same where many schedulers fill one queue: a short one is enough, as workers begin a job as soon as they have it.
const MAX_WAITING_SHARED: usize = 256;
/// Less room than this is not worth a claim.
const MIN_CLAIM: usize = 16;

/// Claims until the stop.
pub(crate) async fn schedule(ctx: &JobContext) {
    while !ctx.stop.is_cancelled() {
        let wait = match claim(ctx).await {
            Ok(Claimed::Full) => continue,
            Ok(Claimed::Rest) => TICK,
            Err(error) => {
                tracing::warn!(%error, "could not claim what is due; trying again");
                ERROR_PAUSE
            }
        };
        tokio::select! {
            () = ctx.stop.cancelled() => {}
            () = ctx.wake_scheduler.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
}

enum Claimed {
    /// As many as were asked for: there may be more.
    Full,
    /// All that is due, or all there is room for.
    Rest,
}

async fn claim(ctx: &JobContext) -> store::Result<Claimed> {
    give_back_lost(ctx).await?;
    let is_shared = ctx.queue.is_shared();
    let most = ctx.config.workers.max(1) * CHECKS_A_MINUTE;
    let room = most.saturating_sub(ctx.held.len()).min(MAX_CLAIM);
    let max_waiting = if is_shared { MAX_WAITING_SHARED } else { MAX_WAITING };
    if room < MIN_CLAIM || ctx.queue.depth(QueueName::Checks).await >= max_waiting {
        return Ok(Claimed::Rest);
    }
    let limit = u32::try_from(room).unwrap_or(u32::MAX);
    let due = timed(Stage::Claim, ctx.store.claim_due(ctx.clock.now(), ctx.config.check_lease, limit)).await?;
    let claimed = due.len();
    if !is_shared {
        // What others may run is held by who runs it.
        ctx.held.claimed(due.iter().map(|product| product.id));
    }
    for (host, products) in jobs_of(due) {
        let job = Job::CheckPrices { host, products: products.clone() };
        if let Err(error) = ctx.queue.push(job).await {
            tracing::warn!(%error, "products are given back");
            let later = ctx.clock.now().plus_micros(domain::time::SECOND);
            ctx.store.defer(&products.iter().map(|id| (*id, later)).collect::<Vec<_>>()).await?;
            ctx.held.returned(&products);
        }
    }
    Ok(if claimed == room { Claimed::Full } else { Claimed::Rest })
}

/// Products whose jobs the queue has lost are due again at once, instead of at the end of their leases. One that another process
/// is at work on all the same is checked twice at worst.
async fn give_back_lost(ctx: &JobContext) -> store::Result<()> {
    let lost = ctx.queue.take_lost();
    if lost.is_empty() {
        return Ok(());
    }
    let now = ctx.clock.now();
    let lost: Vec<_> = lost.into_iter().filter(|product| !ctx.held.holds(*product)).map(|product| (product, now)).collect();
    ctx.store.defer(&lost).await
}

/// Jobs of one host each, in the order in which the hosts became due.
fn jobs_of(due: Vec<DueProduct>) -> Vec<(String, Vec<ProductId>)> {
    let mut jobs: Vec<(String, Vec<ProductId>)> = Vec::new();
    let mut open: HashMap<String, usize> = HashMap::new();
    for product in due {
        let at = open.get(&product.host).copied().filter(|at| jobs[*at].1.len() < MAX_PRODUCTS).unwrap_or_else(|| {
            open.insert(product.host.clone(), jobs.len());
            jobs.push((product.host, Vec::new()));
            jobs.len() - 1
        });
        jobs[at].1.push(product.id);
    }
    jobs
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Platform;

    #[test]
    fn jobs_hold_products_of_one_host_and_at_most_sixty_four() {
        let due = (0..150_u128)
            .map(|n| DueProduct {
                id: ProductId(uuid_of(n)),
                platform: Platform::GENERIC,
                host: if n % 3 == 0 { "a.example".into() } else { "b.example".into() },
            })
            .collect();
        let sizes: Vec<_> = jobs_of(due).into_iter().map(|(host, products)| (host, products.len())).collect();
        assert_eq!(sizes, [("a.example".into(), 50), ("b.example".into(), 64), ("b.example".into(), 36)]);
    }

    fn uuid_of(n: u128) -> uuid::Uuid {
        uuid::Uuid::from_u128(n)
    }
}
