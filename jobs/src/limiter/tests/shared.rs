//! What several processes share in Redis, by its clock, and what they do without it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::Timestamp;
use domain::time::{DAY, HOUR, SECOND};
use rand::rngs::StdRng;
use rand::{RngExt, SeedableRng};
use store::redis::{RedisLink, cmd};

use super::super::{InProcessLimiter, Limiter, RedisLimiter, Route, Signal, burst_and_spacing};
use super::{route, routes};
use crate::Clock;
use crate::tests::wait_for;

async fn link(url: &str) -> RedisLink {
    RedisLink::connect(&url.to_owned().into()).await.unwrap()
}

/// A limiter of its own process, as it were.
async fn limiter(url: &str) -> Arc<RedisLimiter> {
    Arc::new(RedisLimiter::new(link(url).await, Clock::System))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_processes_share_one_budget() {
    let url = testbed::shared_redis().await;
    let route = route(360_000);
    let began = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let (limiter, route) = (limiter(&url).await, [route.clone()]);
        workers.spawn(async move {
            let mut permits = 0;
            while began.elapsed() < Duration::from_millis(700) {
                permits += limiter.take(&route, 3, Clock::System.now()).await.permits.len() as i64;
            }
            permits
        });
    }
    let permits: i64 = workers.join_all().await.into_iter().sum();
    let (burst, spacing) = burst_and_spacing(360_000);
    let allowed = i64::from(burst) + began.elapsed().as_micros() as i64 / spacing;
    assert!((allowed / 2..=allowed).contains(&permits), "{permits} permits, {allowed} are allowed");
}

#[tokio::test]
async fn a_clock_that_jumps_changes_nothing() {
    let url = testbed::shared_redis().await;
    let clock = Clock::fixed("2026-01-01T00:00:00Z".parse().unwrap());
    let jumping = RedisLimiter::new(link(&url).await, clock.clone());
    let route = [route(100)];
    assert_eq!(jumping.take(&route, 64, clock.now()).await.permits.len(), 4);
    for jump in [HOUR, -DAY, 30 * DAY] {
        clock.advance(jump);
        let grant = jumping.take(&route, 1, clock.now()).await;
        let wait = grant.next_at.micros_since(clock.now());
        assert!(grant.permits.is_empty() && (30 * SECOND..=38 * SECOND).contains(&wait), "{jump}: {wait}");
    }
    let until = jumping.report(&route[0], Signal::Blocked, clock.now()).await.unwrap();
    assert_eq!(until.micros_since(clock.now()), 600 * SECOND);
    clock.advance(DAY);
    let grant = jumping.take(&route, 1, clock.now()).await;
    assert!(grant.next_at.micros_since(clock.now()) > 590 * SECOND, "closed by the server's clock");
}

/// Whatever is asked, both give the same.
#[tokio::test]
async fn both_limiters_give_the_same_answers() {
    let url = testbed::shared_redis().await;
    for seed in 0..6 {
        let mut random = StdRng::seed_from_u64(seed);
        let clock = Clock::fixed("2026-01-01T00:00:00Z".parse().unwrap());
        let shared = RedisLimiter::by_the_time_of(link(&url).await, clock.clone());
        let own = InProcessLimiter::new(clock.clone());
        let rate = [1, 30, 120, 5_000, 100, 77][seed as usize];
        let all: Vec<Route> =
            routes(rate, 3).into_iter().map(|route| Route { key: format!("{seed}{}", route.key).into(), ..route }).collect();
        for step in 0..150 {
            let now = clock.now();
            let what = format!("seed {seed}, step {step}");
            if random.random_bool(0.6) {
                let some = &all[random.random_range(0..2)..];
                let want = random.random_range(0..40);
                let (one, two) = (own.take(some, want, now).await, shared.take(some, want, now).await);
                let keys =
                    |grant: &super::super::Grant| grant.permits.iter().map(|permit| permit.route.key.clone()).collect::<Vec<_>>();
                assert_eq!(keys(&one), keys(&two), "{what}");
                // governor counts in nanoseconds, rounded the other way.
                let apart = one.next_at.micros_since(two.next_at).abs();
                assert!(apart <= 500 && (one.spacing - two.spacing).abs() <= 1, "{what}: {one:?} {two:?}");
            } else {
                let route = &all[random.random_range(0..3)];
                let signal = match random.random_range(0..12) {
                    0 => Signal::Blocked,
                    1 => Signal::RateLimited(None),
                    2 => Signal::RateLimited(Some(now.plus_micros(random.random_range(0..2 * DAY)))),
                    3..8 => Signal::NoAnswer,
                    _ => Signal::Answered,
                };
                assert_eq!(own.report(route, signal, now).await, shared.report(route, signal, now).await, "{what}: {signal:?}");
            }
            assert_eq!(own.states(&all, now).await, shared.states(&all, now).await, "{what}");
            let most = [SECOND, 60 * SECOND, HOUR][random.random_range(0..3)];
            clock.advance(random.random_range(0..most));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_redis_each_goes_on_with_its_part_and_comes_back() {
    let mut redis = testbed::Redis::start().await;
    let (one, two) = (limiter(&redis.url()).await, limiter(&redis.url()).await);
    let route = [route(100)];
    assert_eq!(one.take(&route, 3, Timestamp::EPOCH).await.permits.len(), 3);
    two.take(&route, 1, Timestamp::EPOCH).await;
    // Both have said that they are there.
    wait_for("two processes", async || {
        one.said_at.store(0, std::sync::atomic::Ordering::Relaxed);
        one.take(&route, 0, Timestamp::EPOCH).await;
        (one.processes.load(std::sync::atomic::Ordering::Relaxed) == 2).then_some(())
    })
    .await;
    redis.kill().await;
    let began = Instant::now();
    for _ in 0..50 {
        let grant = one.take(&route, 64, Timestamp::EPOCH).await;
        let wait = grant.next_at.micros_since(Timestamp::EPOCH);
        assert!(grant.permits.is_empty() && wait > 70 * SECOND, "half of the budget, from an empty bucket: {wait}");
    }
    assert!(began.elapsed() < Duration::from_secs(2), "nobody waits for a Redis that is gone: {:?}", began.elapsed());
    assert!(one.report(&route[0], Signal::Blocked, Timestamp::EPOCH).await.is_some());
    assert_eq!(one.states(&route, Timestamp::EPOCH).await[0].trips, 1);
    redis.start_again(testbed::Memory::Lose).await;
    wait_for("its return", async || (one.take(&route, 1, Timestamp::EPOCH).await.permits.len() == 1).then_some(())).await;
    // The other one has not noticed that it was away.
    let rest = wait_for("the other's return", async || {
        Some(two.take(&route, 64, Timestamp::EPOCH).await.permits.len()).filter(|permits| *permits > 0)
    })
    .await;
    assert_eq!(rest, 3, "one budget again");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_hangs_is_waited_for_once() {
    let redis = testbed::Redis::start().await;
    let wire = testbed::Wire::to(redis.port()).await;
    let limiter = limiter(&format!("redis://127.0.0.1:{}", wire.port())).await;
    let route = [route(100)];
    assert_eq!(limiter.take(&route, 1, Timestamp::EPOCH).await.permits.len(), 1);
    wire.hang();
    let began = Instant::now();
    for _ in 0..20 {
        assert_eq!(limiter.take(&route, 1, Timestamp::EPOCH).await.permits.len(), 0);
    }
    assert!(began.elapsed() < Duration::from_secs(2), "{:?}", began.elapsed());
    wire.heal();
    wait_for("its return", async || (limiter.take(&route, 1, Timestamp::EPOCH).await.permits.len() == 1).then_some(())).await;
}

#[tokio::test]
async fn a_budget_that_is_whole_again_leaves_nothing_behind() {
    let url = testbed::shared_redis().await;
    let limiter = limiter(&url).await;
    let mut link = link(&url).await;
    let (quick, blocked) = ([route(3_600_000)], [Route::new("blocked.example", Some(100), None)]);
    limiter.take(&quick, 64, Timestamp::EPOCH).await;
    limiter.report(&blocked[0], Signal::Blocked, Timestamp::EPOCH).await;
    let days: i64 = cmd("TTL").arg(super::super::redis::key_of(&blocked[0])).query_async(&mut link).await.unwrap();
    assert!((86_400..=86_400 + 600).contains(&days), "trips are remembered: {days} s");
    let key = super::super::redis::key_of(&quick[0]);
    wait_for("its end", async || {
        let there: bool = cmd("EXISTS").arg(&key).query_async(&mut link).await.unwrap();
        (!there).then_some(())
    })
    .await;
}

#[tokio::test]
async fn all_routes_to_a_site_are_asked_at_once_in_a_cluster() {
    let cluster = testbed::RedisCluster::start().await;
    let limiter = limiter(&cluster.url()).await;
    let routes = routes(100, 3);
    assert_eq!(limiter.take(&routes, 64, Timestamp::EPOCH).await.permits.len(), 12);
    limiter.report(&routes[1], Signal::Blocked, Timestamp::EPOCH).await;
    let trips: Vec<u32> = limiter.states(&routes, Timestamp::EPOCH).await.iter().map(|state| state.trips).collect();
    assert_eq!((trips, limiter.link.is_down()), (vec![0, 1, 0], false));
}
