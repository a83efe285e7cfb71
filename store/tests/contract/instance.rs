//! The instance itself.

use store::{StoreError, Totals};

use crate::engines::Engine;
use crate::world::*;

pub async fn settings_are_written_replaced_and_removed(engine: &dyn Engine) {
    let store = engine.open().await;
    assert_eq!(store.find_setting("setup").await.unwrap(), None);
    for value in ["one", "", "zwei\n値"] {
        store.put_setting("setup", Some(value)).await.unwrap();
        assert_eq!(store.find_setting("setup").await.unwrap().as_deref(), Some(value));
    }
    store.put_setting("other", Some("stays")).await.unwrap();
    store.put_setting("setup", None).await.unwrap();
    assert_eq!(store.find_setting("setup").await.unwrap(), None);
    assert_eq!(store.find_setting("other").await.unwrap().as_deref(), Some("stays"));
}

pub async fn totals_count_everything(engine: &dyn Engine) {
    let store = engine.open().await;
    assert_eq!(store.totals(t(0)).await.unwrap(), Totals::default());
    let user = person(&store, "anna").await;
    for n in 0..3 {
        track(&store, user, n, target("90"), t(0)).await;
    }
    let id = listing(0).product_id();
    price(&store, id, 100_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    price(&store, id, 80_00, t(2)).await;
    let before = store.totals(t(2)).await.unwrap();
    let expect = Totals {
        products: 3,
        price_runs: 2,
        trackings: 3,
        events: 2,
        pending_events: 1,
        notifications: 0,
        pending_notifications: 0,
        due: 2,
    };
    assert_eq!(before, expect);
    fan_out(&store, 10, t(2)).await;
    let after = store.totals(t(2)).await.unwrap();
    assert_eq!(after, Totals { pending_events: 0, notifications: 2, pending_notifications: 1, ..expect });
}

pub async fn it_answers_until_it_is_closed(engine: &dyn Engine) {
    let store = engine.open().await;
    store.ping().await.unwrap();
    store.close().await;
    store.close().await;
    assert!(matches!(store.ping().await, Err(StoreError::Unavailable(_))));
    assert!(matches!(store.put_setting("a", None).await, Err(StoreError::Unavailable(_))));
}
