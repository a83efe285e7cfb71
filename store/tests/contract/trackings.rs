//! What people wish.

use domain::decide::keys;
use domain::tracking::{Alert, DropBasisPoints, Rules, TargetPrice};
use domain::{Channel, Currency, TrackingId};
use store::{NewTracking, Owned, TrackingChange};

use crate::engines::Engine;
use crate::world::*;

pub async fn tracking_a_product_twice_updates_the_first(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let wish = |rules, channels| NewTracking { user_id: user, product: listing(1), rules, channels };
    let first = store.track(&wish(target("90"), vec![Channel::Email]), t(0)).await.unwrap();
    let second = store.track(&wish(target("80"), vec![Channel::Push, Channel::Ntfy]), t(5)).await.unwrap();
    assert!(first.created && !second.created);
    let (first, second) = (first.tracked.tracking, second.tracked.tracking);
    assert_eq!(first.id, TrackingId::derive(user, listing(1).product_id()));
    assert_eq!((second.id, second.created_at, second.updated_at), (first.id, t(0), t(5)));
    assert_eq!((second.rules, second.channels), (target("80"), vec![Channel::Push, Channel::Ntfy]));
    assert_eq!(second.revision, first.revision + 1);
    let totals = store.totals(t(9)).await.unwrap();
    assert_eq!((totals.products, totals.trackings), (1, 1));
}

pub async fn two_people_share_a_product(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let hers = track(&store, anna, 1, target("90"), t(0)).await;
    let his = track(&store, ben, 1, target("80"), t(1)).await;
    assert_eq!(hers.product.id, his.product.id);
    assert_ne!(hers.tracking.id, his.tracking.id);
    assert_eq!((hers.product.trackers, his.product.trackers), (1, 2));
    assert_eq!(store.totals(t(9)).await.unwrap().products, 1);
}

pub async fn a_target_already_met_is_looked_at_at_once(engine: &dyn Engine) {
    let store = engine.open().await;
    let id = product(&store, 1).await;
    price(&store, id, 80_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(2)).await;
    assert_eq!((tracked.tracking.revisit_at, tracked.tracking.reference), (Some(t(2)), Some(eur(80_00))));
    assert_eq!(revisit(&store, t(1)).await, 0, "not before");
    assert_eq!(revisit(&store, t(2)).await, 1);
    assert_eq!(notifications(&store).await, 2, "inbox and e-mail");
    let after = tracking(&store, &tracked).await;
    assert_eq!((after.alert, after.revisit_at), (Alert::Fired { price: eur(80_00) }, None));
    assert_eq!(revisit(&store, t(2)).await, 0);
}

pub async fn a_product_without_a_price_is_not_revisited(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(0)).await;
    track(&store, user, 1, target("80"), t(1)).await;
    assert_eq!(tracked.tracking.revisit_at, None);
    assert_eq!(store.due_revisits(t(99), 10).await.unwrap().len(), 0);
}

pub async fn a_target_takes_the_currency_of_the_product(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let early = track(&store, user, 1, target("90"), t(0)).await;
    assert_eq!(early.tracking.rules.target.unwrap().currency(), None);
    price(&store, early.product.id, 100_00, t(1)).await;
    let late = track(&store, user, 1, target("85"), t(2)).await;
    assert_eq!(late.tracking.rules.target.unwrap().money(), Some(eur(85_00)));
}

pub async fn other_rules_arm_the_tracking_afresh(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(0)).await;
    price(&store, tracked.product.id, 80_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    assert_eq!(tracking(&store, &tracked).await.alert, Alert::Fired { price: eur(80_00) });
    let change = TrackingChange { rules: Some(target("85")), ..TrackingChange::default() };
    let after = store.update_tracking(owned(&tracked), &change, t(2)).await.unwrap().unwrap().tracking;
    assert_eq!((after.alert, after.revisit_at, after.updated_at), (Alert::Armed, Some(t(2)), t(2)));
    assert_eq!(after.told_at, Some(t(1)), "the hour since the last alert still counts");
}

pub async fn the_same_rules_leave_the_alert_as_it_is(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(0)).await;
    price(&store, tracked.product.id, 80_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    for same in ["90", "90.0", "90.00"] {
        let after = track(&store, user, 1, target(same), t(2)).await.tracking;
        assert_eq!((after.alert, after.revisit_at), (Alert::Fired { price: eur(80_00) }, None), "{same}");
    }
}

pub async fn a_change_leaves_out_what_it_does_not_name(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, rules(Some("90"), Some(1_000)), t(0)).await;
    let channels = TrackingChange { channels: Some(vec![Channel::Sms]), ..TrackingChange::default() };
    let after = store.update_tracking(owned(&tracked), &channels, t(1)).await.unwrap().unwrap().tracking;
    assert_eq!((&after.rules, after.active, &after.channels), (&tracked.tracking.rules, true, &vec![Channel::Sms]));
    let pause = TrackingChange { active: Some(false), ..TrackingChange::default() };
    let after = store.update_tracking(owned(&tracked), &pause, t(2)).await.unwrap().unwrap();
    assert_eq!((&after.tracking.rules, after.tracking.active), (&tracked.tracking.rules, false));
    assert_eq!((after.tracking.channels, after.product.trackers), (vec![Channel::Sms], 0));
}

pub async fn a_paused_tracking_resumed_is_looked_at_again(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, target("90"), t(0)).await;
    price(&store, tracked.product.id, 100_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    let active = |active| TrackingChange { active: Some(active), ..TrackingChange::default() };
    store.update_tracking(owned(&tracked), &active(false), t(2)).await.unwrap().unwrap();
    price(&store, tracked.product.id, 80_00, t(3)).await;
    assert_eq!(fan_out(&store, 10, t(3)).await, [], "a paused tracking is nobody's candidate");
    store.update_tracking(owned(&tracked), &active(true), t(4)).await.unwrap().unwrap();
    assert_eq!(revisit(&store, t(4)).await, 1);
    assert_eq!(notifications(&store).await, 2, "what was missed in the pause is told");
}

pub async fn somebody_elses_tracking_is_not_found(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let hers = track(&store, anna, 1, target("90"), t(0)).await;
    let stolen = Owned { user_id: ben, tracking_id: hers.tracking.id };
    let change = TrackingChange { active: Some(false), ..TrackingChange::default() };
    assert_eq!(store.find_tracking(stolen).await.unwrap(), None);
    assert_eq!(store.update_tracking(stolen, &change, t(1)).await.unwrap(), None);
    assert!(!store.remove_tracking(stolen).await.unwrap());
    assert_eq!(store.find_tracking_of(ben, hers.product.id).await.unwrap(), None);
    assert_eq!(store.find_tracking_of(anna, hers.product.id).await.unwrap(), Some(hers.clone()));
    assert_eq!(store.find_tracking(owned(&hers)).await.unwrap(), Some(hers.clone()));
    assert_eq!(store.find_tracking_owner(hers.tracking.id).await.unwrap(), Some(anna));
    assert_eq!(store.find_tracking_owner(TrackingId::derive(ben, hers.product.id)).await.unwrap(), None);
}

pub async fn removing_a_tracking_takes_its_notifications_and_leaves_the_history(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let hers = track(&store, anna, 1, target("90"), t(0)).await;
    track(&store, ben, 1, target("90"), t(0)).await;
    price(&store, hers.product.id, 80_00, t(1)).await;
    fan_out(&store, 10, t(1)).await;
    assert_eq!(notifications(&store).await, 4);
    assert!(store.remove_tracking(owned(&hers)).await.unwrap());
    assert!(!store.remove_tracking(owned(&hers)).await.unwrap(), "it is gone");
    assert_eq!(notifications(&store).await, 2);
    assert_eq!(store.list_inbox(anna, ALL).await.unwrap().total, 0);
    assert_eq!(store.price_runs(hers.product.id, t(0), t(9)).await.unwrap().len(), 1);
    assert_eq!(state(&store, hers.product.id).await.trackers, 1);
}

pub async fn trackers_count_active_trackings(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let tracked = track(&store, user, 1, Rules::default(), t(0)).await;
    let active = |active| TrackingChange { active: Some(active), ..TrackingChange::default() };
    for (step, expect) in [(false, 0), (false, 0), (true, 1), (true, 1), (false, 0)] {
        let after = store.update_tracking(owned(&tracked), &active(step), t(1)).await.unwrap().unwrap();
        assert_eq!(after.product.trackers, expect);
    }
    assert_eq!(track(&store, user, 1, Rules::default(), t(2)).await.product.trackers, 1, "tracking again resumes");
    store.remove_tracking(owned(&tracked)).await.unwrap();
    assert_eq!(state(&store, tracked.product.id).await.trackers, 0);
}

pub async fn a_tracking_survives_with_every_rule_and_channel(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    for (n, currency) in (0..).zip([None, Currency::from_code("JPY"), Currency::from_code("KWD")]) {
        for drop in [None, DropBasisPoints::new(100), DropBasisPoints::new(9_900)] {
            let rules = Rules { target: Some(TargetPrice::new("999999999999", currency).unwrap()), drop };
            let wish = NewTracking { user_id: user, product: listing(n), rules: rules.clone(), channels: Channel::ALL.to_vec() };
            let tracked = store.track(&wish, t(0)).await.unwrap().tracked;
            assert_eq!((&tracked.tracking.rules, &tracked.tracking.channels), (&rules, &Channel::ALL.to_vec()));
            assert_eq!(keys(&tracking(&store, &tracked).await), keys(&tracked.tracking));
        }
    }
}

pub async fn many_who_track_a_new_product_at_once_are_all_counted(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut people = Vec::new();
    for n in 0..12 {
        people.push(person(&store, &format!("person-{n}")).await);
    }
    let at_once = people.into_iter().map(|user| {
        let store = store.clone();
        tokio::spawn(async move { track(&store, user, 1, target("90"), t(0)).await })
    });
    for tracked in at_once.collect::<Vec<_>>() {
        tracked.await.unwrap();
    }
    let totals = store.totals(t(0)).await.unwrap();
    assert_eq!((totals.products, totals.trackings, totals.due), (1, 12, 1));
    assert_eq!(state(&store, listing(1).product_id()).await.trackers, 12);
    assert_eq!(store.search_products("", None, ALL).await.unwrap().total, 1);
}

pub async fn a_person_who_tracks_twice_at_once_has_one_tracking(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = person(&store, "anna").await;
    let at_once = (0..6).map(|n| {
        let store = store.clone();
        tokio::spawn(async move {
            let wish =
                NewTracking { user_id: user, product: listing(1), rules: target(&format!("{}", 50 + n)), channels: vec![] };
            store.track(&wish, t(n)).await.unwrap().created
        })
    });
    let mut created = 0;
    for made in at_once.collect::<Vec<_>>() {
        created += usize::from(made.await.unwrap());
    }
    assert_eq!(created, 1);
    let found = store.find_tracking_of(user, listing(1).product_id()).await.unwrap().unwrap();
    assert_eq!((found.product.trackers, found.tracking.revision), (1, 5), "each of the others changed it");
    assert_eq!(store.count_trackings(user).await.unwrap().all, 1);
}

pub async fn pausing_and_resuming_at_once_keeps_the_count(engine: &dyn Engine) {
    let store = engine.open().await;
    let mut all = Vec::new();
    for n in 0..4 {
        let user = person(&store, &format!("person-{n}")).await;
        all.push(track(&store, user, 1, target("90"), t(0)).await);
    }
    let changes: Vec<_> = (0..32)
        .map(|n: usize| {
            let (store, which) = (store.clone(), owned(&all[n % 4]));
            tokio::spawn(async move {
                let change = TrackingChange { active: Some(n.is_multiple_of(3)), ..TrackingChange::default() };
                store.update_tracking(which, &change, t(1)).await.unwrap().unwrap();
            })
        })
        .collect();
    for change in changes {
        change.await.unwrap();
    }
    let mut active = 0;
    for tracked in &all {
        active += u32::from(tracking(&store, tracked).await.active);
    }
    assert_eq!(state(&store, listing(1).product_id()).await.trackers, active);
}
