//! The queues that the suite runs on.

use std::sync::Arc;
use std::time::Duration;

use store::redis::RedisLink;

use super::super::{InProcessQueue, JobQueue, RedisQueue};

pub(super) async fn in_process() -> Arc<dyn JobQueue> {
    Arc::new(InProcessQueue::new())
}

pub(super) async fn redis() -> Arc<dyn JobQueue> {
    redis_at(&testbed::shared_redis().await).await
}

/// The queue of a process, as it were.
pub(super) async fn redis_at(url: &str) -> Arc<RedisQueue> {
    let link = RedisLink::connect(&url.to_owned().into()).await.unwrap();
    Arc::new(RedisQueue::new(&link, Duration::from_secs(120)))
}
