//! The limiters that the suite runs on.

use std::sync::Arc;

use store::redis::RedisLink;

use super::super::{InProcessLimiter, Limiter, RedisLimiter};
use crate::Clock;

pub(super) async fn in_process(clock: &Clock) -> Arc<dyn Limiter> {
    Arc::new(InProcessLimiter::new(clock.clone()))
}

pub(super) async fn redis(clock: &Clock) -> Arc<dyn Limiter> {
    let link = RedisLink::connect(&testbed::shared_redis().await.into()).await.unwrap();
    Arc::new(RedisLimiter::by_the_time_of(link, clock.clone()))
}
