//! One of the two queues in Redis: its keys, its length, and how a job gets in.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use apalis::prelude::TaskBuilder;
use apalis_redis::queries::push_tasks;
use apalis_redis::{Config, RedisStorage};
use serde_json::Value;
use store::redis::{ErrorKind, RedisDown, RedisError, RedisLink, RedisResult, cmd, pipe};

use super::{Job, PATIENCE, QueueName};

/// Jobs that wait in one queue at most. apalis' scripts hand all that are due to `unpack`, which gives up at about 8,000, and
/// then every worker fails at every poll. Processes that push at once may exceed this by [`CREDIT`] each.
pub(super) const MAX_DEPTH: usize = 2_048;
/// How many jobs a process pushes before it asks for the length again.
const CREDIT: usize = 64;
/// How long a length is good for.
const FRESH: Duration = Duration::from_millis(200);
/// Jobs that a worker takes at once. While some of them wait for a place in a worker, apalis sends neither heartbeats nor
/// acknowledgements, and other workers take the running ones for lost: so, one.
const BATCH: usize = 1;
/// A worker that was not heard of for [`HEARTBEAT`] × [`MISSED`] is lost, and its jobs are run by others. Clocks of machines may
/// differ by less than that.
const HEARTBEAT: Duration = Duration::from_secs(2);
const MISSED: usize = 5;
/// How long a bell that hangs is not hung again. Beginning to run takes it down at once; this is for one that was lost.
const HANGS: Duration = Duration::from_secs(5);

/// What apalis runs: a job as JSON, so that one of a newer program is no error of the queue.
pub(super) type Storage = RedisStorage<Value, RedisLink>;

/// One of the two queues.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) name: QueueName,
    pub(super) link: RedisLink,
    pub(super) config: Config,
    length: Arc<Mutex<Length>>,
    /// The name under which this process' worker is known now.
    pub(super) worker: Arc<Mutex<String>>,
}

#[derive(Default)]
struct Length {
    read_at: Option<Instant>,
    read: usize,
    pushed: usize,
}

impl Line {
    pub(super) fn new(name: QueueName, link: RedisLink) -> Self {
        let word = match name {
            QueueName::Checks => "checks",
            QueueName::Bells => "bells",
        };
        // One script of apalis names a key that it was not given, `core:apalis:queues:list`. In a cluster all keys of a script
        // must lie in one slot: so ours lie in that key's.
        let queue = format!("{{core:apalis:queues:list}}:plummet:{word}");
        let config = Config::default()
            .queue(queue)
            .batch_size(BATCH)
            .lock_tasks(false)
            .emit_events(false)
            .heartbeat_interval(HEARTBEAT)
            .missed_heartbeats(MISSED)
            .idempotency_ttl(Some(HANGS));
        Line { name, link, config, length: Arc::default(), worker: Arc::default() }
    }

    pub(super) fn storage(&self) -> Storage {
        RedisStorage::new(self.link.clone()).with_config(self.config.clone())
    }

    /// A key of this queue, beside those of apalis.
    pub(super) fn key(&self, word: &str) -> String {
        format!("{}:{word}", self.config.queue.as_ref())
    }

    /// Adds a job; `None` if the queue is full.
    pub(super) async fn push(&self, job: &Job) -> Result<Option<()>, RedisDown> {
        let (depth, pushed) = match self.known() {
            Some(known) if known.1 < CREDIT => known,
            _ => (self.read().await?, 0),
        };
        if depth + pushed >= MAX_DEPTH {
            return Ok(None);
        }
        let json = serde_json::to_vec(job).unwrap_or_default();
        let task = match bell(job) {
            Some(bell) => TaskBuilder::new(json).idempotency_key(bell),
            None => TaskBuilder::new(json),
        };
        let tasks = [task.build()];
        let ask = |mut link| async move { push_tasks(&mut link, &self.config, &tasks).await.map_err(as_redis_error) };
        let (enqueued, scheduled) = self.link.quick(PATIENCE, ask).await?;
        self.length().pushed += usize::from(enqueued + scheduled > 0);
        Ok(Some(()))
    }

    /// How many jobs wait.
    pub(super) async fn depth(&self) -> Result<usize, RedisDown> {
        match self.known() {
            Some((read, pushed)) => Ok(read + pushed),
            None => self.read().await,
        }
    }

    fn known(&self) -> Option<(usize, usize)> {
        let length = self.length();
        length.read_at.filter(|at| at.elapsed() < FRESH).map(|_| (length.read, length.pushed))
    }

    async fn read(&self) -> Result<usize, RedisDown> {
        let ask = |mut link| async move {
            let mut ask = pipe();
            ask.cmd("LLEN").arg(self.config.active_jobs_list()).cmd("ZCARD").arg(self.config.scheduled_jobs_set());
            let (active, scheduled): (usize, usize) = ask.query_async(&mut link).await?;
            RedisResult::Ok(active + scheduled)
        };
        let read = self.link.quick(PATIENCE, ask).await?;
        *self.length() = Length { read_at: Some(Instant::now()), read, pushed: 0 };
        Ok(read)
    }

    /// The bell is no longer hanging: it may be hung again, because this run may already be past what it is about.
    pub(super) async fn took_down(&self, job: &Job) {
        let Some(bell) = bell(job) else { return };
        let key = format!("{}:{bell}", self.config.idempotency_key_set());
        // Without an answer it comes down by itself.
        let _ = self.link.quick(PATIENCE, |mut link| async move { cmd("DEL").arg(key).query_async::<()>(&mut link).await }).await;
    }

    fn length(&self) -> MutexGuard<'_, Length> {
        self.length.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What two pushes of one bell have in common. Checks are no bells: each has its own leases.
fn bell(job: &Job) -> Option<String> {
    match job {
        Job::CheckPrices { .. } => None,
        Job::FanOut(event) => Some(format!("fan_out:{}:{}", event.product_id, event.event_id)),
        Job::Revisit => Some("revisit".to_owned()),
        Job::Deliver(channel) => Some(format!("deliver:{}", channel.as_str())),
    }
}

fn as_redis_error(error: apalis_redis::Error) -> RedisError {
    match error {
        apalis_redis::Error::Database(error) => error,
        other => RedisError::from((ErrorKind::Client, "the job was not pushed", other.to_string())),
    }
}
