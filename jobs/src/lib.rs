//! The straight path: claim due → permit → fetch → extract → judge → record → fan out → deliver.
//!
//! The database holds the truth; the queue is only a bell. Every job may run twice without harm, and may be lost: the sweeper
//! rings again.

mod clock;
mod config;
mod context;
mod deliver;
mod fan_out;
mod fetch;
mod hosts;
mod limiter;
mod links;
mod metrics;
mod notify;
mod paces;
mod pipeline;
mod proxies;
mod queue;
mod schedule;
mod seal;
mod sweep;
mod tell;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use domain::{ProductId, ProductState, ProductUrl, Reading, Timestamp};
use futures::FutureExt;
use store::Store;
use tokio_util::task::TaskTracker;

pub use clock::Clock;
pub use config::{ChannelsConfig, SmsConfig};
pub use config::{DirectFallback, FetchConfig, JobsConfig, LimitsConfig, MailConfig, PaceConfig, ProxiesConfig, Role, UserAgent};
pub use links::{LinkTarget, Links};
pub use notify::{ChannelSettings, DeliveryError, FieldError, Fields, VapidError};
pub use pipeline::check_url;
pub use proxies::{Proxy, ProxyHealth, ProxyPool, ProxyScheme, ProxySource, ProxyTest, ProxyUrl, ProxyUrlError, ShopHealth};
pub use seal::{SealError, SecretKey};

use context::JobContext;
use limiter::{InProcessLimiter, Limiter, RedisLimiter};
use queue::{Handler, InProcessQueue, Job, JobQueue, RedisQueue};
use store::redis::RedisLink;

/// What [`Jobs`] is made of, to be measured one by one (`examples/redis_rates.rs`).
#[doc(hidden)]
pub mod parts {
    pub use crate::limiter::{Limiter, RedisLimiter, Route};
    pub use crate::queue::{Job, JobQueue, RedisQueue};
}

/// The running workers, and the ways to ask them for something now. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    ctx: Arc<JobContext>,
    queue: Arc<dyn JobQueue>,
    loops: TaskTracker,
}

/// What a page says, without anything being stored.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The listing: of the final URL, where a short link was given.
    pub product: ProductUrl,
    /// What was read.
    pub reading: Reading,
    /// Start of the fetch.
    pub started_at: Timestamp,
    /// How long it took.
    pub took: Duration,
}

/// How a check on demand ended.
#[derive(Clone, Debug)]
pub enum CheckNow {
    /// It was done; the product as it is now.
    Done(Box<ProductState>),
    /// It goes on in the background: it took longer than the caller wanted to wait, or another worker has it.
    Pending,
    /// The shop's limit allows no request before then.
    NotBefore(Timestamp),
    /// There is no such product.
    Unknown,
}

impl Jobs {
    /// Starts what the role does, on the current runtime: scheduler, workers, sweeper and delivery, or none of them. Opens no
    /// connection but that to Redis.
    pub async fn start(config: JobsConfig, store: Arc<dyn Store>, clock: Clock) -> anyhow::Result<Self> {
        let role = config.role;
        let (queue, limiter) = shared_parts(&config, &clock).await?;
        let ctx = Arc::new(JobContext::new(config, store, clock, queue.clone(), limiter)?);
        // Before anything is asked: a proxy that is not known yet would be passed by.
        ctx.proxies.reload(&*ctx.store).await.context("the proxies were not read from the database")?;
        let loops = TaskTracker::new();
        if role.works() {
            queue.start(handler(&ctx));
            loops.spawn({
                let ctx = ctx.clone();
                async move { schedule::schedule(&ctx).await }
            });
            loops.spawn({
                let ctx = ctx.clone();
                async move { sweep::sweep(&ctx).await }
            });
            loops.spawn({
                let ctx = ctx.clone();
                async move { paces::keep_plan(&ctx).await }
            });
        }
        loops.spawn({
            let ctx = ctx.clone();
            async move { proxies::refresh(&ctx.proxies, &*ctx.store, &ctx.stop).await }
        });
        Ok(Jobs { ctx, queue, loops })
    }

    /// Reads a page without storing anything. Uses a permit like every request. A check of the same product within two minutes
    /// uses what was read here instead of fetching again.
    pub async fn preview(&self, product: &ProductUrl) -> Preview {
        pipeline::preview(&self.ctx, product).await
    }

    /// Checks a product now, waiting at most `wait`; the check itself goes on when the wait is over.
    pub async fn check_now(&self, product: ProductId, wait: Duration) -> anyhow::Result<CheckNow> {
        let ctx = &self.ctx;
        if !ctx.store.claim_now(product, ctx.clock.now(), ctx.config.check_lease).await? {
            let known = ctx.store.find_product(product).await?;
            return Ok(known.map_or(CheckNow::Unknown, |_| CheckNow::Pending));
        }
        let check = ctx.abandon.clone().run_until_cancelled_owned(pipeline::check_now(ctx.clone(), product));
        match tokio::time::timeout(wait, ctx.on_demand.spawn(check)).await {
            Ok(done) => done?.context("the check was ended with the program; try again when it runs")?,
            Err(_) => Ok(CheckNow::Pending),
        }
    }

    /// The proxies that requests go through.
    pub fn proxies(&self) -> &ProxyPool {
        &self.ctx.proxies
    }

    /// How the shops like each proxy: those that paused it, or did not answer through it.
    pub async fn shops_of_proxies(&self) -> Vec<(domain::ProxyId, ShopHealth)> {
        proxies::shops(&self.ctx).await
    }

    /// Opens a page through a proxy, with the guard and within the shop's limit, and tells how it went. A proxy that works is used
    /// again at once.
    pub async fn test_proxy(&self, proxy: domain::ProxyId, page: &ProductUrl) -> ProxyTest {
        proxies::test(&self.ctx, proxy, page).await
    }

    /// What this process has done and how long it took, in Prometheus' text format.
    pub fn metrics(&self) -> String {
        metrics::text(&[("held_products", self.ctx.held.len())])
    }

    /// Rings the sweeper: trackings were edited or added, events or notifications may be waiting.
    pub fn ring(&self) {
        if self.ctx.config.role.works() {
            self.ctx.wake_scheduler.notify_one();
            self.ctx.wake_sweeper.notify_one();
        } else {
            // Workers find new products by themselves, a moment later.
            let ctx = self.ctx.clone();
            self.ctx.on_demand.spawn(async move { ctx.ring(Job::Revisit).await });
        }
    }

    /// Stops: no new work is claimed, what is in flight finishes or is given back within `patience`.
    pub async fn stop(&self, patience: Duration) {
        let ctx = &self.ctx;
        ctx.stop.cancel();
        self.loops.close();
        ctx.on_demand.close();
        let deadline = tokio::time::Instant::now() + patience;
        let finished = tokio::time::timeout_at(deadline, async {
            self.loops.wait().await;
            ctx.on_demand.wait().await;
        });
        let (finished, ()) = futures::join!(finished, self.queue.stop(deadline));
        if finished.is_err() {
            tracing::warn!("some work was not finished in time; it is given back");
        }
        ctx.abandon.cancel();
        let now = ctx.clock.now();
        let left: Vec<_> = ctx.held.take_all().into_iter().map(|product| (product, now)).collect();
        if let Err(error) = ctx.store.defer(&left).await {
            tracing::warn!(%error, products = left.len(), "leases were not given back; they end by themselves");
        }
    }
}

/// Queue and limiter: this process' own, or those of all.
async fn shared_parts(config: &JobsConfig, clock: &Clock) -> anyhow::Result<(Arc<dyn JobQueue>, Arc<dyn Limiter>)> {
    let Some(url) = &config.redis_url else {
        anyhow::ensure!(
            config.role == Role::All,
            "web and worker processes share a queue in Redis; set REDIS_URL, or run `plummet serve` alone"
        );
        return Ok((Arc::new(InProcessQueue::new()), Arc::new(InProcessLimiter::new(clock.clone()))));
    };
    let link = RedisLink::connect(url).await?;
    let queue = RedisQueue::new(&link, config.check_lease);
    Ok((Arc::new(queue), Arc::new(RedisLimiter::new(link, clock.clone()))))
}

/// What runs a job: it only picks the function.
fn handler(ctx: &Arc<JobContext>) -> Handler {
    let ctx = ctx.clone();
    Arc::new(move |job| {
        let ctx = ctx.clone();
        async move {
            let done = match job {
                Job::CheckPrices { products, .. } => {
                    pipeline::check_prices(&ctx, &products).await;
                    Ok(())
                }
                Job::FanOut(event) => fan_out::fan_out(&ctx, event).await,
                Job::Revisit => fan_out::revisit(&ctx).await,
                Job::Deliver(channel) => deliver::deliver(&ctx, channel).await,
            };
            if let Err(error) = done {
                tracing::warn!(%error, "a job ended early; the sweeper rings for it again");
            }
        }
        .boxed()
    })
}
