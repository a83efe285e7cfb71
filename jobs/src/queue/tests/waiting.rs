//! How jobs wait.

use std::time::Duration;

use domain::Channel;

use super::super::{Job, JobQueue, PushError, QueueName};
use super::{check, fan_out, start, stop};

/// No more jobs than this is a queue that keeps to its bound.
const MOST: usize = 4_096;

pub(super) async fn a_bell_that_waits_is_not_hung_twice(queue: &dyn JobQueue) {
    for job in [Job::Revisit, fan_out(1), Job::Revisit, fan_out(2), fan_out(1), Job::Deliver(Channel::Email), Job::Revisit] {
        queue.push(job).await.unwrap();
    }
    assert_eq!(queue.depth(QueueName::Bells).await, 4);
    let mut begun = start(queue);
    assert_eq!(begun.rest(Duration::from_secs(1)).await.len(), 4);
    stop(queue).await;
}

pub(super) async fn a_bell_may_be_hung_again_as_soon_as_it_rings(queue: &dyn JobQueue) {
    let mut begun = start(queue);
    for _ in 0..5 {
        queue.push(Job::Revisit).await.unwrap();
        assert_eq!(begun.next().await, Job::Revisit);
    }
    stop(queue).await;
}

pub(super) async fn a_full_queue_says_so_and_takes_bells_all_the_same(queue: &dyn JobQueue) {
    let mut refused = None;
    for pushed in 0..=MOST {
        match queue.push(check("a")).await {
            Ok(()) => {}
            Err(error) => {
                refused = Some((pushed, error));
                break;
            }
        }
    }
    let (pushed, error) = refused.expect("it is full at some time");
    assert_eq!((error, queue.depth(QueueName::Checks).await), (PushError::Full, pushed));
    queue.push(Job::Deliver(Channel::Email)).await.unwrap();
}

pub(super) async fn checks_are_never_taken_for_each_other(queue: &dyn JobQueue) {
    for _ in 0..3 {
        queue.push(check("a")).await.unwrap();
    }
    let mut begun = start(queue);
    assert_eq!(begun.rest(Duration::from_secs(1)).await.len(), 3);
    stop(queue).await;
}
