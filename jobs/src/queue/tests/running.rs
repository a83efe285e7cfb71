//! How jobs run.

use std::time::Duration;

use domain::Channel;
use tokio::time::Instant;

use super::super::{CONCURRENCY, Job, JobQueue, PushError, QueueName};
use super::{check, every_kind, start, stop};

pub(super) async fn every_kind_of_job_arrives_as_it_was_pushed(queue: &dyn JobQueue) {
    let mut begun = start(queue);
    for job in every_kind() {
        queue.push(job.clone()).await.unwrap();
        assert_eq!(begun.next().await, job);
    }
    stop(queue).await;
}

pub(super) async fn jobs_begin_at_once_and_a_panic_ends_only_its_own(queue: &dyn JobQueue) {
    let mut begun = start(queue);
    for job in [check("a"), check("panic"), check("b"), Job::Revisit] {
        queue.push(job.clone()).await.unwrap();
        assert_eq!(begun.next().await, job);
    }
    stop(queue).await;
}

pub(super) async fn jobs_pushed_before_the_start_run_after_it(queue: &dyn JobQueue) {
    queue.push(check("a")).await.unwrap();
    assert_eq!(queue.depth(QueueName::Checks).await, 1);
    let mut begun = start(queue);
    assert_eq!(begun.next().await, check("a"));
    stop(queue).await;
}

pub(super) async fn bells_are_not_stuck_behind_checks_that_hang(queue: &dyn JobQueue) {
    let mut begun = start(queue);
    for _ in 0..CONCURRENCY + 10 {
        queue.push(check("hang")).await.unwrap();
    }
    for _ in 0..CONCURRENCY {
        begun.next().await;
    }
    crate::tests::wait_for("the rest to wait", async || (queue.depth(QueueName::Checks).await == 10).then_some(())).await;
    queue.push(Job::Deliver(Channel::Email)).await.unwrap();
    assert_eq!(begun.next().await, Job::Deliver(Channel::Email));
    queue.stop(Instant::now() + Duration::from_millis(20)).await;
}

pub(super) async fn a_stop_waits_for_what_runs_and_takes_no_more(queue: &dyn JobQueue) {
    let mut begun = start(queue);
    queue.push(check("slow")).await.unwrap();
    begun.next().await;
    let began = Instant::now();
    stop(queue).await;
    assert!((Duration::from_millis(200)..Duration::from_secs(4)).contains(&began.elapsed()), "{:?}", began.elapsed());
    assert_eq!(queue.push(check("late")).await, Err(PushError::Stopped));
}

pub(super) async fn at_its_deadline_a_stop_ends_what_hangs(queue: &dyn JobQueue) {
    let mut begun = start(queue);
    queue.push(check("hang")).await.unwrap();
    begun.next().await;
    let began = Instant::now();
    queue.stop(Instant::now() + Duration::from_millis(50)).await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
}
