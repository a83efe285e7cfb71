//! The queue of many processes: apalis over Redis.
//!
//! apalis is trusted with little. Its scripts fail for good on a backlog of about 8,000 jobs, so a queue is kept far shorter; any
//! error ends its worker, so workers are started again, each under a new name; what it keeps of finished jobs is swept here; a
//! queue that fails again and again is emptied, because the database knows what was in it.
//!
//! While Redis does not answer, a process that works goes on by itself: it pushes to a queue of its own. Claims and leases in
//! the database keep processes apart, with Redis and without.

mod janitor;
mod line;
mod rung;
mod workers;

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use domain::ProductId;
use store::redis::{RedisDown, RedisLink};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{Handler, InProcessQueue, Job, JobQueue, PushError, QueueName};
use janitor::keep_clean;
use line::Line;
use rung::Rung;
use workers::{Runner, work};

/// Longest time to wait for Redis; then the process goes on by itself.
const PATIENCE: Duration = Duration::from_secs(1);

/// The queue of many processes.
pub struct RedisQueue {
    checks: Line,
    bells: Line,
    /// Takes what Redis does not.
    local: InProcessQueue,
    rung: Arc<Rung>,
    works: AtomicBool,
    /// No more jobs are started.
    stop: CancellationToken,
    /// The patience of a stop is over.
    abandon: CancellationToken,
    /// Jobs under way. They go on when a worker ends: that Redis is gone is no reason to drop a page that is being read.
    jobs: TaskTracker,
    tasks: Mutex<Vec<JoinHandle<()>>>,
}

impl RedisQueue {
    /// A queue that takes jobs and runs none until [`JobQueue::start`]. `lease` is how long a product is left to a job.
    pub fn new(link: &RedisLink, lease: Duration) -> Self {
        RedisQueue {
            checks: Line::new(QueueName::Checks, link.clone()),
            bells: Line::new(QueueName::Bells, link.clone()),
            local: InProcessQueue::new(),
            rung: Arc::new(Rung::new(lease)),
            works: AtomicBool::new(false),
            stop: CancellationToken::new(),
            abandon: CancellationToken::new(),
            jobs: TaskTracker::new(),
            tasks: Mutex::default(),
        }
    }

    fn line(&self, queue: QueueName) -> &Line {
        match queue {
            QueueName::Checks => &self.checks,
            QueueName::Bells => &self.bells,
        }
    }

    fn take_tasks(&self) -> Vec<JoinHandle<()>> {
        std::mem::take(&mut *self.tasks.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Ends at once, as a killed process does: nothing is given back or told.
    #[cfg(test)]
    pub(super) fn vanish(&self) {
        for task in self.take_tasks() {
            task.abort();
        }
        self.abandon.cancel();
    }

    /// Whether Redis did not do what it was last asked for.
    #[cfg(test)]
    pub(super) fn is_away(&self) -> bool {
        self.checks.link.is_down()
    }
}

#[async_trait]
impl JobQueue for RedisQueue {
    fn start(&self, handler: Handler) {
        self.works.store(true, Ordering::Release);
        self.local.start(handler.clone());
        let (stop, abandon) = (self.stop.clone(), self.abandon.clone());
        let runner = Runner { handler, jobs: self.jobs.clone(), stop, abandon };
        let mut tasks = self.tasks.lock().unwrap_or_else(PoisonError::into_inner);
        for line in [&self.checks, &self.bells] {
            tasks.push(tokio::spawn(work(line.clone(), runner.clone())));
            tasks.push(tokio::spawn(keep_clean(line.clone(), self.rung.clone(), self.stop.clone())));
        }
    }

    async fn push(&self, job: Job) -> Result<(), PushError> {
        if self.stop.is_cancelled() {
            return Err(PushError::Stopped);
        }
        match self.line(job.queue()).push(&job).await {
            Ok(Some(())) => {
                if let Job::CheckPrices { products, .. } = job {
                    self.rung.rang(products);
                }
                Ok(())
            }
            Ok(None) => Err(PushError::Full),
            Err(RedisDown) if self.works.load(Ordering::Acquire) => self.local.push(job).await,
            Err(RedisDown) => Err(PushError::Away),
        }
    }

    async fn depth(&self, queue: QueueName) -> usize {
        let local = self.local.depth(queue).await;
        self.line(queue).depth().await.map_or(local, |depth| depth.max(local))
    }

    fn is_shared(&self) -> bool {
        true
    }

    fn take_lost(&self) -> Vec<ProductId> {
        self.rung.take_lost()
    }

    async fn stop(&self, deadline: Instant) {
        self.stop.cancel();
        self.jobs.close();
        let (ended, ()) = futures::join!(tokio::time::timeout_at(deadline, self.jobs.wait()), self.local.stop(deadline));
        if ended.is_err() {
            self.abandon.cancel();
        }
        // The workers still tell Redis what is done, and give back what they did not begin.
        let last_words = Instant::now() + 3 * PATIENCE;
        for mut task in self.take_tasks() {
            if tokio::time::timeout_at(last_words, &mut task).await.is_err() {
                task.abort();
            }
        }
    }
}
