//! The queue of a single process: apalis over its memory backend.
//!
//! That backend ignores delays and priorities and never retries; ours are the database's. The tasks wait in a channel of our own, so
//! that a worker that is restarted goes on with what waits.

use std::collections::HashSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use apalis::prelude::{
    BoxDynError, Data, MemorySink, MemoryStorage, MemoryStorageError, Monitor, Task, TaskBuilder, WorkerBuilder,
    WorkerBuilderExt, WorkerContext,
};
use async_trait::async_trait;
use domain::ProductId;
use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::{SinkExt, StreamExt};
use tokio::task::JoinHandle;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::AbortOnDropHandle;

use super::{CONCURRENCY, Handler, Job, JobQueue, PushError, QueueName, worker_name};

/// Jobs that wait in one queue at most.
pub(super) const MAX_DEPTH: usize = 4_096;
/// Pause before a worker that failed starts again.
const RESTART_PAUSE: Duration = Duration::from_millis(500);

/// The queue of a single process.
pub struct InProcessQueue {
    checks: Line,
    bells: Line,
    stop: CancellationToken,
    monitors: Mutex<Vec<JoinHandle<()>>>,
}

/// One of the two queues.
#[derive(Clone)]
struct Line {
    sender: UnboundedSender<Task<Job>>,
    receiver: Arc<tokio::sync::Mutex<UnboundedReceiver<Task<Job>>>>,
    depth: Arc<AtomicUsize>,
    waiting: Arc<Mutex<HashSet<Job>>>,
}

impl InProcessQueue {
    /// A queue that takes jobs and runs none until [`JobQueue::start`].
    pub fn new() -> Self {
        InProcessQueue { checks: Line::new(), bells: Line::new(), stop: CancellationToken::new(), monitors: Mutex::default() }
    }

    fn line(&self, queue: QueueName) -> &Line {
        match queue {
            QueueName::Checks => &self.checks,
            QueueName::Bells => &self.bells,
        }
    }
}

#[async_trait]
impl JobQueue for InProcessQueue {
    fn start(&self, handler: Handler) {
        let started = [(QueueName::Checks, &self.checks), (QueueName::Bells, &self.bells)]
            .map(|(name, line)| tokio::spawn(run(name, line.clone(), handler.clone(), self.stop.clone())));
        lock(&self.monitors).extend(started);
    }

    async fn push(&self, job: Job) -> Result<(), PushError> {
        if self.stop.is_cancelled() {
            return Err(PushError::Stopped);
        }
        let line = self.line(job.queue());
        if line.depth.load(Ordering::Relaxed) >= MAX_DEPTH {
            return Err(PushError::Full);
        }
        if job.queue() == QueueName::Bells && !lock(&line.waiting).insert(job.clone()) {
            return Ok(());
        }
        line.depth.fetch_add(1, Ordering::Relaxed);
        line.sender.unbounded_send(TaskBuilder::new(job).build()).map_err(|_| PushError::Stopped)
    }

    async fn depth(&self, queue: QueueName) -> usize {
        self.line(queue).depth.load(Ordering::Relaxed)
    }

    fn is_shared(&self) -> bool {
        false
    }

    fn take_lost(&self) -> Vec<ProductId> {
        Vec::new()
    }

    async fn stop(&self, deadline: Instant) {
        self.stop.cancel();
        let monitors = std::mem::take(&mut *lock(&self.monitors));
        for mut monitor in monitors {
            if tokio::time::timeout_at(deadline, &mut monitor).await.is_err() {
                monitor.abort();
            }
        }
    }
}

impl Line {
    fn new() -> Self {
        let (sender, receiver) = unbounded();
        Line { sender, receiver: Arc::new(tokio::sync::Mutex::new(receiver)), depth: Arc::default(), waiting: Arc::default() }
    }

    /// apalis' backend over this line.
    fn storage(&self) -> MemoryStorage<Job> {
        let receiver = self.receiver.clone();
        let tasks = futures::stream::unfold(receiver, |receiver| async move {
            let task = receiver.lock().await.next().await?;
            Some((task, receiver))
        });
        let sink = self.sender.clone().sink_map_err(MemoryStorageError::from);
        let sink = MemorySink::new(Arc::new(futures::lock::Mutex::new(Box::new(sink))));
        MemoryStorage::new_with(sink, tasks.boxed())
    }

    /// The job is no longer waiting: the same bell may hang again, because this run may already be past what it is about.
    fn began(&self, job: &Job) {
        self.depth.fetch_sub(1, Ordering::Relaxed);
        lock(&self.waiting).remove(job);
    }
}

async fn run(name: QueueName, line: Line, handler: Handler, stop: CancellationToken) {
    // A worker's failures are apalis' own: a job that panics is caught below.
    while !stop.is_cancelled() {
        let signal = stop.clone();
        let (line, handler) = (line.clone(), handler.clone());
        let monitor = Monitor::new().register(move |_| {
            WorkerBuilder::new(worker_name(name))
                .backend(line.storage())
                .data(line.clone())
                .data(handler.clone())
                .concurrency(CONCURRENCY)
                .build(run_job)
        });
        let ended = monitor
            .run_with_signal(async move {
                signal.cancelled().await;
                Ok(())
            })
            .await;
        if !stop.is_cancelled() {
            tracing::error!(queue.name = ?name, queue.ended = ?ended.err().map(|error| error.to_string()), "a queue's worker ended; starting it again");
            tokio::time::sleep(RESTART_PAUSE).await;
        }
    }
}

/// Runs one job on a task of its own, so that all cores take part and a panic stays in it.
async fn run_job(job: Job, line: Data<Line>, handler: Data<Handler>, _worker: WorkerContext) -> Result<(), BoxDynError> {
    line.began(&job);
    let name = job.queue();
    let handler: Handler = (*handler).clone();
    // Dropped with the worker at the end of its patience, the task ends too.
    if AbortOnDropHandle::new(tokio::spawn(async move { handler(job).await })).await.is_err() {
        tracing::error!(queue.name = ?name, "a job panicked; what it was about is looked at again when its lease ends");
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
