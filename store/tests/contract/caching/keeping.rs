//! The cache by itself.

use std::time::Duration;

use domain::ProductId;
use store::cache::{Cache, Entry, Leave};

use super::Bench;
use crate::world::*;

const ENTRIES: [Entry; 2] = [Entry::Facts, Entry::Current];

fn id(n: u128) -> ProductId {
    ProductId(uuid::Uuid::from_u128(n))
}

async fn value(cache: &dyn Cache, product: ProductId, entry: Entry) -> Option<Vec<u8>> {
    cache.read(&[(product, entry)]).await[0].value.as_deref().map(Vec::from)
}

async fn leave(cache: &dyn Cache, product: ProductId, entry: Entry) -> Leave {
    cache.read(&[(product, entry)]).await[0].leave.clone().expect("leave is given for what is unknown")
}

pub async fn what_was_put_is_found_by_everybody(bench: &Bench) {
    let cache = &*bench.cache;
    let wanted = [(id(1), Entry::Facts), (id(2), Entry::Current), (id(1), Entry::Runs { from: t(3) })];
    for (n, (product, entry)) in wanted.into_iter().enumerate() {
        let leave = leave(cache, product, entry).await;
        cache.put(product, entry, &leave, vec![n as u8]).await;
    }
    let found = cache.read(&wanted).await;
    let values: Vec<_> = found.iter().map(|found| found.value.as_deref().map(Vec::from)).collect();
    assert_eq!(values, [Some(vec![0]), Some(vec![1]), Some(vec![2])]);
    assert!(found.iter().all(|found| found.leave.is_none()));
    assert_eq!(value(cache, id(1), Entry::Runs { from: t(4) }).await, None, "another window");
}

pub async fn what_was_read_before_a_write_is_not_put_after_it(bench: &Bench) {
    let cache = &*bench.cache;
    let leave = leave(cache, id(1), Entry::Current).await;
    cache.begin_write(&[id(1)]).await;
    cache.end_write(&[id(1)]).await;
    cache.put(id(1), Entry::Current, &leave, b"old".to_vec()).await;
    assert_eq!(value(cache, id(1), Entry::Current).await, None);
}

pub async fn what_was_read_during_a_write_is_gone_after_it(bench: &Bench) {
    let cache = &*bench.cache;
    let before = leave(cache, id(1), Entry::Current).await;
    cache.begin_write(&[id(1)]).await;
    cache.put(id(1), Entry::Current, &before, b"old".to_vec()).await;
    assert_eq!(value(cache, id(1), Entry::Current).await, None);
    if let Some(during) = cache.read(&[(id(1), Entry::Current)]).await[0].leave.clone() {
        cache.put(id(1), Entry::Current, &during, b"old".to_vec()).await;
    }
    cache.end_write(&[id(1)]).await;
    assert_eq!(value(cache, id(1), Entry::Current).await, None);
}

pub async fn a_write_takes_every_entry_of_its_products_out(bench: &Bench) {
    let cache = &*bench.cache;
    for product in [id(1), id(2), id(3)] {
        for entry in ENTRIES {
            let leave = leave(cache, product, entry).await;
            cache.put(product, entry, &leave, b"x".to_vec()).await;
        }
    }
    cache.begin_write(&[id(1), id(3)]).await;
    cache.end_write(&[id(1), id(3)]).await;
    for (product, expect) in [(id(1), None), (id(2), Some(b"x".to_vec())), (id(3), None)] {
        for entry in ENTRIES {
            assert_eq!(value(cache, product, entry).await, expect, "{product} {entry:?}");
        }
    }
}

pub async fn a_write_that_nobody_waits_for_any_more_is_ended_all_the_same(bench: &Bench) {
    let id = product(&bench.behind, 1).await;
    let state = price(&bench.behind, id, 50_00, t(1)).await;
    assert_eq!(bench.one.find_product(id).await.unwrap().unwrap().revision, state.revision);
    let record = record(&state, offer(eur(40_00), domain::Availability::InStock), t(9));
    let records = [record];
    let write = bench.one.record_checks(&records);
    let _ = tokio::time::timeout(Duration::from_micros(300), write).await;
    // Written or not: soon nobody reads anything but what is in the database.
    let until = std::time::Instant::now() + Duration::from_secs(10);
    loop {
        let truth = bench.behind.find_product(id).await.unwrap().unwrap().revision;
        let seen = bench.other.find_product(id).await.unwrap().unwrap().revision;
        let kept = bench.cache.read(&[(id, Entry::Current)]).await[0].value.is_some();
        if truth == seen && kept {
            break;
        }
        assert!(std::time::Instant::now() < until, "revision {truth} is seen as {seen}, kept: {kept}");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}
