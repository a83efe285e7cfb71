//! Recording checks: a batch is one transaction, and what was decided is written as it is.

use domain::check::{FailureKind, NewRun, RecentPrice, Suspect};
use domain::offer::{Evidence, Field, ProductFacts, Reader, Reading, Verdict};
use domain::{Availability, Currency, EventId, Money, PriceEvent, PriceRun};

use crate::engines::Engine;
use crate::world::*;

pub async fn a_first_price_begins_a_run_and_makes_an_event(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let before = state(&store, id).await;
    let after = price(&store, id, 149_99, t(1)).await;
    assert_eq!(before.revision + 1, after.revision);
    assert_eq!((after.price, after.previous_price), (Some(eur(149_99)), None));
    assert_eq!((after.run_from, after.run_checks, after.last_ok_at), (Some(t(1)), 1, Some(t(1))));
    let event = after.last_event.unwrap();
    assert_eq!((event.id, event.at, event.new_price), (EventId::derive(id, t(1)), t(1), Some(eur(149_99))));
    assert!(event.is_first());
    let run = PriceRun { from: t(1), last_seen: t(1), checks: 1, price: Some(eur(149_99)), availability: Availability::InStock };
    assert_eq!(store.price_runs(id, t(0), t(9)).await.unwrap(), [run]);
}

pub async fn an_unchanged_check_only_extends_the_open_run(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    for minute in 1..=5 {
        price(&store, id, 149_99, t(minute)).await;
    }
    let after = state(&store, id).await;
    assert_eq!((after.run_from, after.run_checks, after.last_ok_at), (Some(t(1)), 5, Some(t(5))));
    let runs = store.price_runs(id, t(0), t(9)).await.unwrap();
    assert_eq!(runs.len(), 1);
    assert_eq!((runs[0].from, runs[0].last_seen, runs[0].checks), (t(1), t(5), 5));
    let totals = store.totals(t(9)).await.unwrap();
    assert_eq!((totals.price_runs, totals.events), (1, 1));
}

pub async fn another_price_ends_the_run_as_it_was_last_seen(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    for (minute, minor) in [(1, 100_00), (2, 100_00), (5, 100_00), (6, 90_00), (7, 90_00)] {
        price(&store, id, minor, t(minute)).await;
    }
    observe(&store, id, failed(FailureKind::Blocked), t(8)).await;
    let runs = store.price_runs(id, t(0), t(9)).await.unwrap();
    let seen: Vec<_> = runs.iter().map(|run| (run.from, run.last_seen, run.checks, run.price)).collect();
    assert_eq!(seen, [(t(1), t(5), 3, Some(eur(100_00))), (t(6), t(7), 2, Some(eur(90_00)))]);
    assert_eq!(state(&store, id).await.previous_price, Some(eur(100_00)));
}

pub async fn a_failed_check_changes_nothing_but_attempts(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let good = price(&store, id, 100_00, t(1)).await;
    let runs = store.price_runs(id, t(0), t(1000)).await.unwrap();
    for (kind, minute) in FailureKind::ALL.into_iter().zip(2..) {
        let after = observe(&store, id, failed(kind), t(minute)).await;
        assert_eq!(after.last_outcome.as_deref(), Some(kind.as_str()));
        assert_eq!((after.last_attempt_at, after.last_detail.as_deref()), (Some(t(minute)), Some("try later")));
        let mut unchanged = after.clone();
        unchanged.revision = good.revision;
        unchanged.last_attempt_at = good.last_attempt_at;
        unchanged.last_outcome.clone_from(&good.last_outcome);
        unchanged.last_detail.clone_from(&good.last_detail);
        unchanged.failures = good.failures;
        unchanged.next_check_at = good.next_check_at;
        assert_eq!(unchanged, good, "{kind:?}");
        assert_eq!(store.price_runs(id, t(0), t(1000)).await.unwrap(), runs, "{kind:?}");
    }
}

pub async fn a_suspect_price_is_kept_beside_the_good_one(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 100_00, t(1)).await;
    let after = price(&store, id, 1_00, t(2)).await;
    let suspect = Suspect { price: eur(1_00), since: t(2), last_seen_at: t(2), sightings: 1 };
    assert_eq!((after.price, after.suspect, after.last_ok_at), (Some(eur(100_00)), Some(suspect), Some(t(1))));
    assert_eq!(store.totals(t(2)).await.unwrap().price_runs, 1);
    let confirmed = price(&store, id, 1_00, t(4)).await;
    assert_eq!((confirmed.price, confirmed.suspect), (Some(eur(1_00)), None));
}

pub async fn a_change_of_stock_keeps_the_previous_price(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 100_00, t(1)).await;
    price(&store, id, 90_00, t(2)).await;
    let reading =
        Reading::OutOfStock { availability: Availability::OutOfStock, facts: ProductFacts::default(), evidence: Vec::new() };
    let after = observe(&store, id, reading, t(3)).await;
    assert_eq!(after.availability, Availability::OutOfStock);
    assert_eq!((after.price, after.previous_price), (Some(eur(90_00)), Some(eur(100_00))));
    assert_eq!(store.price_runs(id, t(0), t(9)).await.unwrap().len(), 3);
}

pub async fn a_record_from_a_stale_revision_is_returned_and_not_written(engine: &dyn Engine) {
    let store = engine.open().await;
    let (id, other) = (product(&store, 1).await, product(&store, 2).await);
    let stale = state(&store, id).await;
    let after = price(&store, id, 100_00, t(1)).await;
    let late = record(&stale, offer(eur(50_00), Availability::InStock), t(2));
    let fine = record(&state(&store, other).await, offer(eur(70_00), Availability::InStock), t(2));
    assert_eq!(store.record_checks(&[late, fine]).await.unwrap(), [id]);
    assert_eq!(state(&store, id).await, after);
    assert_eq!(store.price_runs(id, t(0), t(9)).await.unwrap().len(), 1);
    assert_eq!(state(&store, other).await.price, Some(eur(70_00)), "the rest of the batch is written");
}

pub async fn an_older_observation_is_returned_and_not_written(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let before = state(&store, id).await;
    let after = price(&store, id, 100_00, t(5)).await;
    for minute in [4, 5] {
        let mut older = record(&before, offer(eur(50_00), Availability::InStock), t(minute));
        older.revision = after.revision;
        assert_eq!(store.record_checks(&[older]).await.unwrap(), [id]);
    }
    assert_eq!(state(&store, id).await, after);
}

pub async fn two_workers_with_one_product_record_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let before = state(&store, id).await;
    let workers: Vec<_> = (1..=8)
        .map(|minute| {
            let (store, record) = (store.clone(), record(&before, offer(eur(minute * 100), Availability::InStock), t(minute)));
            tokio::spawn(async move { store.record_checks(&[record]).await.unwrap().is_empty() })
        })
        .collect();
    let mut written = 0;
    for worker in workers {
        written += usize::from(worker.await.unwrap());
    }
    let totals = store.totals(t(9)).await.unwrap();
    assert_eq!((written, totals.price_runs, totals.events), (1, 1, 1));
}

pub async fn the_first_of_two_records_of_one_product_counts(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let before = state(&store, id).await;
    let batch = [1, 2].map(|minute| record(&before, offer(eur(minute * 100_00), Availability::InStock), t(minute)));
    assert_eq!(store.record_checks(&batch).await.unwrap(), [id]);
    assert_eq!(state(&store, id).await.price, Some(eur(100_00)));
}

pub async fn a_bad_record_leaves_nothing_of_its_batch(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut batch = Vec::new();
    let mut before = Vec::new();
    for n in 0..5 {
        let id = product(&store, n).await;
        price(&store, id, 100_00, t(1)).await;
        before.push(state(&store, id).await);
        batch.push(record(&before[n as usize], offer(eur(90_00), Availability::InStock), t(2)));
    }
    let totals = store.totals(t(2)).await.unwrap();
    // An event of a product that there is not.
    batch[3].event.as_mut().unwrap().product_id = listing(99).product_id();
    store.record_checks(&batch).await.unwrap_err();
    for product in &before {
        assert_eq!(state(&store, product.id).await, *product);
        let runs = store.price_runs(product.id, t(0), t(9)).await.unwrap();
        assert_eq!((runs.len(), runs[0].last_seen), (1, t(1)));
    }
    assert_eq!(store.totals(t(2)).await.unwrap(), totals);
}

pub async fn an_event_recorded_again_is_one_event(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let first = price(&store, id, 100_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    let mut again = record(&first, offer(eur(100_00), Availability::InStock), t(2));
    again.event = first.last_event.clone();
    assert_eq!(store.record_checks(&[again]).await.unwrap(), []);
    let totals = store.totals(t(2)).await.unwrap();
    assert_eq!((totals.events, totals.pending_events), (1, 0), "and its fan-out does not begin again");
}

pub async fn an_unknown_product_is_returned(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let mut unknown = record(&state(&store, id).await, offer(eur(100_00), Availability::InStock), t(1));
    unknown.product_id = listing(99).product_id();
    unknown.event = None;
    assert_eq!(store.record_checks(std::slice::from_ref(&unknown)).await.unwrap(), [unknown.product_id]);
    assert_eq!(store.record_checks(&[]).await.unwrap(), []);
}

pub async fn everything_about_a_product_survives_to_the_microsecond(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let yen = |minor| Money::new(minor, Currency::from_code("JPY").unwrap());
    let odd = |micros| t(0).plus_micros(micros);
    let event = PriceEvent {
        id: EventId::derive(id, odd(1)),
        product_id: id,
        at: odd(1),
        old_price: Some(eur(i64::MAX)),
        new_price: Some(yen(i64::MAX)),
        old_availability: Availability::PreOrder,
        new_availability: Availability::InStoreOnly,
    };
    let recent: Vec<_> = (0..12).map(|n| RecentPrice { from: odd(-n), minor: i64::MAX - n }).collect();
    let facts = ProductFacts {
        name: Some("Ärmel \"lang\" \\ 'x' — 値下げ 🎉\u{1f}".into()),
        image_url: Some("https://shop.example/i.png?a=1&b=%20".into()),
        brand: Some("B".into()),
        gtin: Some("04012345678901".into()),
        mpn: Some(String::new()),
        seller: Some("null".into()),
        condition: Some("new".into()),
    };
    let mut all = record(&state(&store, id).await, offer(eur(1), Availability::InStock), odd(1));
    all.detail = Some("a: b\n{\"c\"}".into());
    all.failures = u32::MAX;
    all.suspect = Some(Suspect { price: yen(i64::MIN), since: odd(2), last_seen_at: odd(3), sightings: 9 });
    all.new_run = Some(NewRun { price: event.new_price, availability: Availability::InStoreOnly, recent: recent.clone() });
    all.event = Some(event.clone());
    all.facts = Some(facts.clone());
    all.list_price = Some(eur(9_007_199_254_740_993));
    all.etag = Some("W/\"1\"".into());
    all.last_modified = Some("Thu, 13 Nov 2025 10:00:00 GMT".into());
    all.next_check_at = odd(4);
    assert_eq!(store.record_checks(&[all.clone()]).await.unwrap(), []);
    let after = state(&store, id).await;
    assert_eq!((after.facts, after.last_detail, after.failures), (facts, all.detail, u32::MAX));
    assert_eq!((after.suspect, after.recent, after.last_event), (all.suspect, recent, Some(event.clone())));
    assert_eq!((after.price, after.list_price, after.availability), (event.new_price, all.list_price, Availability::InStoreOnly));
    assert_eq!((after.etag, after.last_modified, after.next_check_at), (all.etag, all.last_modified, odd(4)));
    assert_eq!((after.run_from, after.last_ok_at, after.last_attempt_at), (Some(odd(1)), Some(odd(1)), Some(odd(1))));
    assert_eq!((after.created_at, after.url.as_str(), after.host.as_str()), (t(0), "https://shop.example/p/1", "shop.example"));
}

pub async fn facts_replace_facts(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let after = price(&store, id, 100_00, t(1)).await;
    assert_eq!(after.facts.name.as_deref(), Some("A thing"));
    let mut renamed = record(&after, offer(eur(100_00), Availability::InStock), t(2));
    renamed.facts = Some(ProductFacts { name: Some("Another".into()), ..ProductFacts::default() });
    store.record_checks(&[renamed]).await.unwrap();
    assert_eq!(state(&store, id).await.facts.name.as_deref(), Some("Another"));
    let search = async |words: &str| store.search_products(words, None, ALL).await.unwrap().total;
    assert_eq!((search("thing").await, search("another").await), (0, 1), "search follows");
}

pub async fn evidence_is_that_of_the_last_reading_worth_keeping(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    assert_eq!(store.find_evidence(id).await.unwrap(), None);
    let evidence = Evidence {
        field: Field::Price,
        reader: Reader::JsonLd,
        place: "offers.price".into(),
        raw: "\"149,99\u{a0}€\"".into(),
        value: "149.99 EUR".into(),
        confidence: 90,
        verdict: Verdict::Chosen,
    };
    for (minute, kept) in [(1, Some(vec![])), (2, Some(vec![evidence.clone()])), (3, None)] {
        let mut checked = record(&state(&store, id).await, offer(eur(100_00), Availability::InStock), t(minute));
        checked.evidence = kept;
        store.record_checks(&[checked]).await.unwrap();
    }
    let kept = store.find_evidence(id).await.unwrap().unwrap();
    assert_eq!((kept.at, kept.outcome.as_str(), kept.evidence), (t(2), "offer", vec![evidence]));
}

pub async fn recorders_of_overlapping_batches_record_each_product_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut before = Vec::new();
    for n in 0..40 {
        let id = product(&store, n).await;
        before.push(price(&store, id, 100_00, t(1)).await);
    }
    // Each in another order: who waits for each other must not wait for ever.
    let recorders: Vec<_> = (0..6)
        .map(|recorder: usize| {
            let mut batch: Vec<_> = before
                .iter()
                .map(|product| record(product, offer(eur(90_00), Availability::InStock), t(2 + recorder as i64)))
                .collect();
            batch.rotate_left(recorder * 7);
            if recorder % 2 == 1 {
                batch.reverse();
            }
            let store = store.clone();
            tokio::spawn(async move {
                let refused = store.record_checks(&batch).await.unwrap();
                batch.len() - refused.len()
            })
        })
        .collect();
    let mut written = 0;
    for recorder in recorders {
        written += recorder.await.unwrap();
    }
    let totals = store.totals(t(2)).await.unwrap();
    assert_eq!((written, totals.price_runs, totals.events), (40, 80, 80));
    for product in &before {
        let after = state(&store, product.id).await;
        assert_eq!((after.revision, after.price, after.run_checks), (product.revision + 1, Some(eur(90_00)), 1));
        let runs = store.price_runs(product.id, t(0), t(99)).await.unwrap();
        assert_eq!((runs[0].last_seen, runs[0].checks, runs[1].from), (t(1), 1, after.run_from.unwrap()));
    }
}

pub async fn a_zero_character_does_not_stop_a_batch(engine: &dyn Engine) {
    let store = engine.open().await;
    let (odd, fine) = (product(&store, 1).await, product(&store, 2).await);
    let mut batch = Vec::new();
    for id in [odd, fine] {
        batch.push(record(&state(&store, id).await, offer(eur(70_00), Availability::InStock), t(1)));
    }
    batch[0].facts = Some(ProductFacts { name: Some("Nu\0ll".into()), seller: Some("\0".into()), ..ProductFacts::default() });
    batch[0].detail = Some("a\0b".into());
    batch[0].etag = Some("\0".into());
    assert_eq!(store.record_checks(&batch).await.unwrap(), []);
    let after = state(&store, odd).await;
    assert_eq!((after.facts.name.as_deref(), after.facts.seller.as_deref()), (Some("Null"), Some("")));
    assert_eq!((after.last_detail.as_deref(), after.etag.as_deref()), (Some("ab"), Some("")));
    assert_eq!(state(&store, fine).await.price, Some(eur(70_00)));
    assert_eq!(store.search_products("null \0", None, ALL).await.unwrap().total, 1);
}
