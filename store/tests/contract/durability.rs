//! What was acknowledged stays.

use std::sync::Arc;

use store::Store;

use crate::engines::Engine;
use crate::world::*;

/// Writes on every path, and gives what a reader sees of it.
async fn write(store: &Arc<dyn Store>) -> String {
    let user = person(store, "anna").await;
    let tracked = track(store, user, 1, target("90"), t(0)).await;
    for (minute, minor) in [(1, 100_00), (2, 80_00)] {
        price(store, tracked.product.id, minor, t(minute)).await;
        fan_out(store, 10, t(minute)).await;
    }
    store.put_setting("name", Some("value")).await.unwrap();
    see(store).await
}

async fn see(store: &Arc<dyn Store>) -> String {
    let id = listing(1).product_id();
    let user = store.find_credentials("anna@example.org").await.unwrap().unwrap().user;
    format!(
        "{:?}",
        (
            store.totals(t(9)).await.unwrap(),
            store.find_product(id).await.unwrap(),
            store.price_runs(id, t(0), t(9)).await.unwrap(),
            store.find_tracking_of(user.id, id).await.unwrap(),
            store.list_inbox(user.id, ALL).await.unwrap(),
            store.find_setting("name").await.unwrap(),
        )
    )
}

pub async fn what_was_acknowledged_is_there_after_a_close(engine: &dyn Engine) {
    let store = engine.open().await;
    let before = write(&store).await;
    store.close().await;
    drop(store);
    let store = engine.open().await;
    assert_eq!(see(&store).await, before);
}

pub async fn what_was_acknowledged_is_there_without_a_close(engine: &dyn Engine) {
    let store = engine.open().await;
    let before = write(&store).await;
    drop(store);
    let store = engine.open().await;
    assert_eq!(see(&store).await, before);
}
