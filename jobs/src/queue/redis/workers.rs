//! The worker of one queue: started again, under a new name, whenever apalis ends it.

use std::sync::{Arc, LazyLock, PoisonError};
use std::time::Duration;

use apalis::prelude::{BackendExt, BoxDynError, Data, WorkerBuilder, WorkerContext};
use serde_json::Value;
use store::redis::{LuaScript, cmd};
use tokio::sync::Semaphore;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::{AbortOnDropHandle, TaskTracker};
use tower::limit::GlobalConcurrencyLimitLayer;

use super::super::{CONCURRENCY, Handler, Job, worker_name};
use super::PATIENCE;
use super::janitor::empty;
use super::line::Line;

/// How often an idle worker looks for jobs.
const POLL: Duration = Duration::from_millis(50);
/// Pause before a worker that failed starts again.
const RESTART_PAUSE: Duration = Duration::from_millis(500);
/// A worker that ended sooner has not worked.
const SOON: Duration = Duration::from_secs(5);
/// So many workers in a row that did not work, while Redis answers: then something in the queue makes them fail.
const TOO_MANY_FAILURES: u32 = 4;
/// Longest time for the last words of a worker that stops.
const LAST_WORDS: Duration = Duration::from_secs(1);

static GIVE_BACK: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("give_back.lua")));

/// How jobs are run.
#[derive(Clone)]
pub(super) struct Runner {
    pub(super) handler: Handler,
    pub(super) jobs: TaskTracker,
    /// No more jobs are started.
    pub(super) stop: CancellationToken,
    /// The patience of a stop is over.
    pub(super) abandon: CancellationToken,
}

/// Works until the stop.
pub(super) async fn work(line: Line, runner: Runner) {
    let mut failures = 0;
    while !runner.stop.is_cancelled() {
        let began = Instant::now();
        let Some(error) = work_once(&line, &runner).await else { return };
        tracing::debug!(queue.name = ?line.name, error, "a queue's worker ended; another one starts");
        failures = if began.elapsed() < SOON { failures + 1 } else { 1 };
        if failures >= TOO_MANY_FAILURES && line.redis_answers().await {
            tracing::warn!(queue.name = ?line.name, error, "a queue is emptied because no worker can work on it; the sweepers ring again");
            let _ = empty(&line).await;
            failures = 0;
        }
        tokio::select! {
            () = runner.stop.cancelled() => {}
            () = tokio::time::sleep(RESTART_PAUSE) => {}
        }
    }
}

/// Works until the stop, or until an error that apalis ends the worker by.
async fn work_once(line: &Line, runner: &Runner) -> Option<String> {
    let name = worker_name(line.name);
    line.worker_is(&name);
    let (places, close) = (Arc::new(Semaphore::new(CONCURRENCY)), CancellationToken::new());
    let worker = WorkerBuilder::new(name.as_str())
        .backend(line.storage().poll_with_interval(POLL))
        .data(line.clone())
        .data(runner.clone())
        .layer(GlobalConcurrencyLimitLayer::with_semaphore(places.clone()))
        .build(run_job);
    let until = close.clone().cancelled_owned();
    let until = async move {
        until.await;
        std::io::Result::Ok(())
    };
    // On a task of its own, so that a panic of apalis ends it like an error.
    let mut running = AbortOnDropHandle::new(tokio::spawn(worker.run_until(until)));
    tokio::select! {
        ended = &mut running => {
            return Some(match ended {
                Ok(Ok(())) => "it ended by itself".to_owned(),
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            });
        }
        () = runner.stop.cancelled() => {}
    }
    // A worker of apalis that is told to stop reads no more of what its jobs say at their end, and waits for ever when several end
    // after that. So it is told when all have ended and Redis knows; until then it gets no more, as all its places are taken.
    let last_words = async {
        runner.jobs.wait().await;
        line.until_told(&name).await;
    };
    let has_ended = tokio::select! {
        () = last_words => false,
        _ = &mut running => true,
        () = async { let _all = places.acquire_many(places_of_all()).await; std::future::pending().await } => false,
    };
    close.cancel();
    if !has_ended {
        let _ = tokio::time::timeout(LAST_WORDS, running).await;
    }
    line.give_back(&name).await;
    None
}

fn places_of_all() -> u32 {
    u32::try_from(CONCURRENCY).unwrap_or(u32::MAX)
}

impl Line {
    fn worker_is(&self, name: &str) {
        name.clone_into(&mut self.worker.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn held_by(&self, worker: &str) -> String {
        format!("{}:{worker}", self.config.inflight_jobs_set())
    }

    /// Waits a moment until Redis knows of every job of a worker that it has ended.
    async fn until_told(&self, worker: &str) {
        let until = Instant::now() + LAST_WORDS;
        while Instant::now() < until {
            let held = self.held_by(worker);
            let ask = |mut link| async move { cmd("SCARD").arg(held).query_async::<u32>(&mut link).await };
            if !self.link.quick(PATIENCE, ask).await.is_ok_and(|held| held > 0) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    async fn redis_answers(&self) -> bool {
        self.link.quick(PATIENCE, |mut link| async move { cmd("PING").query_async::<String>(&mut link).await }).await.is_ok()
    }

    /// What was taken and not begun when the worker stopped goes back to the others at once.
    async fn give_back(&self, worker: &str) {
        let keys = [
            self.held_by(worker),
            self.config.active_jobs_list(),
            self.config.workers_set(),
            self.key(&format!("workers:metadata:{worker}")),
        ];
        let arguments = [worker.to_owned()];
        // Without an answer the others pick it up when this worker is not heard of any more.
        let _ =
            self.link.quick(PATIENCE, |mut link| async move { GIVE_BACK.run::<u32>(&mut link, &keys, &arguments).await }).await;
    }
}

/// Runs one job on a task of its own, so that all cores take part and a panic stays in it.
async fn run_job(job: Value, line: Data<Line>, runner: Data<Runner>, _worker: WorkerContext) -> Result<(), BoxDynError> {
    let job = match serde_json::from_value::<Job>(job) {
        Ok(job) => job,
        Err(error) => {
            tracing::warn!(%error, "a job of another version of Plummet is left to that version's sweeper");
            return Ok(());
        }
    };
    if runner.stop.is_cancelled() {
        // Back to the queue, for a worker that goes on.
        return Err("this process is stopping".into());
    }
    line.took_down(&job).await;
    let (handler, abandon) = (runner.handler.clone(), runner.abandon.clone());
    let task = runner.jobs.spawn(async move { abandon.run_until_cancelled_owned(handler(job)).await });
    if task.await.is_err() {
        tracing::error!(queue.name = ?line.name, "a job panicked; what it was about is looked at again when its lease ends");
    }
    // Never an error: apalis would run it again and again, up to 25 times. The database knows when.
    Ok(())
}
