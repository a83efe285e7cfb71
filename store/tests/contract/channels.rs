//! Ways to tell people, and what they prefer.

use std::sync::Arc;

use domain::preferences::Preferences;
use domain::{Channel, ChannelId, Notification, NotificationId, UserId};
use store::{ChannelCode, CodeTry, Delivery, DeliveryOutcome, HeldNotification, PartlyDelivered, Store, UserChannel};
use uuid::Uuid;

use crate::engines::Engine;
use crate::world::*;

fn way(user_id: UserId, n: u128, channel: Channel) -> UserChannel {
    UserChannel {
        id: ChannelId(Uuid::from_u128(n)),
        user_id,
        channel,
        label: format!("way {n} 📱"),
        settings: vec![0, 1, 255, n.to_le_bytes()[0]],
        hint: "a…@example.org".into(),
        enabled: true,
        verified_at: Some(t(1)),
        last_error: None,
        created_at: t(i64::try_from(n).unwrap()),
        code: None,
    }
}

/// An alert that waits to be sent by e-mail.
async fn alert(store: &Arc<dyn Store>) -> Notification {
    let user = person(store, "anna").await;
    let tracked = track(store, user, 1, target("90"), t(0)).await;
    price(store, tracked.product.id, 80_00, t(1)).await;
    fan_out(store, 10, t(2)).await;
    let due = store.list_inbox(user, ALL).await.unwrap();
    due.rows[0].deliveries[0].clone()
}

pub async fn a_way_survives_with_everything_and_belongs_to_its_owner(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    let code = ChannelCode { hash: [9; 32], expires_at: t(30), tries_left: 5 };
    let first = UserChannel { verified_at: None, code: Some(code), last_error: Some("why".into()), ..way(anna, 1, Channel::Sms) };
    let second = way(anna, 2, Channel::Push);
    let of_ben = UserChannel { user_id: ben, ..way(ben, 1, Channel::Sms) };
    for way in [&second, &first, &of_ben] {
        store.put_channel(way).await.unwrap();
    }
    assert_eq!(store.list_channels(anna).await.unwrap(), [first.clone(), second.clone()], "oldest first");
    assert_eq!(store.list_channels(ben).await.unwrap(), [of_ben], "ids count for their owner only");
    let changed = UserChannel { label: "other".into(), enabled: false, code: None, ..first };
    store.put_channel(&changed).await.unwrap();
    assert_eq!(store.list_channels(anna).await.unwrap()[0], changed);
    assert!(!store.remove_channel(ben, second.id).await.unwrap());
    assert!(store.remove_channel(anna, second.id).await.unwrap());
    assert_eq!(store.list_channels(anna).await.unwrap(), [changed]);
}

pub async fn ways_are_found_for_many_people_by_channel(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben, cleo) = (person(&store, "anna").await, person(&store, "ben").await, person(&store, "cleo").await);
    for (user, n, channel) in
        [(anna, 1, Channel::Push), (anna, 2, Channel::Push), (anna, 3, Channel::Sms), (cleo, 4, Channel::Push)]
    {
        store.put_channel(&way(user, n, channel)).await.unwrap();
    }
    let found = store.find_channels_of(&[anna, ben], Channel::Push).await.unwrap();
    assert_eq!(found, [way(anna, 1, Channel::Push), way(anna, 2, Channel::Push)]);
    assert!(store.find_channels_of(&[], Channel::Push).await.unwrap().is_empty());
}

pub async fn what_is_wrong_with_a_way_is_noted_and_nothing_else_changes(engine: &dyn Engine) {
    let store = engine.open().await;
    let anna = person(&store, "anna").await;
    let before = way(anna, 1, Channel::Webhook);
    store.put_channel(&before).await.unwrap();
    store.note_channel(anna, before.id, Some("it answers 500"), None).await.unwrap();
    let noted = UserChannel { last_error: Some("it answers 500".into()), ..before.clone() };
    assert_eq!(store.list_channels(anna).await.unwrap(), [noted]);
    store.note_channel(anna, before.id, Some("gone"), Some(false)).await.unwrap();
    let off = UserChannel { last_error: Some("gone".into()), enabled: false, ..before.clone() };
    assert_eq!(store.list_channels(anna).await.unwrap(), [off]);
    store.note_channel(anna, before.id, None, Some(true)).await.unwrap();
    assert_eq!(store.list_channels(anna).await.unwrap(), [before]);
}

pub async fn a_code_verifies_once_within_its_time_and_tries(engine: &dyn Engine) {
    let store = engine.open().await;
    let anna = person(&store, "anna").await;
    let code = ChannelCode { hash: [9; 32], expires_at: t(30), tries_left: 2 };
    let new = UserChannel { verified_at: None, enabled: false, code: Some(code), ..way(anna, 1, Channel::Sms) };
    store.put_channel(&new).await.unwrap();
    let attempt = async |hash: [u8; 32], minute| store.try_channel_code(anna, new.id, &hash, t(minute)).await.unwrap();
    assert_eq!(attempt([9; 32], 30).await, CodeTry::Over, "expired");
    assert_eq!(attempt([1; 32], 5).await, CodeTry::Wrong { tries_left: 1 });
    assert_eq!(attempt([9; 32], 6).await, CodeTry::Verified);
    let verified = UserChannel { verified_at: Some(t(6)), enabled: true, code: None, ..new.clone() };
    assert_eq!(store.list_channels(anna).await.unwrap(), [verified]);
    assert_eq!(attempt([9; 32], 7).await, CodeTry::Over, "used up");
    store.put_channel(&new).await.unwrap();
    let guesses: Vec<_> = (0..8)
        .map(|n| {
            let (store, id) = (store.clone(), new.id);
            tokio::spawn(async move { store.try_channel_code(anna, id, &[n; 32], t(5)).await.unwrap() })
        })
        .collect();
    let mut wrong = 0;
    for guess in guesses {
        wrong += usize::from(matches!(guess.await.unwrap(), CodeTry::Wrong { .. }));
    }
    assert_eq!(wrong, 2, "many at once cost as many");
    assert_eq!(attempt([9; 32], 6).await, CodeTry::Over, "too many wrong ones");
}

pub async fn preferences_are_found_for_those_who_have_some(engine: &dyn Engine) {
    let store = engine.open().await;
    let (anna, ben) = (person(&store, "anna").await, person(&store, "ben").await);
    assert!(store.find_preferences(&[anna, ben]).await.unwrap().is_empty());
    let mut wish = Preferences { channels: vec![Channel::Push], daily_cap: Some(3), ..Preferences::default() };
    store.put_preferences(anna, &wish).await.unwrap();
    wish.digest = "18:00".parse().ok();
    store.put_preferences(anna, &wish).await.unwrap();
    assert_eq!(store.find_preferences(&[anna, ben]).await.unwrap(), [(anna, wish)]);
}

pub async fn a_held_notification_waits_and_counts_no_attempt(engine: &dyn Engine) {
    let store = engine.open().await;
    let due = alert(&store).await;
    let (product_id, id) = (due.product_id, due.id);
    let claim = async |minute| store.claim_notifications(Channel::Email, t(minute), LEASE, 10).await.unwrap();
    let first = claim(20).await;
    assert_eq!((first.len(), first[0].notification.attempts), (1, 1));
    let held = HeldNotification { product_id, id, until: t(60), reason: "it is quiet".into() };
    store.hold_notifications(std::slice::from_ref(&held)).await.unwrap();
    assert!(claim(59).await.is_empty());
    let again = claim(60).await;
    assert_eq!(again[0].notification.attempts, 1, "the first was none");
    assert_eq!(again[0].notification.last_error.as_deref(), Some("it is quiet"));
    store.record_deliveries(&[Delivery { product_id, id, outcome: DeliveryOutcome::Sent }], t(61)).await.unwrap();
    store.hold_notifications(&[held]).await.unwrap();
    assert!(claim(10_000).await.is_empty(), "what is sent stays sent");
}

pub async fn ways_that_have_a_message_are_known_until_the_tracking_goes(engine: &dyn Engine) {
    let store = engine.open().await;
    let due = alert(&store).await;
    let done = |n| PartlyDelivered { product_id: due.product_id, id: due.id, channel_id: ChannelId(Uuid::from_u128(n)) };
    let unknown = PartlyDelivered { id: NotificationId(Uuid::from_u128(77)), ..done(1) };
    store.note_partly_delivered(&[done(1), unknown]).await.unwrap();
    store.note_partly_delivered(&[done(1), done(2)]).await.unwrap();
    let mut found = store.partly_delivered(&[(due.product_id, due.id)]).await.unwrap();
    found.sort_by_key(|done| done.channel_id);
    assert_eq!(found, [done(1), done(2)]);
    let owned = store::Owned { user_id: due.user_id, tracking_id: due.tracking_id };
    assert!(store.remove_tracking(owned).await.unwrap());
    assert!(store.partly_delivered(&[(due.product_id, due.id)]).await.unwrap().is_empty());
}

pub async fn a_kept_setting_is_the_first_ones_for_all(engine: &dyn Engine) {
    let store = engine.open().await;
    let rivals: Vec<_> = (0..8)
        .map(|n| {
            let store = store.clone();
            tokio::spawn(async move { store.keep_setting("key", &format!("value {n}")).await.unwrap() })
        })
        .collect();
    let mut kept = Vec::new();
    for rival in rivals {
        kept.push(rival.await.unwrap());
    }
    assert!(kept.iter().all(|value| *value == kept[0]), "{kept:?}");
    assert_eq!(store.find_setting("key").await.unwrap().as_ref(), Some(&kept[0]));
}
