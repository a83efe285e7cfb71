//! A Redis that is gone, hangs, forgets, or holds what nobody understands.

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::ProductState;
use store::Store;
use store::cache::Entry;
use store::redis::{RedisLink, cmd};
use testbed::{Memory, Redis, Wire};

use super::{Bench, redis_cache};
use crate::world::*;

async fn bench(url: &str, of_other: &str) -> Bench {
    Bench::new(redis_cache(url).await, redis_cache(of_other).await).await
}

async fn found(store: &Arc<dyn Store>, id: domain::ProductId) -> ProductState {
    store.find_product(id).await.unwrap().unwrap()
}

/// Reads and writes go on, and nobody waits for the cache at each.
async fn goes_on(bench: &Bench, id: domain::ProductId, from_minute: i64) {
    let began = Instant::now();
    for round in 0..30 {
        let minute = from_minute + round;
        let written = price(&bench.one, id, 50_00 - minute, t(minute)).await;
        assert_eq!(found(&bench.one, id).await, written);
        assert_eq!(bench.one.price_runs(id, t(0), t(9_999)).await.unwrap().last().unwrap().from, t(minute));
    }
    assert!(began.elapsed() < Duration::from_secs(6), "{:?}", began.elapsed());
}

async fn until_fresh(bench: &Bench, store: &Arc<dyn Store>, id: domain::ProductId) -> Duration {
    let truth = found(&bench.behind, id).await;
    let began = Instant::now();
    while found(store, id).await != truth {
        assert!(began.elapsed() < Duration::from_secs(10), "an old value is still read");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    began.elapsed()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_is_killed_makes_nothing_wrong_with_its_memory_or_without() {
    for memory in [Memory::Keep, Memory::Lose] {
        let mut redis = Redis::start().await;
        let bench = bench(&redis.url(), &redis.url()).await;
        let id = product(&bench.behind, 1).await;
        price(&bench.one, id, 90_00, t(1)).await;
        found(&bench.other, id).await;
        redis.kill().await;
        goes_on(&bench, id, 10).await;
        redis.start_again(memory).await;
        // Who wrote never reads what is older; the others are told as soon as Redis answers.
        assert_eq!(found(&bench.one, id).await, found(&bench.behind, id).await);
        let took = until_fresh(&bench, &bench.other, id).await;
        assert!(took < Duration::from_secs(3), "{took:?}");
        let written = price(&bench.one, id, 10_00, t(500)).await;
        assert_eq!(found(&bench.other, id).await, written, "as before");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wire_that_is_cut_or_hangs_makes_nothing_wrong() {
    let redis = Redis::start().await;
    let wire = Wire::to(redis.port()).await;
    let bench = bench(&format!("redis://127.0.0.1:{}", wire.port()), &redis.url()).await;
    let id = product(&bench.behind, 1).await;
    for (n, harm) in [Wire::cut as fn(&Wire), Wire::hang].into_iter().enumerate() {
        found(&bench.other, id).await;
        harm(&wire);
        goes_on(&bench, id, 100 * (n as i64 + 1)).await;
        wire.heal();
        until_fresh(&bench, &bench.other, id).await;
        assert_eq!(found(&bench.one, id).await, found(&bench.behind, id).await);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_read_before_everything_was_flushed_is_not_put_after_it() {
    let redis = Redis::start().await;
    let bench = bench(&redis.url(), &redis.url()).await;
    let id = product(&bench.behind, 1).await;
    let leave = bench.cache.read(&[(id, Entry::Current)]).await[0].leave.clone().unwrap();
    price(&bench.other, id, 50_00, t(1)).await;
    redis.command("FLUSHALL");
    bench.cache.put(id, Entry::Current, &leave, b"old".to_vec()).await;
    assert!(bench.cache.read(&[(id, Entry::Current)]).await[0].value.is_none());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_writer_that_dies_before_its_end_leaves_nothing_for_long() {
    let url = testbed::shared_redis().await;
    let bench = bench(&url, &url).await;
    let id = product(&bench.behind, 1).await;
    found(&bench.one, id).await;
    bench.cache.begin_write(&[id]).await;
    let read = bench.cache.read(&[(id, Entry::Evidence)]).await;
    assert!(read[0].leave.is_none(), "nothing is put until it has ended");
    let mut link = RedisLink::connect(&url.into()).await.unwrap();
    let key = format!("plummet:cache:1:{}", id.0.simple());
    let lasts: i64 = cmd("PTTL").arg(key).query_async(&mut link).await.unwrap();
    assert!((1..=10_000).contains(&lasts), "{lasts} ms");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_nobody_understands_is_read_from_the_database() {
    let url = testbed::shared_redis().await;
    let bench = bench(&url, &url).await;
    let id = product(&bench.behind, 1).await;
    let truth = found(&bench.one, id).await;
    let mut link = RedisLink::connect(&url.into()).await.unwrap();
    let key = format!("plummet:cache:1:{}", id.0.simple());
    for garbage in ["", "x", "\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}\u{7f}{\"id\":1}"] {
        for entry in ["facts", "current"] {
            let _: () = cmd("HSET").arg(&key).arg(entry).arg(garbage).query_async(&mut link).await.unwrap();
        }
        assert_eq!(found(&bench.one, id).await, truth, "{garbage:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_cluster_keeps_too() {
    let cluster = testbed::RedisCluster::start().await;
    let bench = bench(&cluster.url(), &cluster.url()).await;
    let mut ids = Vec::new();
    for n in 0..8 {
        ids.push(product(&bench.behind, n).await);
        price(&bench.one, ids[n as usize], 50_00, t(1)).await;
    }
    let truth = bench.behind.recent_runs(&ids, t(0), 9).await.unwrap();
    assert_eq!(bench.one.recent_runs(&ids, t(0), 9).await.unwrap(), truth);
    for id in &ids {
        found(&bench.one, *id).await;
        price(&bench.behind, *id, 40_00, t(2)).await;
    }
    assert_eq!(bench.other.recent_runs(&ids, t(0), 9).await.unwrap(), truth, "read from the cache");
    assert_eq!(found(&bench.other, ids[3]).await.price, Some(eur(50_00)));
    let record = record(&found(&bench.behind, ids[3]).await, offer(eur(30_00), domain::Availability::InStock), t(3));
    assert_eq!(bench.one.record_checks(&[record]).await.unwrap(), []);
    assert_eq!(found(&bench.other, ids[3]).await, found(&bench.behind, ids[3]).await);
    assert_eq!(found(&bench.other, ids[3]).await.price, Some(eur(30_00)));
}
