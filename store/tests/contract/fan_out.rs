//! Fan-out: every tracking that an event touches is looked at, and told once.

use std::collections::HashSet;
use std::sync::Arc;

use domain::check::FailureKind;
use domain::decide::Occasion;
use domain::tracking::Alert;
use domain::{Availability, TrackingId};
use store::{DecidedTracking, Store, TrackedProduct, TrackingChange};

use crate::engines::Engine;
use crate::world::*;

/// `count` people track listing 1 with a target of 90 euros; its price is 100 euros and is fanned out.
async fn crowd(store: &Arc<dyn Store>, count: u32) -> Vec<TrackedProduct> {
    let mut crowd = Vec::new();
    for n in 0..count {
        let user = person(store, &format!("person-{n}")).await;
        crowd.push(track(store, user, 1, target("90"), t(0)).await);
    }
    price(store, listing(1).product_id(), 100_00, t(1)).await;
    fan_out(store, 500, t(1)).await;
    crowd
}

async fn alert(store: &Arc<dyn Store>, tracked: &TrackedProduct) -> Alert {
    tracking(store, tracked).await.alert
}

pub async fn a_thousand_trackings_are_each_a_candidate_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let crowd = crowd(&store, 1_000).await;
    assert_eq!(notifications(&store).await, 0, "the first price is above every target");
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let seen = fan_out(&store, 64, t(2)).await;
    assert_eq!((seen.len(), seen.into_iter().collect::<HashSet<TrackingId>>().len()), (1_000, 1_000));
    assert_eq!(notifications(&store).await, 2_000, "one for the inbox and one by e-mail each");
    for tracked in &crowd {
        assert_eq!(alert(&store, tracked).await, Alert::Fired { price: eur(80_00) });
    }
}

pub async fn only_trackings_that_the_price_touches_are_candidates(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut touched = HashSet::new();
    let mut all = Vec::new();
    for (n, (wish, is_touched)) in [
        (target("90"), true),
        (target("80"), true),
        (target("79.99"), false),
        (rules(None, Some(2_000)), true),
        (rules(None, Some(2_001)), false),
        (rules(Some("10"), Some(1_500)), true),
        (rules(None, None), false),
    ]
    .into_iter()
    .enumerate()
    {
        let user = person(&store, &format!("person-{n}")).await;
        let tracked = track(&store, user, 1, wish, t(0)).await;
        if is_touched {
            touched.insert(tracked.tracking.id);
        }
        all.push(tracked);
    }
    price(&store, listing(1).product_id(), 100_00, t(1)).await;
    fan_out(&store, 3, t(1)).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let seen = fan_out(&store, 100, t(2)).await;
    assert_eq!(seen.len(), touched.len(), "each once in a page, though two rules may be met");
    assert_eq!(seen.into_iter().collect::<HashSet<_>>(), touched);
}

pub async fn a_page_recorded_twice_counts_once(engine: &dyn Engine) {
    let store = engine.open().await;
    crowd(&store, 10).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let event = the_event(&store).await;
    let page = store.fan_out_page(event, 4).await.unwrap().unwrap();
    for _ in 0..3 {
        store.record_fan_out(&page, &decided_page(&page, t(2))).await.unwrap();
        assert_eq!(notifications(&store).await, 8);
    }
    let next = store.fan_out_page(event, 100).await.unwrap().unwrap();
    assert_eq!(next.candidates.len(), 6);
    fan_out(&store, 100, t(2)).await;
    assert_eq!(notifications(&store).await, 20);
    store.record_fan_out(&next, &decided_page(&next, t(2))).await.unwrap();
    assert_eq!(notifications(&store).await, 20);
}

pub async fn a_page_of_another_cursor_is_refused(engine: &dyn Engine) {
    let store = engine.open().await;
    crowd(&store, 5).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let event = the_event(&store).await;
    let mut page = store.fan_out_page(event, 2).await.unwrap().unwrap();
    page.cursor = "below:1:".into();
    store.record_fan_out(&page, &decided_page(&page, t(2))).await.unwrap();
    assert_eq!(notifications(&store).await, 0);
    assert_eq!(store.fan_out_page(event, 100).await.unwrap().unwrap().candidates.len(), 5, "and the fan-out has not moved");
}

pub async fn an_event_without_a_price_is_done_at_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let id = track(&store, user, 1, target("90"), t(0)).await.product.id;
    let facts = domain::offer::ProductFacts::default();
    let sold_out = domain::Reading::OutOfStock { availability: Availability::OutOfStock, facts, evidence: Vec::new() };
    let after = observe(&store, id, sold_out, t(1)).await;
    assert_eq!(after.last_event.unwrap().new_price, None);
    let totals = store.totals(t(1)).await.unwrap();
    assert_eq!((totals.events, totals.pending_events), (1, 0));
}

pub async fn an_event_nobody_waits_for_is_done_after_one_page(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 100_00, t(1)).await;
    let event = the_event(&store).await;
    let page = store.fan_out_page(event, 64).await.unwrap().unwrap();
    assert_eq!((page.candidates.len(), &page.next_cursor), (0, &None));
    store.record_fan_out(&page, &[]).await.unwrap();
    assert!(store.fan_out_page(event, 64).await.unwrap().is_none());
    assert_eq!(store.pending_events(9).await.unwrap(), []);
}

pub async fn pending_events_come_oldest_first(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut expect = Vec::new();
    for (n, minute) in [(1, 30), (2, 10), (3, 20)] {
        let id = product(&store, n).await;
        price(&store, id, 100_00, t(minute)).await;
        expect.push((minute, id));
    }
    expect.sort();
    let pending: Vec<_> = store.pending_events(2).await.unwrap().into_iter().map(|event| event.product_id).collect();
    assert_eq!(pending, expect[..2].iter().map(|(_, id)| *id).collect::<Vec<_>>());
}

pub async fn an_event_waits_for_the_earlier_ones_of_its_product(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 100_00, t(1)).await;
    price(&store, id, 90_00, t(2)).await;
    let pending = store.pending_events(10).await.unwrap();
    assert_eq!(pending.len(), 2);
    assert!(store.fan_out_page(pending[1], 10).await.unwrap().is_none(), "the first price was not looked at yet");
    let first = store.fan_out_page(pending[0], 10).await.unwrap().unwrap();
    store.record_fan_out(&first, &[]).await.unwrap();
    assert!(store.fan_out_page(pending[1], 10).await.unwrap().is_some());
}

pub async fn a_tracking_edited_during_its_fan_out_is_revisited_not_told(engine: &dyn Engine) {
    let store = engine.open().await;
    let crowd = crowd(&store, 3).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let event = the_event(&store).await;
    let page = store.fan_out_page(event, 100).await.unwrap().unwrap();
    let lower = TrackingChange { rules: Some(target("70")), ..TrackingChange::default() };
    store.update_tracking(owned(&crowd[1]), &lower, t(3)).await.unwrap().unwrap();
    store.record_fan_out(&page, &decided_page(&page, t(3))).await.unwrap();
    assert_eq!(notifications(&store).await, 4, "the two others are told");
    let edited = tracking(&store, &crowd[1]).await;
    assert_eq!(edited.rules.target.unwrap().money(), Some(eur(70_00)), "the person's edit stands");
    assert_eq!(revisit(&store, t(3)).await, 1);
    assert_eq!(notifications(&store).await, 4, "80 is above the new target");
}

pub async fn a_tracking_removed_during_its_fan_out_is_not_told(engine: &dyn Engine) {
    let store = engine.open().await;
    let crowd = crowd(&store, 3).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let page = store.fan_out_page(the_event(&store).await, 100).await.unwrap().unwrap();
    store.remove_tracking(owned(&crowd[0])).await.unwrap();
    store.record_fan_out(&page, &decided_page(&page, t(3))).await.unwrap();
    assert_eq!(notifications(&store).await, 4);
}

pub async fn a_risen_price_arms_the_fired(engine: &dyn Engine) {
    let store = engine.open().await;
    let crowd = crowd(&store, 3).await;
    let id = listing(1).product_id();
    let mut told = Vec::new();
    for (minute, minor) in [(10, 80_00), (100, 79_00), (200, 89_00), (300, 95_00), (400, 85_00)] {
        price(&store, id, minor, t(minute)).await;
        fan_out(&store, 2, t(minute)).await;
        told.push(notifications(&store).await / 6);
    }
    assert_eq!(told, [1, 1, 1, 1, 2], "silent below the target until it rose clear of it");
    assert_eq!(alert(&store, &crowd[0]).await, Alert::Fired { price: eur(85_00) });
}

pub async fn a_held_alert_is_due_when_its_hour_is_over(engine: &dyn Engine) {
    let store = engine.open().await;
    crowd(&store, 1).await;
    let id = listing(1).product_id();
    for (minute, minor) in [(10, 80_00), (20, 60_00)] {
        price(&store, id, minor, t(minute)).await;
        fan_out(&store, 10, t(minute)).await;
    }
    assert_eq!(notifications(&store).await, 2, "the second within the hour is held");
    assert_eq!(revisit(&store, t(69)).await, 0);
    assert_eq!(revisit(&store, t(70)).await, 1);
    assert_eq!(notifications(&store).await, 4);
    let last = &store.claim_notifications(domain::Channel::Email, t(70), LEASE, 9).await.unwrap()[1];
    assert_eq!(last.notification.alerted.new_price, eur(60_00));
}

pub async fn a_revisit_decided_from_an_older_revision_is_due_again(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 80_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(2)).await;
    let due = store.due_revisits(t(2), 10).await.unwrap();
    track(&store, user, 1, target("85"), t(3)).await;
    let event = due[0].product.last_event.clone().unwrap();
    let stale = decided(&due[0].tracking, &event, Occasion::Revisit, t(3));
    store.record_revisits(&[stale]).await.unwrap();
    assert_eq!(notifications(&store).await, 0);
    assert_eq!(revisit(&store, t(3)).await, 1);
    assert_eq!(notifications(&store).await, 2);
    assert_eq!(alert(&store, &tracked).await, Alert::Fired { price: eur(80_00) });
}

pub async fn the_first_price_settles_targets_without_a_currency(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(0)).await;
    observe(&store, tracked.product.id, failed(FailureKind::Timeout), t(1)).await;
    price(&store, tracked.product.id, 100_00, t(2)).await;
    assert_eq!(fan_out(&store, 10, t(2)).await, [tracked.tracking.id]);
    let after = tracking(&store, &tracked).await;
    assert_eq!(after.rules.target.unwrap().money(), Some(eur(90_00)));
    assert_eq!((after.reference, after.alert), (Some(eur(100_00)), Alert::Armed));
}

pub async fn fan_outs_at_once_tell_each_tracking_once(engine: &dyn Engine) {
    let store = engine.open().await;
    crowd(&store, 60).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    let event = the_event(&store).await;
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                while let Some(page) = store.fan_out_page(event, 7).await.unwrap() {
                    let decided: Vec<DecidedTracking> = decided_page(&page, t(2));
                    store.record_fan_out(&page, &decided).await.unwrap();
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await.unwrap();
    }
    assert_eq!(notifications(&store).await, 120);
    assert_eq!(store.due_revisits(t(2), 99).await.unwrap().len(), 0, "no tracking was taken for edited");
}

/// Fans out with four workers while `meanwhile` happens.
async fn fan_out_while(store: &Arc<dyn Store>, meanwhile: impl Future<Output = ()>) {
    let event = the_event(store).await;
    let workers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                while let Some(page) = store.fan_out_page(event, 5).await.unwrap() {
                    store.record_fan_out(&page, &decided_page(&page, t(3))).await.unwrap();
                }
            })
        })
        .collect();
    meanwhile.await;
    for worker in workers {
        worker.await.unwrap();
    }
}

pub async fn edits_during_a_fan_out_stand_and_are_looked_at(engine: &dyn Engine) {
    let store = engine.open().await;
    let crowd = crowd(&store, 60).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    fan_out_while(&store, async {
        for tracked in crowd.iter().step_by(2) {
            let lower = TrackingChange { rules: Some(target("85")), ..TrackingChange::default() };
            store.update_tracking(owned(tracked), &lower, t(3)).await.unwrap().unwrap();
        }
    })
    .await;
    while revisit(&store, t(200)).await > 0 {}
    for (n, tracked) in crowd.iter().enumerate() {
        let after = tracking(&store, tracked).await;
        let wish = if n % 2 == 0 { 85_00 } else { 90_00 };
        assert_eq!(after.rules.target.and_then(|target| target.money()), Some(eur(wish)), "the edit of {n} stands");
        assert_eq!(after.alert, Alert::Fired { price: eur(80_00) }, "{n} is told");
    }
    // Whoever was told before the edit may be told of the same event by the new rule: that is the same notification.
    assert_eq!(notifications(&store).await, 120, "one for each tracking and channel");
}

pub async fn removing_during_a_fan_out_leaves_no_notification(engine: &dyn Engine) {
    let store = engine.open().await;
    let crowd = crowd(&store, 60).await;
    price(&store, listing(1).product_id(), 80_00, t(2)).await;
    fan_out_while(&store, async {
        for tracked in crowd.iter().step_by(2) {
            assert!(store.remove_tracking(owned(tracked)).await.unwrap());
        }
    })
    .await;
    let totals = store.totals(t(3)).await.unwrap();
    assert_eq!((totals.trackings, totals.notifications, totals.pending_events), (30, 60, 0));
    assert_eq!(state(&store, listing(1).product_id()).await.trackers, 30);
}
