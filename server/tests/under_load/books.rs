//! The books: what the log, the rules and the outbox say must be what the database says.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use domain::decide::{Decision, Occasion, decide};
use domain::history::PriceRun;
use domain::notification::Status;
use domain::{Channel, EventId, NotificationId, PriceEvent, ProductId, Timestamp, TrackingId};
use store::{InboxEntry, Store, Window};

use super::load::{Load, now, tracking};
use super::program::Acknowledged;

async fn runs(store: &dyn Store, product: ProductId) -> Vec<PriceRun> {
    store.price_runs(product, Timestamp::EPOCH, now()).await.unwrap()
}

/// A check that began a run is the start of a run of that price; any other good one lies within a run.
pub async fn every_acknowledged_check_is_there(store: &dyn Store, acknowledged: &Acknowledged) {
    let mut histories: HashMap<ProductId, Vec<PriceRun>> = HashMap::new();
    let mut counts: HashMap<ProductId, u64> = HashMap::new();
    let mut begun = 0;
    for check in acknowledged.checks.iter().filter(|check| check.is_good) {
        let history = match histories.entry(check.product) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(runs(store, check.product).await),
        };
        let is_there = match check.new_price {
            Some(price) => history.iter().any(|run| run.from == check.at && run.price == Some(price)),
            None => history.iter().any(|run| run.from <= check.at && check.at <= run.last_seen),
        };
        assert!(is_there, "acknowledged, but not there: {check:?} in {history:#?}");
        *counts.entry(check.product).or_default() += 1;
        begun += u32::from(check.new_price.is_some());
    }
    for (product, count) in counts {
        let recorded: u64 = histories[&product].iter().map(|run| u64::from(run.checks)).sum();
        assert!(recorded >= count, "{product}: {count} checks were acknowledged, {recorded} are counted");
    }
    println!("{} acknowledged checks are there, {begun} of them began a run", acknowledged.checks.len());
}

/// What the rule says of each tracking, event by event, is what was told: once, by inbox and by e-mail, and nothing else.
pub async fn every_alert_was_told_once(store: &dyn Store, load: &Load) {
    let mut told: HashMap<TrackingId, Vec<InboxEntry>> = HashMap::new();
    for user in &load.people {
        for entry in inbox(store, *user).await {
            told.entry(entry.notification.tracking_id).or_default().push(entry);
        }
    }
    let mut mails = BTreeSet::new();
    let mut events = 0;
    for wish in &load.wishes {
        let tracking = tracking(wish);
        let all = events_of(tracking.product_id, &runs(store, tracking.product_id).await);
        events += all.len();
        let told: Vec<InboxEntry> = told.remove(&tracking.id).unwrap_or_default();
        let told_events: Vec<EventId> = told.iter().map(|entry| entry.notification.event_id).collect();
        assert_eq!(told_events, expected(&tracking, &all), "tracking {} of {}", tracking.id, wish.1.url);
        for entry in told {
            let channels: Vec<Channel> = entry.deliveries.iter().map(|delivery| delivery.channel).collect();
            assert_eq!(channels, [Channel::Email], "tracking {}", tracking.id);
            let mail = &entry.deliveries[0];
            assert_eq!(mail.status, Status::Sent, "{:?}", mail.last_error);
            assert_eq!(mail.id, NotificationId::derive(tracking.id, mail.event_id, Channel::Email));
            mails.insert(format!("{}.eml", mail.id));
        }
    }
    assert!(told.is_empty(), "alerts of trackings that nobody made: {told:?}");
    assert!(mails.len() > load.wishes.len() / 2, "only {} alerts: the prices did not move enough", mails.len());
    let outbox: BTreeSet<String> =
        std::fs::read_dir(load.outbox()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
    assert_eq!(outbox, mails, "one mail in the outbox for each alert, and no other file");
    println!("{} alerts over {} events, each told once", mails.len(), events / load.people.len());
}

async fn inbox(store: &dyn Store, user: domain::UserId) -> Vec<InboxEntry> {
    let mut entries = Vec::new();
    loop {
        let offset = u32::try_from(entries.len()).unwrap();
        let page = store.list_inbox(user, Window { limit: 100, offset }).await.unwrap();
        entries.extend(page.rows);
        if entries.len() as u64 >= page.total {
            return entries;
        }
    }
}

/// Each run began with an event.
fn events_of(product_id: ProductId, runs: &[PriceRun]) -> Vec<PriceEvent> {
    let mut before: Option<&PriceRun> = None;
    let mut events = Vec::new();
    for run in runs {
        events.push(PriceEvent {
            id: EventId::derive(product_id, run.from),
            product_id,
            at: run.from,
            old_price: before.and_then(|run| run.price),
            new_price: run.price,
            old_availability: before.map(|run| run.availability).unwrap_or_default(),
            new_availability: run.availability,
        });
        before = Some(run);
    }
    events
}

/// The events that the rule tells of, in order. All happen within an hour.
fn expected(tracking: &domain::Tracking, events: &[PriceEvent]) -> Vec<EventId> {
    let mut tracking = tracking.clone();
    let mut told = Vec::new();
    for event in events {
        let decided = decide(&tracking, event, Occasion::Event, event.at);
        if let Decision::Notify(_) = decided.decision {
            told.push(event.id);
        }
        tracking = decided.tracking;
    }
    told
}

/// No event waits, no message waits, no product is held by a worker that is no more.
pub async fn nothing_is_left_over(store: &dyn Store, load: &Load) {
    let totals = store.totals(now()).await.unwrap();
    assert_eq!((totals.pending_events, totals.pending_notifications), (0, 0), "{totals:?}");
    let products: Vec<ProductId> = load.products().into_iter().chain(load.strays.iter().copied()).collect();
    assert_eq!(totals.products, products.len() as u64);
    let mut all_runs = 0;
    for product in &products {
        all_runs += runs(store, *product).await.len() as u64;
    }
    assert_eq!((totals.price_runs, totals.events), (all_runs, all_runs), "a run without an event, or an event without a run");
    let held = store.leased_products(&products, now()).await.unwrap();
    assert_eq!(held.len(), 0, "held after a stop in peace: {held:?}");
}
