//! What every job works with.

use std::sync::Arc;

use anyhow::Context;
use store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::JobsConfig;
use crate::deliver::{Curves, Deliveries, Lanes, curves};
use crate::fetch::{Clients, Fetcher};
use crate::hosts::HostPatterns;
use crate::limiter::{Limiter, Routes};
use crate::notify::Notifiers;
use crate::paces::Paces;
use crate::pipeline::{Held, PageReader, Previews, Recorder, Slots};
use crate::proxies::ProxyPool;
use crate::queue::{Job, JobQueue};

/// What every job works with.
pub(crate) struct JobContext {
    pub(crate) config: JobsConfig,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Clock,
    pub(crate) routes: Routes,
    pub(crate) proxies: ProxyPool,
    pub(crate) limiter: Arc<dyn Limiter>,
    pub(crate) fetcher: Fetcher,
    pub(crate) reader: PageReader,
    pub(crate) slots: Slots,
    pub(crate) previews: Previews,
    pub(crate) recorder: Recorder,
    pub(crate) paces: Paces,
    pub(crate) notifiers: Notifiers,
    pub(crate) queue: Arc<dyn JobQueue>,
    /// Products that are leased to this process.
    pub(crate) held: Held,
    /// Checks on demand that are under way.
    pub(crate) on_demand: TaskTracker,
    /// Wakes the scheduler before its time.
    pub(crate) wake_scheduler: Notify,
    /// Wakes the sweeper before its time.
    pub(crate) wake_sweeper: Notify,
    /// Channels whose delivery is under way.
    pub(crate) deliveries: Deliveries,
    /// The ways to the servers that messages go to.
    pub(crate) lanes: Lanes,
    /// Drawn price curves.
    pub(crate) curves: Curves,
    /// No new work from now on.
    pub(crate) stop: CancellationToken,
    /// The patience of a stop is over.
    pub(crate) abandon: CancellationToken,
}

impl JobContext {
    /// Wires everything up. Opens no connection; only the recorder runs already.
    pub(crate) fn new(
        config: JobsConfig,
        store: Arc<dyn Store>,
        clock: Clock,
        queue: Arc<dyn JobQueue>,
        limiter: Arc<dyn Limiter>,
    ) -> anyhow::Result<Self> {
        let routes = Routes::new(&config.limits).context("the hosts without a limit")?;
        let paces = Paces::new(&config.pace, routes.clone()).context("the hosts of the check intervals")?;
        let allowed = HostPatterns::parse(&config.fetch.allow_hosts).context("the hosts that may be opened")?;
        let clients = Clients::new(allowed).context("the settings of fetching")?;
        let proxies = ProxyPool::new(&config.proxies, clients.clone(), config.secret_key.clone()).context("the proxies")?;
        Ok(JobContext {
            routes,
            limiter,
            fetcher: Fetcher::new(&config.fetch, clients, Some(proxies.clone())),
            proxies,
            reader: PageReader::new(),
            slots: Slots::new(config.workers),
            previews: Previews::default(),
            notifiers: Notifiers::new(&config, store.clone()).context("the settings of messages")?,
            recorder: Recorder::start(store.clone(), queue.clone(), clock.clone(), paces.clone()),
            paces,
            held: Held::default(),
            on_demand: TaskTracker::new(),
            wake_scheduler: Notify::new(),
            wake_sweeper: Notify::new(),
            deliveries: Deliveries::default(),
            lanes: Lanes::default(),
            curves: curves(),
            stop: CancellationToken::new(),
            abandon: CancellationToken::new(),
            config,
            store,
            clock,
            queue,
        })
    }

    /// Rings a bell. One that is lost is rung again by the sweeper.
    pub(crate) async fn ring(&self, job: Job) {
        if let Err(error) = self.queue.push(job).await {
            tracing::debug!(%error, "a bell was not rung; the sweeper rings it again");
        }
    }
}
