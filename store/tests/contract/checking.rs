//! Claiming products, and giving them back.

use std::collections::HashSet;
use std::sync::Arc;

use domain::tracking::Rules;
use domain::{ProductId, Timestamp};
use store::{Owned, Store, TrackingChange};

use crate::engines::Engine;
use crate::world::*;

async fn claim(store: &Arc<dyn Store>, now: Timestamp, limit: u32) -> Vec<ProductId> {
    store.claim_due(now, LEASE, limit).await.unwrap().into_iter().map(|due| due.id).collect()
}

pub async fn a_new_product_is_due_at_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let due = store.claim_due(t(0), LEASE, 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].id, due[0].platform.as_str(), due[0].host.as_str()), (id, "generic", "shop.example"));
}

pub async fn a_leased_product_is_claimed_by_nobody_else(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    assert_eq!(claim(&store, t(0), 10).await, [id]);
    assert_eq!(claim(&store, t(0), 10).await, []);
    assert_eq!(state(&store, id).await.next_check_at, t(1), "the lease's end is when it is due again");
}

pub async fn a_lease_that_ended_makes_the_product_due_again(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    claim(&store, t(0), 10).await;
    let just_before = t(1).plus_micros(-1);
    assert_eq!(claim(&store, just_before, 10).await, []);
    assert_eq!(claim(&store, t(1), 10).await, [id]);
}

pub async fn the_most_overdue_are_claimed_first(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut ids = Vec::new();
    for n in 0..6 {
        let id = product(&store, n).await;
        store.claim_now(id, t(0), LEASE).await.unwrap();
        store.defer(&[(id, t(60 - i64::from(n)))]).await.unwrap();
        ids.insert(0, id);
    }
    assert_eq!(claim(&store, t(60), 4).await, ids[..4]);
    assert_eq!(claim(&store, t(60), 4).await, ids[4..]);
}

pub async fn claimers_at_once_never_get_the_same_product(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    for n in 0..100 {
        track(&store, user, n, Rules::default(), t(0)).await;
    }
    let claimers = (0..4).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut mine = Vec::new();
            loop {
                let more = claim(&store, t(0), 7).await;
                if more.is_empty() {
                    return mine;
                }
                mine.extend(more);
            }
        })
    });
    let mut claimed = Vec::new();
    for claimer in claimers.collect::<Vec<_>>() {
        claimed.extend(claimer.await.unwrap());
    }
    assert_eq!(claimed.len(), 100);
    assert_eq!(claimed.into_iter().collect::<HashSet<_>>().len(), 100);
}

pub async fn a_deferred_product_is_due_at_its_own_time(engine: &dyn Engine) {
    let store = engine.open().await;
    let (one, two) = (product(&store, 1).await, product(&store, 2).await);
    assert_eq!(claim(&store, t(0), 10).await.len(), 2);
    store.defer(&[(one, t(10)), (two, t(20))]).await.unwrap();
    assert_eq!(claim(&store, t(9), 10).await, []);
    assert_eq!(claim(&store, t(10), 10).await, [one]);
    assert_eq!(claim(&store, t(20), 10).await, [one, two], "the one's lease has ended by then");
}

pub async fn a_sample_is_a_stretch_of_the_tracked_products(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let mut ids: Vec<_> = Vec::new();
    for n in 0..9 {
        ids.push(track(&store, user, n, target("80"), t(0)).await.product.id);
    }
    ids.sort();
    let paused = store.find_tracking_of(user, ids[4]).await.unwrap().unwrap().tracking.id;
    let pause = TrackingChange { active: Some(false), ..TrackingChange::default() };
    store.update_tracking(Owned { user_id: user, tracking_id: paused }, &pause, t(0)).await.unwrap();
    price(&store, ids[2], 100_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    let sample = store.sample_products(ids[2], 4).await.unwrap();
    assert_eq!(sample.iter().map(|product| product.id).collect::<Vec<_>>(), [ids[2], ids[3], ids[5], ids[6]]);
    assert_eq!((sample[0].trackers, sample[0].nearest_target), (1, Some(80_00)), "filled in as for workers");
    assert_eq!(store.sample_products(ids[8], 4).await.unwrap().len(), 1);
}

pub async fn a_product_that_is_not_leased_cannot_be_deferred(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    store.defer(&[(id, t(500)), (listing(99).product_id(), t(500))]).await.unwrap();
    assert_eq!(state(&store, id).await.next_check_at, t(0));
}

pub async fn a_product_can_be_claimed_now_unless_leased_or_unknown(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 100_00, t(0)).await;
    assert_eq!(claim(&store, t(1), 10).await, [], "not due for hours");
    assert!(store.claim_now(id, t(1), LEASE).await.unwrap());
    assert!(!store.claim_now(id, t(1), LEASE).await.unwrap(), "leased");
    assert!(store.claim_now(id, t(2), LEASE).await.unwrap(), "the lease has ended");
    assert!(!store.claim_now(listing(99).product_id(), t(1), LEASE).await.unwrap(), "unknown");
}

pub async fn leased_products_are_found_only_while_leased(engine: &dyn Engine) {
    let store = engine.open().await;
    let (one, two) = (product(&store, 1).await, product(&store, 2).await);
    store.claim_now(one, t(0), LEASE).await.unwrap();
    let unknown = listing(99).product_id();
    let found = store.leased_products(&[two, unknown, one], t(0)).await.unwrap();
    assert_eq!(found, [state(&store, one).await]);
    assert_eq!(store.leased_products(&[one], t(1)).await.unwrap(), [], "the lease has ended");
    price(&store, one, 100_00, t(0)).await;
    assert_eq!(store.leased_products(&[one], t(0)).await.unwrap(), [], "a job that runs twice finds nothing to do");
}

pub async fn recording_ends_the_lease(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    claim(&store, t(0), 10).await;
    let after = price(&store, id, 100_00, t(0)).await;
    assert!(after.next_check_at > t(60), "due at the time of the record");
    assert_eq!(claim(&store, t(5), 10).await, []);
    assert_eq!(claim(&store, after.next_check_at, 10).await, [id]);
}

pub async fn only_products_with_an_active_tracking_are_due(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let hers = track(&store, anna, 1, Rules::default(), t(0)).await;
    let his = track(&store, ben, 1, Rules::default(), t(0)).await;
    let pause = TrackingChange { active: Some(false), ..TrackingChange::default() };
    store.update_tracking(owned(&hers), &pause, t(0)).await.unwrap().unwrap();
    store.remove_tracking(owned(&his)).await.unwrap();
    assert_eq!(claim(&store, t(100), 10).await, []);
    let resume = TrackingChange { active: Some(true), ..TrackingChange::default() };
    store.update_tracking(owned(&hers), &resume, t(100)).await.unwrap().unwrap();
    assert_eq!(claim(&store, t(100), 10).await, [hers.product.id]);
}

pub async fn a_first_tracking_of_a_leased_product_does_not_end_the_lease(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, Rules::default(), t(0)).await;
    store.remove_tracking(owned(&tracked)).await.unwrap();
    assert!(store.claim_now(tracked.product.id, t(0), LEASE).await.unwrap());
    track(&store, user, 1, Rules::default(), t(0)).await;
    assert_eq!(claim(&store, t(0), 10).await, []);
    assert_eq!(claim(&store, t(1), 10).await, [tracked.product.id]);
}

pub async fn claimers_of_several_programs_never_get_the_same_product(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    for n in 0..120 {
        track(&store, user, n, Rules::default(), t(0)).await;
    }
    let mut claimers = Vec::new();
    for program in 0..3 {
        let store = engine.open().await;
        for claimer in 0..4 {
            let store = store.clone();
            claimers.push(tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let more = claim(&store, t(0), 3 + program + claimer).await;
                    if more.is_empty() {
                        return mine;
                    }
                    mine.extend(more);
                }
            }));
        }
    }
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    assert_eq!((claimed.len(), claimed.into_iter().collect::<HashSet<_>>().len()), (120, 120));
}

pub async fn a_leased_product_knows_the_nearest_target(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    let nearest = async |now| {
        store.claim_now(id, now, LEASE).await.unwrap();
        let found = store.leased_products(&[id], now).await.unwrap();
        assert_eq!(state(&store, id).await.nearest_target, None, "only a worker is told");
        found[0].nearest_target
    };
    assert_eq!(nearest(t(0)).await, None, "there is no price");
    price(&store, id, 100_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    assert_eq!(nearest(t(2)).await, None, "nobody waits for a price");
    for (name, wish) in [("anna", "70"), ("ben", "90"), ("cem", "120")] {
        let user = person(&store, name).await;
        track(&store, user, 1, target(wish), t(2)).await;
    }
    assert_eq!(nearest(t(4)).await, Some(90_00));
    price(&store, id, 90_00, t(5)).await;
    assert_eq!(nearest(t(6)).await, Some(70_00), "a target that is met is not under the price");
}
