//! A store behind the cache.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

use domain::Availability;
use store::{Owned, TrackingChange};

use super::Bench;
use crate::world::*;

pub async fn a_second_read_is_not_the_databases(bench: &Bench) {
    let id = product(&bench.behind, 1).await;
    price(&bench.behind, id, 50_00, t(1)).await;
    let first = bench.one.find_product(id).await.unwrap();
    let runs = bench.one.price_runs(id, t(0), t(99)).await.unwrap();
    let recent = bench.one.recent_runs(&[id], t(0), 10).await.unwrap();
    let evidence = bench.one.find_evidence(id).await.unwrap();
    assert_eq!(first, bench.behind.find_product(id).await.unwrap());
    assert_eq!(evidence, bench.behind.find_evidence(id).await.unwrap());
    // Written past the cache: who reads through it does not know.
    price(&bench.behind, id, 40_00, t(9)).await;
    for store in [&bench.one, &bench.other] {
        assert_eq!(store.find_product(id).await.unwrap(), first);
        assert_eq!(store.price_runs(id, t(0), t(98)).await.unwrap(), runs);
        assert_eq!(store.recent_runs(&[id], t(0), 10).await.unwrap(), recent);
        assert_eq!(store.find_evidence(id).await.unwrap(), evidence);
    }
}

pub async fn a_write_through_one_is_seen_through_the_other_at_once(bench: &Bench) {
    let user = person(&bench.behind, "anna").await;
    let tracked = track(&bench.one, user, 1, target("45"), t(0)).await;
    let id = tracked.product.id;
    for round in 1..20 {
        let (writer, reader) = if round % 2 == 0 { (&bench.one, &bench.other) } else { (&bench.other, &bench.one) };
        let written = price(writer, id, 50_00 - round, t(round)).await;
        assert_eq!(reader.find_product(id).await.unwrap().unwrap(), written);
        let runs = reader.price_runs(id, t(0), t(99)).await.unwrap();
        assert_eq!((runs.len(), runs.last().unwrap().price), (round as usize, Some(eur(50_00 - round))));
        assert_eq!(reader.recent_runs(&[id], t(0), 3).await.unwrap()[0].runs.last(), runs.last());
    }
    let trackers = async |store: &Arc<dyn store::Store>| store.find_product(id).await.unwrap().unwrap().trackers;
    assert_eq!(trackers(&bench.other).await, 1);
    let which = Owned { user_id: user, tracking_id: tracked.tracking.id };
    let pause = TrackingChange { active: Some(false), ..TrackingChange::default() };
    bench.one.update_tracking(which, &pause, t(30)).await.unwrap();
    assert_eq!(trackers(&bench.other).await, 0);
    let resume = TrackingChange { active: Some(true), ..TrackingChange::default() };
    bench.other.update_tracking(which, &resume, t(31)).await.unwrap();
    assert_eq!(trackers(&bench.one).await, 1);
    bench.one.remove_tracking(which).await.unwrap();
    assert_eq!(trackers(&bench.other).await, 0);
    let other = person(&bench.behind, "otto").await;
    track(&bench.other, other, 1, target("45"), t(32)).await;
    assert_eq!(trackers(&bench.one).await, 1);
    bench.behind.claim_due(t(99_999), std::time::Duration::from_secs(60), 10).await.unwrap();
    bench.one.find_product(id).await.unwrap();
    bench.other.defer(&[(id, t(100_500))]).await.unwrap();
    assert_eq!(bench.one.find_product(id).await.unwrap().unwrap().next_check_at, t(100_500));
}

/// A read that began before a write must not put what it found after it.
pub async fn nobody_reads_what_is_older_than_a_write_that_has_ended(bench: &Bench) {
    let id = product(&bench.behind, 1).await;
    let (ended, over) = (Arc::new(AtomicI64::new(0)), Arc::new(AtomicBool::new(false)));
    let mut readers = tokio::task::JoinSet::new();
    for n in 0..4 {
        let store = if n % 2 == 0 { bench.one.clone() } else { bench.other.clone() };
        let (ended, over) = (ended.clone(), over.clone());
        readers.spawn(async move {
            let mut reads = 0;
            while !over.load(Ordering::Acquire) {
                let least = ended.load(Ordering::Acquire);
                let seen = store.find_product(id).await.unwrap().unwrap().revision;
                assert!(seen >= least, "revision {seen} was read after {least} was written");
                let runs = store.price_runs(id, t(0), t(999)).await.unwrap().len() as i64;
                assert!(runs >= least, "{runs} runs were read after {least} were written");
                reads += 1;
                // A read from the process' own cache never waits for anything.
                tokio::task::yield_now().await;
            }
            reads
        });
    }
    for round in 1..=80 {
        let writer = if round % 3 == 0 { &bench.one } else { &bench.other };
        let state = bench.behind.find_product(id).await.unwrap().unwrap();
        let record = record(&state, offer(eur(90_00 - round), Availability::InStock), t(round));
        assert_eq!(writer.record_checks(&[record]).await.unwrap(), []);
        ended.store(round, Ordering::Release);
        // Some reads begin, so that there is something to take out.
        tokio::task::yield_now().await;
    }
    over.store(true, Ordering::Release);
    let reads: usize = readers.join_all().await.into_iter().sum();
    assert!(reads > 80, "{reads} reads only");
}

pub async fn windows_of_histories_are_those_of_the_database(bench: &Bench) {
    let id = product(&bench.behind, 1).await;
    for (n, minute) in [10, 70, 75, 140, 500, 1_700].into_iter().enumerate() {
        price(&bench.behind, id, 50_00 - n as i64, t(minute)).await;
    }
    let times = [0, 10, 11, 59, 60, 70, 72, 120, 139, 141, 600, 1_699, 1_700, 9_999];
    for from in times {
        for to in times.into_iter().filter(|to| *to >= from) {
            let truth = bench.behind.price_runs(id, t(from), t(to)).await.unwrap();
            for store in [&bench.one, &bench.other] {
                assert_eq!(store.price_runs(id, t(from), t(to)).await.unwrap(), truth, "{from} to {to}");
            }
        }
    }
}

pub async fn sparklines_are_those_of_the_database(bench: &Bench) {
    let mut ids = Vec::new();
    for n in 0..5 {
        let id = product(&bench.behind, n).await;
        for run in 0..i64::from(n) * 2 {
            price(&bench.behind, id, 50_00 - run, t(run * 700 + i64::from(n))).await;
        }
        ids.push(id);
    }
    ids.push(listing(99).product_id());
    for from in [0, 1, 700, 1_440, 1_441, 2_500, 99_999] {
        for most in [1, 3, 20] {
            // Some are known by now and some are not.
            bench.one.recent_runs(&ids[2..4], t(from), most).await.unwrap();
            let truth = bench.behind.recent_runs(&ids, t(from), most).await.unwrap();
            assert_eq!(bench.one.recent_runs(&ids, t(from), most).await.unwrap(), truth, "from {from}, at most {most}");
            assert_eq!(bench.other.recent_runs(&ids, t(from), most).await.unwrap(), truth, "from {from}, at most {most}");
        }
    }
    assert_eq!(bench.one.recent_runs(&[], t(0), 3).await.unwrap(), []);
}

pub async fn what_is_not_there_is_looked_for_each_time(bench: &Bench) {
    let id = listing(7).product_id();
    assert_eq!(bench.one.find_product(id).await.unwrap(), None);
    // Past the cache.
    product(&bench.behind, 7).await;
    assert!(bench.one.find_product(id).await.unwrap().is_some());
}

pub async fn a_refused_record_makes_its_product_fresh(bench: &Bench) {
    let id = product(&bench.behind, 1).await;
    let stale = bench.one.find_product(id).await.unwrap().unwrap();
    price(&bench.behind, id, 50_00, t(1)).await;
    let record = record(&stale, offer(eur(40_00), Availability::InStock), t(2));
    assert_eq!(bench.one.record_checks(&[record]).await.unwrap(), [id]);
    assert_eq!(bench.one.find_product(id).await.unwrap().unwrap().revision, stale.revision + 1);
}
