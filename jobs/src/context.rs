//! What every job works with.

use std::sync::Arc;

use anyhow::Context;
use domain::next_check::Pace;
use store::Store;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::clock::Clock;
use crate::config::{JobsConfig, PaceConfig};
use crate::deliver::Deliveries;
use crate::fetch::Fetcher;
use crate::hosts::{HostPatternError, HostPatterns};
use crate::limiter::{InProcessLimiter, Limiter, Routes};
use crate::notify::Notifiers;
use crate::pipeline::{Held, PageReader, Previews, Recorder, Slots};
use crate::queue::{Job, JobQueue};

/// What every job works with.
pub(crate) struct JobContext {
    pub(crate) config: JobsConfig,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: Clock,
    pub(crate) routes: Routes,
    pub(crate) limiter: Arc<dyn Limiter>,
    pub(crate) fetcher: Fetcher,
    pub(crate) reader: PageReader,
    pub(crate) slots: Slots,
    pub(crate) previews: Previews,
    pub(crate) recorder: Recorder,
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
    /// No new work from now on.
    pub(crate) stop: CancellationToken,
    /// The patience of a stop is over.
    pub(crate) abandon: CancellationToken,
}

impl JobContext {
    /// Wires everything up. Opens no connection; only the recorder runs already.
    pub(crate) fn new(config: JobsConfig, store: Arc<dyn Store>, clock: Clock, queue: Arc<dyn JobQueue>) -> anyhow::Result<Self> {
        let paces = Paces::new(&config.pace).context("the hosts of the check intervals")?;
        Ok(JobContext {
            routes: Routes::new(&config.limits).context("the hosts without a limit")?,
            limiter: Arc::new(InProcessLimiter::new(clock.clone())),
            fetcher: Fetcher::new(&config.fetch).context("the settings of fetching")?,
            reader: PageReader::new(),
            slots: Slots::new(config.workers),
            previews: Previews::new(),
            notifiers: Notifiers::new(&config).context("the settings of e-mail")?,
            recorder: Recorder::start(store.clone(), queue.clone(), clock.clone(), paces),
            held: Held::default(),
            on_demand: TaskTracker::new(),
            wake_scheduler: Notify::new(),
            wake_sweeper: Notify::new(),
            deliveries: Deliveries::default(),
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

/// The pace of each host.
#[derive(Clone, Debug, Default)]
pub(crate) struct Paces {
    usual: Pace,
    by_host: Vec<(HostPatterns, Pace)>,
}

impl Paces {
    pub(crate) fn new(config: &PaceConfig) -> Result<Self, HostPatternError> {
        let by_host =
            config.by_host.iter().map(|(host, pace)| Ok((HostPatterns::parse(&[host])?, *pace))).collect::<Result<_, _>>()?;
        Ok(Paces { usual: config.usual, by_host })
    }

    pub(crate) fn of(&self, host: &str) -> Pace {
        self.by_host.iter().find(|(hosts, _)| hosts.matches_shop(host)).map_or(self.usual, |(_, pace)| *pace)
    }
}
