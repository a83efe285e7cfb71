//! The outbox and the inbox.

use std::collections::HashSet;
use std::sync::Arc;

use domain::notification::Status;
use domain::{Channel, Notification, UserId};
use store::{Delivery, DeliveryOutcome, NewTracking, Store};

use crate::engines::Engine;
use crate::world::*;

/// A person tracks `count` products, told by e-mail and ntfy, and each has fallen below the target.
async fn alerts(store: &Arc<dyn Store>, name: &str, count: u32) -> UserId {
    let user = person(store, name).await;
    for n in 0..count {
        let channels = vec![Channel::Email, Channel::Ntfy];
        let wish = NewTracking { user_id: user, product: listing(n), rules: target("90"), channels };
        store.track(&wish, t(0)).await.unwrap();
        let id = listing(n).product_id();
        if state(store, id).await.price.is_none() {
            price(store, id, 80_00, t(1)).await;
        }
    }
    fan_out(store, 10, t(1)).await;
    revisit(store, t(1)).await;
    user
}

fn ended(notification: &Notification, outcome: DeliveryOutcome) -> Delivery {
    Delivery { product_id: notification.product_id, id: notification.id, outcome }
}

async fn claim(store: &Arc<dyn Store>, channel: Channel, minute: i64) -> Vec<Notification> {
    let due = store.claim_notifications(channel, t(minute), LEASE, 50).await.unwrap();
    due.into_iter().map(|due| due.notification).collect()
}

pub async fn a_notification_is_claimed_once_until_its_lease_ends(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = alerts(&store, "anna", 1).await;
    let due = store.claim_notifications(Channel::Email, t(1), LEASE, 10).await.unwrap();
    assert_eq!(due.len(), 1);
    assert_eq!((due[0].user.id, due[0].user.email.as_str()), (user, "anna@example.org"));
    assert_eq!((due[0].notification.attempts, due[0].notification.next_attempt_at), (1, t(2)));
    assert_eq!(due[0].notification.alerted.product_name, "A \"thing\" — 値下げ");
    assert_eq!(claim(&store, Channel::Email, 1).await, []);
    let again = claim(&store, Channel::Email, 2).await;
    assert_eq!((again.len(), again[0].attempts), (1, 2), "a worker that died is followed by another");
}

pub async fn claimers_at_once_never_get_the_same_notification(engine: &dyn Engine) {
    let store = engine.open().await;
    alerts(&store, "anna", 40).await;
    let claimers: Vec<_> = (0..4)
        .map(|_| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut mine = Vec::new();
                loop {
                    let due = store.claim_notifications(Channel::Email, t(1), LEASE, 3).await.unwrap();
                    if due.is_empty() {
                        return mine;
                    }
                    mine.extend(due.into_iter().map(|due| due.notification.id));
                }
            })
        })
        .collect();
    let mut claimed = Vec::new();
    for claimer in claimers {
        claimed.extend(claimer.await.unwrap());
    }
    assert_eq!((claimed.len(), claimed.into_iter().collect::<HashSet<_>>().len()), (40, 40));
}

pub async fn a_sent_notification_is_never_due_again(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = alerts(&store, "anna", 1).await;
    let mail = claim(&store, Channel::Email, 1).await.remove(0);
    store.record_deliveries(&[ended(&mail, DeliveryOutcome::Sent)], t(1)).await.unwrap();
    assert_eq!(claim(&store, Channel::Email, 10_000).await, []);
    let shown = &store.list_inbox(user, ALL).await.unwrap().rows[0].deliveries[0];
    assert_eq!((shown.channel, shown.status, shown.sent_at), (Channel::Email, Status::Sent, Some(t(1))));
}

pub async fn a_retry_is_due_at_its_time(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = alerts(&store, "anna", 1).await;
    let mail = claim(&store, Channel::Email, 1).await.remove(0);
    let retry = DeliveryOutcome::Retry { at: t(30), error: "the mail server is busy".into() };
    store.record_deliveries(&[ended(&mail, retry)], t(1)).await.unwrap();
    assert_eq!(claim(&store, Channel::Email, 29).await, []);
    let shown = store.list_inbox(user, ALL).await.unwrap().rows[0].deliveries[0].clone();
    assert_eq!((shown.status, shown.attempts, shown.next_attempt_at), (Status::Pending, 1, t(30)));
    assert_eq!(shown.last_error.as_deref(), Some("the mail server is busy"));
    assert_eq!(claim(&store, Channel::Email, 30).await[0].attempts, 2);
}

pub async fn a_failed_notification_says_why_and_ends(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = alerts(&store, "anna", 1).await;
    let mail = claim(&store, Channel::Email, 1).await.remove(0);
    let failed = DeliveryOutcome::Failed { error: "no such mailbox".into() };
    store.record_deliveries(&[ended(&mail, failed)], t(1)).await.unwrap();
    assert_eq!(claim(&store, Channel::Email, 10_000).await, []);
    let shown = store.list_inbox(user, ALL).await.unwrap().rows[0].deliveries[0].clone();
    assert_eq!((shown.status, shown.last_error.as_deref()), (Status::Failed, Some("no such mailbox")));
    assert_eq!(store.totals(t(1)).await.unwrap().pending_notifications, 1, "ntfy still waits");
}

pub async fn a_late_result_does_not_undo_a_delivery(engine: &dyn Engine) {
    let store = engine.open().await;
    let user = alerts(&store, "anna", 1).await;
    let mail = claim(&store, Channel::Email, 1).await.remove(0);
    store.record_deliveries(&[ended(&mail, DeliveryOutcome::Sent)], t(1)).await.unwrap();
    let late = DeliveryOutcome::Retry { at: t(2), error: "timed out".into() };
    store.record_deliveries(&[ended(&mail, late)], t(2)).await.unwrap();
    let shown = store.list_inbox(user, ALL).await.unwrap().rows[0].deliveries[0].clone();
    assert_eq!((shown.status, shown.sent_at, shown.last_error), (Status::Sent, Some(t(1)), None));
}

pub async fn channels_do_not_see_each_others_notifications(engine: &dyn Engine) {
    let store = engine.open().await;
    alerts(&store, "anna", 2).await;
    assert_eq!(claim(&store, Channel::Push, 1).await, []);
    assert_eq!(claim(&store, Channel::Inbox, 1).await, [], "the inbox needs no sending");
    assert_eq!(claim(&store, Channel::Email, 1).await.len(), 2);
    assert_eq!(claim(&store, Channel::Ntfy, 1).await.len(), 2);
}

pub async fn the_inbox_shows_each_alert_with_its_deliveries(engine: &dyn Engine) {
    let store = engine.open().await;
    let anna = alerts(&store, "anna", 3).await;
    let ben = alerts(&store, "ben", 2).await;
    // A second alert of one tracking, later.
    price(&store, listing(0).product_id(), 60_00, t(200)).await;
    fan_out(&store, 10, t(200)).await;
    let inbox = store.list_inbox(anna, ALL).await.unwrap();
    assert_eq!((inbox.total, store.list_inbox(ben, ALL).await.unwrap().total), (4, 3));
    assert!(inbox.rows.is_sorted_by_key(|entry| std::cmp::Reverse(entry.notification.created_at)));
    assert_eq!(inbox.rows[0].notification.alerted.new_price, eur(60_00));
    for entry in &inbox.rows {
        let told = &entry.notification;
        assert_eq!((told.user_id, told.channel), (anna, Channel::Inbox));
        let channels: Vec<_> = entry.deliveries.iter().map(|delivery| delivery.channel).collect();
        assert_eq!(channels, [Channel::Email, Channel::Ntfy]);
        assert!(entry.deliveries.iter().all(|other| (other.tracking_id, other.event_id) == (told.tracking_id, told.event_id)));
    }
    let mut paged = Vec::new();
    for offset in 0..5 {
        let page = store.list_inbox(anna, store::Window { limit: 1, offset }).await.unwrap();
        assert_eq!(page.total, 4);
        paged.extend(page.rows);
    }
    assert_eq!(paged, inbox.rows);
}

pub async fn reading_is_marked_for_the_owner_only(engine: &dyn Engine) {
    let store = engine.open().await;
    let anna = alerts(&store, "anna", 3).await;
    let ben = alerts(&store, "ben", 2).await;
    let ids: Vec<_> = store.list_inbox(anna, ALL).await.unwrap().rows.iter().map(|entry| entry.notification.id).collect();
    store.mark_read(ben, Some(&ids), t(5)).await.unwrap();
    assert_eq!((store.count_unread(anna).await.unwrap(), store.count_unread(ben).await.unwrap()), (3, 2));
    store.mark_read(anna, Some(&ids[..1]), t(5)).await.unwrap();
    assert_eq!(store.count_unread(anna).await.unwrap(), 2);
    store.mark_read(anna, None, t(6)).await.unwrap();
    assert_eq!((store.count_unread(anna).await.unwrap(), store.count_unread(ben).await.unwrap()), (0, 2));
    let read: Vec<_> = store.list_inbox(anna, ALL).await.unwrap().rows.iter().map(|entry| entry.notification.read_at).collect();
    assert_eq!(read, [Some(t(5)), Some(t(6)), Some(t(6))], "the first time stays");
}
