//! Short ways to say what happens: somebody tracks, a check finds a price, an event is fanned out. Rules are `domain`'s own.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use domain::check::{CheckOutcome, CheckRecord, FailureKind, Found};
use domain::decide::{Decision, Occasion, decide, keys};
use domain::judge::settle;
use domain::next_check::Pace;
use domain::notification::{Alerted, Status};
use domain::offer::{Offer, ProductFacts, Reader, Reading};
use domain::time::MINUTE;
use domain::tracking::{DropBasisPoints, Rules, TargetPrice};
use domain::user::{Role, User};
use domain::{
    Availability, Channel, Currency, Locale, Money, Notification, NotificationId, PriceEvent, ProductId, ProductState,
    ProductUrl, Timestamp, Tracking, TrackingId, UserId,
};
use store::{DecidedTracking, FanOutPage, NewTracking, NewUser, Owned, PendingEvent, Store, TrackedProduct, Window};

pub const LEASE: Duration = Duration::from_secs(60);
pub const ALL: Window = Window { limit: 10_000, offset: 0 };

/// A moment, in minutes after an odd one: no time in these tests is a whole second.
pub fn t(minutes: i64) -> Timestamp {
    Timestamp::from_micros(1_763_028_000_123_457 + minutes * MINUTE)
}

pub fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::from_code("EUR").expect("EUR is a currency"))
}

pub fn listing(n: u32) -> ProductUrl {
    ProductUrl::parse(&format!("https://shop.example/p/{n}")).expect("a product's URL")
}

pub fn new_user(name: &str) -> NewUser {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let user = User {
        id: UserId(uuid::Uuid::from_u128(COUNT.fetch_add(1, Ordering::Relaxed).into())),
        email: format!("{name}@example.org"),
        role: Role::User,
        locale: Locale::best("de"),
        time_zone: "Europe/Berlin".into(),
        created_at: t(0),
    };
    NewUser { user, password_hash: Some("$argon2id$".into()) }
}

pub async fn person(store: &Arc<dyn Store>, name: &str) -> UserId {
    let new = new_user(name);
    store.create_user(&new).await.expect("an account");
    new.user.id
}

pub fn rules(target: Option<&str>, drop: Option<u32>) -> Rules {
    Rules {
        target: target.map(|text| TargetPrice::new(text, None).expect("a target")),
        drop: drop.map(|points| DropBasisPoints::new(points).expect("a drop")),
    }
}

pub fn target(text: &str) -> Rules {
    rules(Some(text), None)
}

/// `user` tracks listing `n`, told by e-mail.
pub async fn track(store: &Arc<dyn Store>, user: UserId, n: u32, rules: Rules, now: Timestamp) -> TrackedProduct {
    let wish = NewTracking { user_id: user, product: listing(n), rules, channels: vec![Channel::Email] };
    store.track(&wish, now).await.expect("it is tracked").tracked
}

/// A listing that somebody tracks without rules.
pub async fn product(store: &Arc<dyn Store>, n: u32) -> ProductId {
    let user = person(store, &format!("watcher-{n}")).await;
    track(store, user, n, Rules::default(), t(0)).await.product.id
}

pub async fn state(store: &Arc<dyn Store>, product: ProductId) -> ProductState {
    store.find_product(product).await.expect("an answer").expect("the product is there")
}

pub async fn tracking(store: &Arc<dyn Store>, tracked: &TrackedProduct) -> Tracking {
    let which = owned(tracked);
    store.find_tracking(which).await.expect("an answer").expect("the tracking is there").tracking
}

pub fn owned(tracked: &TrackedProduct) -> Owned {
    Owned { user_id: tracked.tracking.user_id, tracking_id: tracked.tracking.id }
}

pub fn offer(price: Money, availability: Availability) -> Reading {
    Reading::Offer(Offer {
        price,
        list_price: None,
        availability,
        facts: ProductFacts { name: Some("A thing".into()), ..ProductFacts::default() },
        reader: Reader::JsonLd,
        confidence: 90,
        evidence: Vec::new(),
    })
}

pub fn failed(kind: FailureKind) -> Reading {
    Reading::Failed { kind, detail: "try later".into(), facts: ProductFacts::default(), evidence: Vec::new() }
}

/// What a check of `product` that found `reading` writes.
pub fn record(product: &ProductState, reading: Reading, at: Timestamp) -> CheckRecord {
    let outcome = CheckOutcome {
        product_id: product.id,
        started_at: at,
        found: Found::Reading(reading),
        not_before: None,
        etag: None,
        last_modified: None,
    };
    settle(product, &outcome, Pace::default(), at).expect("a newer observation")
}

/// A check finds `reading`.
pub async fn observe(store: &Arc<dyn Store>, product: ProductId, reading: Reading, at: Timestamp) -> ProductState {
    let record = record(&state(store, product).await, reading, at);
    assert_eq!(store.record_checks(&[record]).await.expect("recorded"), [], "no conflict");
    state(store, product).await
}

/// A check finds a price, in stock.
pub async fn price(store: &Arc<dyn Store>, product: ProductId, minor: i64, at: Timestamp) -> ProductState {
    observe(store, product, offer(eur(minor), Availability::InStock), at).await
}

/// What the fan-out worker decides about one candidate.
pub fn decided(tracking: &Tracking, event: &PriceEvent, occasion: Occasion, now: Timestamp) -> DecidedTracking {
    let decided = decide(tracking, event, occasion, now);
    let mut notifications = Vec::new();
    if let (Decision::Notify(reason), Some(new_price)) = (&decided.decision, event.new_price) {
        for channel in std::iter::once(Channel::Inbox).chain(tracking.channels.iter().copied()) {
            let is_inbox = channel == Channel::Inbox;
            notifications.push(Notification {
                id: NotificationId::derive(tracking.id, event.id, channel),
                product_id: event.product_id,
                tracking_id: tracking.id,
                event_id: event.id,
                user_id: tracking.user_id,
                channel,
                alerted: Alerted {
                    product_name: "A \"thing\" — 値下げ".into(),
                    shop: "shop.example".into(),
                    product_url: "https://shop.example/p/1".into(),
                    old_price: event.old_price,
                    new_price,
                    observed_at: event.at,
                    reason: reason.clone(),
                },
                status: if is_inbox { Status::Sent } else { Status::Pending },
                attempts: 0,
                next_attempt_at: now,
                last_error: None,
                created_at: now,
                sent_at: is_inbox.then_some(now),
                read_at: None,
            });
        }
    }
    DecidedTracking { keys: keys(&decided.tracking), tracking: decided.tracking, notifications }
}

pub fn decided_page(page: &FanOutPage, now: Timestamp) -> Vec<DecidedTracking> {
    page.candidates.iter().map(|tracking| decided(tracking, &page.event, Occasion::Event, now)).collect()
}

/// The one event that waits.
pub async fn the_event(store: &Arc<dyn Store>) -> PendingEvent {
    let pending = store.pending_events(10).await.expect("an answer");
    assert_eq!(pending.len(), 1, "one event waits");
    pending[0]
}

/// Fans out whatever waits, `size` candidates a page; gives every candidate seen.
pub async fn fan_out(store: &Arc<dyn Store>, size: u32, now: Timestamp) -> Vec<TrackingId> {
    let mut seen = Vec::new();
    for event in store.pending_events(1_000).await.expect("an answer") {
        while let Some(page) = store.fan_out_page(event, size).await.expect("an answer") {
            assert!(page.candidates.len() <= size as usize, "a page holds at most {size}");
            seen.extend(page.candidates.iter().map(|tracking| tracking.id));
            store.record_fan_out(&page, &decided_page(&page, now)).await.expect("recorded");
        }
    }
    assert_eq!(store.pending_events(10).await.expect("an answer"), [], "nothing waits any more");
    seen
}

/// Looks again at whatever is due to be; gives how many there were.
pub async fn revisit(store: &Arc<dyn Store>, now: Timestamp) -> usize {
    let due = store.due_revisits(now, 1_000).await.expect("an answer");
    let decided: Vec<_> = due
        .iter()
        .map(|revisit| {
            let event = revisit.product.last_event.as_ref().expect("only products with a price are revisited");
            decided(&revisit.tracking, event, Occasion::Revisit, now)
        })
        .collect();
    store.record_revisits(&decided).await.expect("recorded");
    due.len()
}

/// How many notifications there are on any channel.
pub async fn notifications(store: &Arc<dyn Store>) -> u64 {
    store.totals(t(0)).await.expect("an answer").notifications
}
