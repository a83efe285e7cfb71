//! Reading histories.

use std::sync::Arc;

use domain::{PriceRun, ProductId};
use store::Store;

use crate::engines::Engine;
use crate::world::*;

/// Prices of 100, 99, 98 … euros at the minutes given.
async fn history(store: &Arc<dyn Store>, n: u32, minutes: &[i64]) -> ProductId {
    let id = product(store, n).await;
    for (index, minute) in (0..).zip(minutes) {
        price(store, id, 100_00 - index * 1_00, t(*minute)).await;
    }
    id
}

fn starts(runs: &[PriceRun]) -> Vec<i64> {
    runs.iter().map(|run| run.from.micros_since(t(0)) / domain::time::MINUTE).collect()
}

pub async fn the_run_in_force_when_the_window_opens_is_carried_in(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = history(&store, 1, &[10, 20, 30]).await;
    for (from, to, expect) in [
        (0, 99, vec![10, 20, 30]),
        (10, 99, vec![10, 20, 30]),
        (11, 99, vec![10, 20, 30]),
        (20, 99, vec![20, 30]),
        (25, 99, vec![20, 30]),
        (30, 99, vec![30]),
        (50, 99, vec![30]),
        (25, 26, vec![20]),
    ] {
        assert_eq!(starts(&store.price_runs(id, t(from), t(to)).await.unwrap()), expect, "{from} to {to}");
    }
}

pub async fn runs_after_the_window_are_left_out(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = history(&store, 1, &[10, 20, 30]).await;
    for (to, expect) in [(9, vec![]), (10, vec![10]), (29, vec![10, 20]), (30, vec![10, 20, 30])] {
        assert_eq!(starts(&store.price_runs(id, t(0), t(to)).await.unwrap()), expect, "to {to}");
    }
}

pub async fn an_unknown_product_has_no_history(engine: &dyn Engine) {
    let store = engine.open().await;
    history(&store, 1, &[10]).await;
    let unknown = listing(99).product_id();
    assert_eq!(store.price_runs(unknown, t(0), t(99)).await.unwrap(), []);
    assert_eq!(store.find_product(unknown).await.unwrap(), None);
    assert_eq!(store.find_evidence(unknown).await.unwrap(), None);
}

pub async fn recent_runs_are_the_newest_of_each_product(engine: &dyn Engine) {
    let store = engine.open().await;
    let many = history(&store, 1, &[10, 20, 30, 40, 50]).await;
    let few = history(&store, 2, &[15, 25]).await;
    price(&store, few, 99_00, t(60)).await;
    let lines = store.recent_runs(&[many, few], t(0), 3).await.unwrap();
    assert_eq!(starts(&lines[0].runs), [30, 40, 50]);
    assert_eq!(starts(&lines[1].runs), [15, 25]);
    assert_eq!((lines[1].runs[1].last_seen, lines[1].runs[1].checks), (t(60), 2), "the open one as it is now");
}

pub async fn recent_runs_carry_in_the_run_in_force(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = history(&store, 1, &[10, 20, 30]).await;
    for (from, expect) in [(25, vec![20, 30]), (30, vec![30]), (99, vec![30])] {
        assert_eq!(starts(&store.recent_runs(&[id], t(from), 9).await.unwrap()[0].runs), expect, "from {from}");
    }
}

pub async fn recent_runs_keep_the_order_asked_for(engine: &dyn Engine) {
    let store = engine.open().await;
    let (one, none) = (history(&store, 1, &[10]).await, product(&store, 2).await);
    let unknown = listing(99).product_id();
    let asked = [unknown, one, none];
    let lines = store.recent_runs(&asked, t(0), 9).await.unwrap();
    assert_eq!(lines.iter().map(|line| line.product_id).collect::<Vec<_>>(), asked);
    assert_eq!(lines.iter().map(|line| line.runs.len()).collect::<Vec<_>>(), [0, 1, 0]);
    assert_eq!(store.recent_runs(&[], t(0), 9).await.unwrap(), []);
}
