//! What a queue in Redis goes through: processes that come and go, and a Redis that is cut off, flushed, killed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::ProductId;
use store::redis::{RedisLink, cmd, pipe};
use testbed::{Memory, Redis, Wire};

use super::super::{Job, JobQueue, PushError, QueueName, RedisQueue};
use super::engines::redis_at;
use super::{check, fan_out, start, stop};
use crate::tests::wait_for;

/// The key of the queue of checks, before `:data` and its kin.
const CHECKS: &str = "{core:apalis:queues:list}:plummet:checks";

async fn link(url: &str) -> RedisLink {
    RedisLink::connect(&url.to_owned().into()).await.unwrap()
}

/// Pushes checks of hosts of a name until one begins, as sweepers and schedulers would.
async fn works_again(queue: &RedisQueue, begun: &mut super::Begun, name: &str) -> Duration {
    let began = Instant::now();
    for n in 0..200 {
        let job = check(&format!("{name}-{n}"));
        let _ = queue.push(job.clone()).await;
        if let Ok(Some(found)) = tokio::time::timeout(Duration::from_millis(100), begun.0.recv()).await
            && matches!(&found, Job::CheckPrices { host, .. } if host.starts_with(name))
        {
            return began.elapsed();
        }
    }
    panic!("no job began after {:?}", began.elapsed());
}

#[tokio::test(flavor = "multi_thread")]
async fn two_processes_run_each_job_once() {
    let url = testbed::shared_redis().await;
    let (one, two) = (redis_at(&url).await, redis_at(&url).await);
    let (mut first, mut second) = (start(&*one), start(&*two));
    for n in 0..200 {
        let pusher = if n % 2 == 0 { &one } else { &two };
        pusher.push(check(&n.to_string())).await.unwrap();
    }
    let (mut here, there) = futures::join!(first.rest(Duration::from_secs(1)), second.rest(Duration::from_secs(1)));
    here.extend(there);
    let distinct: HashSet<_> = here.iter().collect();
    assert_eq!((here.len(), distinct.len()), (200, 200));
    stop(&*one).await;
    stop(&*two).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_only_pushes_is_heard_by_those_that_work() {
    let url = testbed::shared_redis().await;
    let (web, worker) = (redis_at(&url).await, redis_at(&url).await);
    let mut begun = start(&*worker);
    for job in super::every_kind() {
        web.push(job.clone()).await.unwrap();
        assert_eq!(begun.next().await, job);
    }
    stop(&*worker).await;
    stop(&*web).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_jobs_of_a_killed_process_are_run_by_another_within_seconds() {
    let url = testbed::shared_redis().await;
    let (killed, other) = (redis_at(&url).await, redis_at(&url).await);
    let mut begun = start(&*killed);
    killed.push(check("hang")).await.unwrap();
    begun.next().await;
    killed.vanish();
    let mut begun = start(&*other);
    let since = Instant::now();
    assert_eq!(begun.within(Duration::from_secs(16)).await, check("hang"));
    assert!(since.elapsed() > Duration::from_secs(5), "not before it is surely lost: {:?}", since.elapsed());
    other.stop(tokio::time::Instant::now()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_that_runs_for_long_is_not_taken_for_lost() {
    let url = testbed::shared_redis().await;
    let (one, two) = (redis_at(&url).await, redis_at(&url).await);
    let mut first = start(&*one);
    for n in 0..40 {
        one.push(check(if n == 0 { "hang" } else { "slow" })).await.unwrap();
    }
    let mut second = start(&*two);
    // Longer than it takes to be lost.
    let (mut here, there) = futures::join!(first.rest(Duration::from_secs(13)), second.rest(Duration::from_secs(13)));
    here.extend(there);
    assert_eq!(here.iter().filter(|job| **job == check("hang")).count(), 1);
    assert_eq!(here.len(), 40, "none ran twice");
    let end = tokio::time::Instant::now();
    futures::join!(one.stop(end), two.stop(end));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stopped_process_did_not_begin_is_left_to_the_others_at_once() {
    let url = testbed::shared_redis().await;
    let (one, two) = (redis_at(&url).await, redis_at(&url).await);
    let mut first = start(&*one);
    for n in 0..400 {
        one.push(check(if n < 300 { "slow" } else { "last" })).await.unwrap();
    }
    first.next().await;
    let began = Instant::now();
    stop(&*one).await;
    assert!(began.elapsed() < Duration::from_secs(3), "{:?}", began.elapsed());
    let ran = first.rest(Duration::from_millis(10)).await.len() + 1;
    assert!(ran < 400);
    let mut second = start(&*two);
    let rest = second.rest(Duration::from_secs(2)).await.len();
    assert_eq!(ran + rest, 400, "none is lost or waits to be taken for lost");
    stop(&*two).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_flushed_redis_goes_on_and_says_what_was_lost() {
    let redis = Redis::start().await;
    let queue = redis_at(&redis.url()).await;
    let waiting = Job::CheckPrices { host: "a".into(), products: (0..5).map(|n| ProductId(uuid::Uuid::from_u128(n))).collect() };
    let mut begun = start(&*queue);
    // The janitor has seen the life of this Redis.
    works_again(&queue, &mut begun, "before").await;
    let life = format!("{CHECKS}:life");
    let mut link = link(&redis.url()).await;
    wait_for("the janitor", async || cmd("EXISTS").arg(&life).query_async::<bool>(&mut link).await.unwrap().then_some(())).await;
    tokio::time::sleep(Duration::from_millis(1_200)).await;
    queue.push(waiting).await.unwrap();
    redis.command("FLUSHALL");
    let took = works_again(&queue, &mut begun, "after").await;
    assert!(took < Duration::from_secs(8), "{took:?}");
    let lost = wait_for("what was lost", async || Some(queue.take_lost()).filter(|lost| !lost.is_empty())).await;
    assert!(lost.len() >= 5, "{lost:?}");
    stop(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn while_redis_is_killed_a_process_goes_on_by_itself() {
    for memory in [Memory::Keep, Memory::Lose] {
        let mut redis = Redis::start().await;
        let (worker, web) = (redis_at(&redis.url()).await, redis_at(&redis.url()).await);
        let mut begun = start(&*worker);
        works_again(&worker, &mut begun, "before").await;
        redis.kill().await;
        let alone = works_again(&worker, &mut begun, "alone").await;
        assert!(alone < Duration::from_secs(3), "{alone:?}");
        assert_eq!(web.push(Job::Revisit).await, Err(PushError::Away), "who runs nothing says so");
        redis.start_again(memory).await;
        // A process that only pushes reaches the worker, so it is through Redis.
        let began = Instant::now();
        wait_for("Redis' return", async || {
            let _ = web.push(Job::Revisit).await;
            let found = tokio::time::timeout(Duration::from_millis(100), begun.0.recv()).await;
            matches!(found, Ok(Some(Job::Revisit))).then_some(())
        })
        .await;
        assert!(began.elapsed() < Duration::from_secs(8), "{:?}", began.elapsed());
        stop(&*worker).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_or_hangs_costs_seconds() {
    let redis = Redis::start().await;
    let wire = Wire::to(redis.port()).await;
    let queue = redis_at(&format!("redis://127.0.0.1:{}", wire.port())).await;
    let mut begun = start(&*queue);
    works_again(&queue, &mut begun, "before").await;
    for harm in [Wire::cut as fn(&Wire), Wire::hang] {
        harm(&wire);
        let alone = works_again(&queue, &mut begun, "alone").await;
        assert!(alone < Duration::from_secs(5), "{alone:?}");
        wire.heal();
        let other = redis_at(&redis.url()).await;
        wait_for("the worker's return", async || {
            let _ = other.push(Job::Revisit).await;
            let found = tokio::time::timeout(Duration::from_millis(100), begun.0.recv()).await;
            matches!(found, Ok(Some(Job::Revisit))).then_some(())
        })
        .await;
    }
    stop(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_under_way_is_finished_though_redis_is_gone() {
    let mut redis = Redis::start().await;
    let queue = redis_at(&redis.url()).await;
    let ended = Arc::new(tokio::sync::Notify::new());
    let (may_end, begun) = (Arc::new(tokio::sync::Notify::new()), Arc::new(tokio::sync::Notify::new()));
    let parts = (ended.clone(), may_end.clone(), begun.clone());
    queue.start(Arc::new(move |_| {
        let (ended, may_end, begun) = parts.clone();
        Box::pin(async move {
            begun.notify_one();
            may_end.notified().await;
            ended.notify_one();
        })
    }));
    queue.push(check("a")).await.unwrap();
    tokio::time::timeout(Duration::from_secs(5), begun.notified()).await.unwrap();
    redis.kill().await;
    // Its worker ends by the error and another one tries to begin.
    wait_for("the outage", async || (queue.push(Job::Revisit).await.is_ok() && queue.is_away()).then_some(())).await;
    may_end.notify_one();
    tokio::time::timeout(Duration::from_secs(5), ended.notified()).await.expect("it goes on");
    queue.stop(tokio::time::Instant::now()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backlog_that_apalis_cannot_take_is_cut_and_the_queue_goes_on() {
    let url = testbed::shared_redis().await;
    let mut link = link(&url).await;
    let ids: Vec<(i64, String)> = (0..9_000).map(|n| (1, format!("01J0000000000000000{n:07}"))).collect();
    for ids in ids.chunks(500) {
        let mut push = pipe();
        for (score, id) in ids {
            push.cmd("ZADD").arg(format!("{CHECKS}:scheduled")).arg(*score).arg(id).ignore();
        }
        push.query_async::<()>(&mut link).await.unwrap();
    }
    let queue = redis_at(&url).await;
    assert_eq!(queue.push(check("a")).await, Err(PushError::Full));
    let mut begun = start(&*queue);
    // What was put there has no content: no worker can work on it, so the queue is emptied.
    let took = works_again(&queue, &mut begun, "after").await;
    assert!(took < Duration::from_secs(15), "{took:?}");
    stop(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_of_another_version_is_left_alone() {
    let url = testbed::shared_redis().await;
    let queue = redis_at(&url).await;
    let mut begun = start(&*queue);
    let task = apalis::prelude::TaskBuilder::new(br#"{"look_at_the_moon":{"phase":3}}"#.to_vec()).build();
    let config = apalis_redis::Config::default().queue(CHECKS);
    apalis_redis::queries::push_tasks(&mut link(&url).await, &config, &[task]).await.unwrap();
    queue.push(check("a")).await.unwrap();
    assert_eq!(begun.next().await, check("a"));
    stop(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn finished_jobs_leave_nothing_behind() {
    let url = testbed::shared_redis().await;
    let queue = redis_at(&url).await;
    let mut begun = start(&*queue);
    for n in 0..300 {
        queue.push(check("a")).await.unwrap();
        queue.push(fan_out(n)).await.unwrap();
    }
    assert_eq!(begun.rest(Duration::from_secs(1)).await.len(), 600);
    let mut link = link(&url).await;
    wait_for("the sweep", async || {
        let keys: usize = cmd("DBSIZE").query_async(&mut link).await.unwrap();
        // Workers, their lives, and who works where.
        (keys <= 8).then_some(())
    })
    .await;
    assert_eq!((queue.depth(QueueName::Checks).await, queue.depth(QueueName::Bells).await), (0, 0));
    stop(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_runs_jobs_too() {
    let cluster = testbed::RedisCluster::start().await;
    let queue = redis_at(&cluster.url()).await;
    let mut begun = start(&*queue);
    for job in super::every_kind() {
        queue.push(job.clone()).await.unwrap();
        assert_eq!(begun.next().await, job);
    }
    assert!(!queue.is_away(), "they went through Redis");
    stop(&*queue).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_sentinel_names_another_master_the_queue_goes_there() {
    let mut sentinel = testbed::RedisSentinel::start().await;
    let (worker, web) = (redis_at(&sentinel.url()).await, redis_at(&sentinel.url()).await);
    let mut begun = start(&*worker);
    web.push(check("before")).await.unwrap();
    assert_eq!(begun.next().await, check("before"));
    sentinel.master().kill().await;
    let began = Instant::now();
    let again = tokio::time::timeout(Duration::from_secs(30), async {
        loop {
            let _ = web.push(Job::Revisit).await;
            if let Ok(Some(Job::Revisit)) = tokio::time::timeout(Duration::from_millis(100), begun.0.recv()).await {
                return;
            }
        }
    });
    again.await.unwrap_or_else(|_| panic!("no job after {:?}", began.elapsed()));
    stop(&*worker).await;
}
