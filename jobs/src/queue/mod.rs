//! The queue: a bell, nothing more. What must be done stands in the database; a lost, doubled or late job costs time only.

mod in_process;

use async_trait::async_trait;
use domain::{Channel, ProductId};
use store::PendingEvent;

pub use in_process::{Handler, InProcessQueue};

/// Products of one job at most.
pub const MAX_PRODUCTS: usize = 64;

/// What is to be looked at: ids only.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
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
}

/// A queue.
#[async_trait]
pub trait JobQueue: Send + Sync + 'static {
    /// Adds a job. A bell that already waits is not added again.
    async fn push(&self, job: Job) -> Result<(), PushError>;

    /// How many jobs wait.
    fn depth(&self, queue: QueueName) -> usize;
}
