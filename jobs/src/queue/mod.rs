//! The queue: a bell, nothing more. What must be done stands in the database; a lost, doubled or late job costs time only.
//!
//! Two queues, the same jobs and handlers (`tests/` runs each case on both): [`InProcessQueue`] for one process, [`RedisQueue`]
//! for any number.

mod in_process;
mod redis;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use domain::{Channel, ProductId};
use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use store::PendingEvent;
use tokio::time::Instant;

pub use in_process::InProcessQueue;
pub use redis::RedisQueue;

/// Products of one job at most.
pub const MAX_PRODUCTS: usize = 64;
/// Jobs of one queue that run at once in a process. Requests are held back by host and by the number of workers, not here: a slow
/// shop's job occupies nothing but its place.
const CONCURRENCY: usize = 256;

/// What is to be looked at: ids only. Older and newer programs read each other's while they are replaced one by one: what a
/// program does not know, it leaves to the sweepers.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Job {
    /// Check these products of one host.
    CheckPrices {
        /// The host.
        host: String,
        /// At most [`MAX_PRODUCTS`].
        products: Vec<ProductId>,
    },
    /// Look at the trackings that an event may concern.
    FanOut(PendingEvent),
    /// Look at trackings whose rules were edited, or whose alert was held.
    Revisit,
    /// Send what waits on a channel.
    Deliver(Channel),
}

/// The two queues: bells are never stuck behind checks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum QueueName {
    /// Checks.
    Checks,
    /// Fan-out, revisits, delivery.
    Bells,
}

impl Job {
    /// The queue of this job.
    pub fn queue(&self) -> QueueName {
        match self {
            Job::CheckPrices { .. } => QueueName::Checks,
            Job::FanOut(_) | Job::Revisit | Job::Deliver(_) => QueueName::Bells,
        }
    }
}

/// Why a job was not taken. The sweeper rings again, so nobody needs to keep it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PushError {
    /// The queue holds as many as it may.
    #[error("the queue is full")]
    Full,
    /// The queue is stopped.
    #[error("the queue is stopped")]
    Stopped,
    /// Redis does not answer, and this process runs no jobs itself.
    #[error("Redis does not answer")]
    Away,
}

/// What runs a job. Every job may run twice without harm.
pub type Handler = Arc<dyn Fn(Job) -> BoxFuture<'static, ()> + Send + Sync>;

/// A queue.
#[async_trait]
pub trait JobQueue: Send + Sync + 'static {
    /// Starts running jobs on the current runtime. Until then they are taken and wait.
    fn start(&self, handler: Handler);

    /// Adds a job. A bell that already waits is not added again.
    async fn push(&self, job: Job) -> Result<(), PushError>;

    /// How many jobs wait; a moment old, where others push too.
    async fn depth(&self, queue: QueueName) -> usize;

    /// Whether other processes run what is pushed here.
    fn is_shared(&self) -> bool;

    /// Products that were pushed lately and whose jobs are lost, each told once.
    fn take_lost(&self) -> Vec<ProductId>;

    /// Starts no more jobs; those that run finish. Returns when they have; at the deadline those left are ended.
    async fn stop(&self, deadline: Instant);
}

/// A name that no worker had before: apalis' backends refuse one that they have seen lately, also after a restart.
fn worker_name(queue: QueueName) -> String {
    static STARTS: AtomicUsize = AtomicUsize::new(0);
    let (run, start) = (uuid::Uuid::new_v4().simple(), STARTS.fetch_add(1, Ordering::Relaxed));
    format!("{queue:?}-{}-{start}-{run}", std::process::id()).to_lowercase()
}
