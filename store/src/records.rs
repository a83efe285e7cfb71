//! What is written in batches, as rows: check records, trackings, notifications, deliveries.

use std::borrow::Cow;

use domain::check::CheckRecord;
use domain::notification::Status;
use domain::tracking::{Alert, WatchKeys};
use domain::{Channel, Notification, PriceEvent, Timestamp, Tracking};
use uuid::Uuid;

use crate::batch::batch_row;
use crate::model::{Delivery, DeliveryOutcome};
use crate::{cursor, params, rows, search};

type Text<'a> = Cow<'a, str>;

batch_row! {
    /// Every check writes one, so it is kept short. For `update_checked_products.sql`.
    CheckedRow<'a> {
        product_id: Uuid,
        revision: i64,
        at: i64,
        ok: bool,
        outcome: &'static str,
        detail: Option<Text<'a>>,
        failures: i64,
        suspect: Option<String>,
        list_minor: Option<i64>,
        list_currency: Option<&'static str>,
        etag: Option<Text<'a>>,
        last_modified: Option<Text<'a>>,
        next_check_at: i64,
    }
}

impl<'a> CheckedRow<'a> {
    pub(crate) fn of(record: &'a CheckRecord) -> Self {
        CheckedRow {
            product_id: record.product_id.0,
            revision: record.revision,
            at: record.observed_at.as_micros(),
            ok: record.ok,
            outcome: record.outcome,
            detail: params::maybe_text(record.detail.as_deref()),
            failures: record.failures.into(),
            suspect: record.suspect.as_ref().map(rows::suspect_text),
            list_minor: params::minor(record.list_price),
            list_currency: params::currency(record.list_price),
            etag: params::maybe_text(record.etag.as_deref()),
            last_modified: params::maybe_text(record.last_modified.as_deref()),
            next_check_at: record.next_check_at.as_micros(),
        }
    }
}

batch_row! {
    /// A price run that begins. For `new_runs.sql`.
    RunRow {
        product_id: Uuid,
        at: i64,
        minor: Option<i64>,
        currency: Option<&'static str>,
        availability: &'static str,
        recent: String,
    }
}

impl RunRow {
    pub(crate) fn of(record: &CheckRecord) -> Option<Self> {
        let run = record.new_run.as_ref()?;
        Some(RunRow {
            product_id: record.product_id.0,
            at: record.observed_at.as_micros(),
            minor: params::minor(run.price),
            currency: params::currency(run.price),
            availability: run.availability.as_str(),
            recent: rows::recent_text(&run.recent),
        })
    }
}

batch_row! {
    /// A price event. For `new_events.sql`.
    EventRow {
        product_id: Uuid,
        event_id: Uuid,
        at: i64,
        old_minor: Option<i64>,
        old_currency: Option<&'static str>,
        new_minor: Option<i64>,
        new_currency: Option<&'static str>,
        old_availability: &'static str,
        new_availability: &'static str,
        fan_out_cursor: Option<String>,
    }
}

impl EventRow {
    pub(crate) fn of(event: &PriceEvent) -> Self {
        EventRow {
            product_id: event.product_id.0,
            event_id: event.id.0,
            at: event.at.as_micros(),
            old_minor: params::minor(event.old_price),
            old_currency: params::currency(event.old_price),
            new_minor: params::minor(event.new_price),
            new_currency: params::currency(event.new_price),
            old_availability: event.old_availability.as_str(),
            new_availability: event.new_availability.as_str(),
            fan_out_cursor: cursor::first(event),
        }
    }
}

batch_row! {
    /// What a page says about a product. For `new_facts.sql`.
    FactsRow<'a> {
        product_id: Uuid,
        name: Option<Text<'a>>,
        name_text: String,
        image_url: Option<Text<'a>>,
        brand: Option<Text<'a>>,
        gtin: Option<Text<'a>>,
        mpn: Option<Text<'a>>,
        seller: Option<Text<'a>>,
        condition: Option<Text<'a>>,
    }
}

impl<'a> FactsRow<'a> {
    pub(crate) fn of(record: &'a CheckRecord) -> Option<Self> {
        let facts = record.facts.as_ref()?;
        let name = params::maybe_text(facts.name.as_deref());
        Some(FactsRow {
            product_id: record.product_id.0,
            name_text: search::name_text(name.as_deref()),
            name,
            image_url: params::maybe_text(facts.image_url.as_deref()),
            brand: params::maybe_text(facts.brand.as_deref()),
            gtin: params::maybe_text(facts.gtin.as_deref()),
            mpn: params::maybe_text(facts.mpn.as_deref()),
            seller: params::maybe_text(facts.seller.as_deref()),
            condition: params::maybe_text(facts.condition.as_deref()),
        })
    }
}

batch_row! {
    /// Evidence that is kept. For `kept_evidence.sql`.
    EvidenceRow {
        product_id: Uuid,
        at: i64,
        outcome: &'static str,
        evidence: String,
    }
}

impl EvidenceRow {
    pub(crate) fn of(record: &CheckRecord) -> Option<Self> {
        let evidence = params::json(record.evidence.as_ref()?);
        Some(EvidenceRow {
            product_id: record.product_id.0,
            at: record.observed_at.as_micros(),
            outcome: record.outcome,
            evidence,
        })
    }
}

batch_row! {
    /// A tracking. For `new_trackings.sql`.
    TrackingRow<'a> {
        product_id: Uuid,
        tracking_id: Uuid,
        user_id: Uuid,
        target_amount: Option<&'a str>,
        target_currency: Option<&'static str>,
        target_minor: Option<i64>,
        drop_basis_points: Option<i64>,
        channels: String,
        active: bool,
        reference_minor: Option<i64>,
        reference_currency: Option<&'static str>,
        told_minor: Option<i64>,
        told_currency: Option<&'static str>,
        told_at: Option<i64>,
        revisit_at: Option<i64>,
        revision: i64,
        created_at: i64,
        updated_at: i64,
        watch_below: i64,
        watch_above: i64,
        watch_fall: i64,
    }
}

impl<'a> TrackingRow<'a> {
    pub(crate) fn of(tracking: &'a Tracking, keys: WatchKeys) -> Self {
        let target = tracking.rules.target.as_ref();
        let told = match tracking.alert {
            Alert::Armed => None,
            Alert::Fired { price } => Some(price),
        };
        TrackingRow {
            product_id: tracking.product_id.0,
            tracking_id: tracking.id.0,
            user_id: tracking.user_id.0,
            target_amount: target.map(|target| target.amount()),
            target_currency: target.and_then(|target| target.currency()).map(|currency| currency.code()),
            target_minor: params::minor(target.and_then(|target| target.money())),
            drop_basis_points: tracking.rules.drop.map(|drop| drop.get().into()),
            channels: rows::channels_text(&tracking.channels),
            active: tracking.active,
            reference_minor: params::minor(tracking.reference),
            reference_currency: params::currency(tracking.reference),
            told_minor: params::minor(told),
            told_currency: params::currency(told),
            told_at: params::micros(tracking.told_at),
            revisit_at: params::micros(tracking.revisit_at),
            revision: tracking.revision,
            created_at: tracking.created_at.as_micros(),
            updated_at: tracking.updated_at.as_micros(),
            watch_below: keys.below,
            watch_above: keys.above,
            watch_fall: keys.fall.into(),
        }
    }
}

batch_row! {
    /// A notification. For `new_notifications.sql`.
    NotificationRow<'a> {
        product_id: Uuid,
        notification_id: Uuid,
        tracking_id: Uuid,
        event_id: Uuid,
        user_id: Uuid,
        channel: &'static str,
        alerted: String,
        status: &'static str,
        attempts: i64,
        next_attempt_at: i64,
        last_error: Option<Text<'a>>,
        created_at: i64,
        sent_at: Option<i64>,
        read_at: Option<i64>,
    }
}

impl<'a> NotificationRow<'a> {
    pub(crate) fn of(told: &'a Notification) -> Self {
        NotificationRow {
            product_id: told.product_id.0,
            notification_id: told.id.0,
            tracking_id: told.tracking_id.0,
            event_id: told.event_id.0,
            user_id: told.user_id.0,
            channel: told.channel.as_str(),
            alerted: params::json(&told.alerted),
            status: told.status.as_str(),
            attempts: told.attempts.into(),
            next_attempt_at: told.next_attempt_at.as_micros(),
            last_error: params::maybe_text(told.last_error.as_deref()),
            created_at: told.created_at.as_micros(),
            sent_at: params::micros(told.sent_at),
            read_at: params::micros(told.read_at),
        }
    }

    /// Whether it is for the inbox: there it is, and needs no sending.
    pub(crate) fn is_for_inbox(&self) -> bool {
        self.channel == Channel::Inbox.as_str()
    }
}

batch_row! {
    /// How an attempt to deliver ended. For `ended_deliveries.sql`.
    DeliveryRow<'a> {
        product_id: Uuid,
        notification_id: Uuid,
        status: &'static str,
        error: Option<Text<'a>>,
        retry_at: Option<i64>,
        sent_at: Option<i64>,
    }
}

impl<'a> DeliveryRow<'a> {
    pub(crate) fn of(delivery: &'a Delivery, now: Timestamp) -> Self {
        let (status, error, retry_at, sent_at) = match &delivery.outcome {
            DeliveryOutcome::Sent => (Status::Sent, None, None, Some(now.as_micros())),
            DeliveryOutcome::Retry { at, error } => (Status::Pending, Some(error), Some(at.as_micros()), None),
            DeliveryOutcome::Failed { error } => (Status::Failed, Some(error), None, None),
        };
        DeliveryRow {
            product_id: delivery.product_id.0,
            notification_id: delivery.id.0,
            status: status.as_str(),
            error: error.map(|error| params::text(error)),
            retry_at,
            sent_at,
        }
    }
}

batch_row! {
    /// The key of a row that belongs to a product.
    KeyRow {
        product_id: Uuid,
        id: Uuid,
    }
}
