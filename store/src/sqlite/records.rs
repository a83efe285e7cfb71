//! Check records as the rows of a batch: what the statements in `sql/` read by name (or by position, where every check has one).

use domain::check::CheckRecord;
use domain::{PriceEvent, Timestamp};
use serde::Serialize;

use super::{fan_out, params, rows};

/// For `update_checked_products.sql`, by position: every check writes one, so it is kept short.
pub(super) type CheckedRow<'a> = (
    String,
    i64,
    u8,
    &'a str,
    Option<&'a str>,
    u32,
    Option<String>,
    Option<i64>,
    Option<&'static str>,
    Option<&'a str>,
    Option<&'a str>,
    i64,
);

pub(super) fn checked_row(record: &CheckRecord) -> CheckedRow<'_> {
    (
        params::hex(record.product_id.0),
        record.observed_at.as_micros(),
        u8::from(record.ok),
        record.outcome,
        record.detail.as_deref(),
        record.failures,
        record.suspect.as_ref().map(rows::suspect_text),
        params::minor(record.list_price),
        params::currency(record.list_price),
        record.etag.as_deref(),
        record.last_modified.as_deref(),
        record.next_check_at.as_micros(),
    )
}

/// For `close_runs.sql`, `insert_runs.sql` and `begin_runs.sql`.
#[derive(Serialize)]
pub(super) struct RunRow {
    product_id: String,
    at: i64,
    minor: Option<i64>,
    currency: Option<&'static str>,
    availability: &'static str,
    recent: String,
}

impl RunRow {
    pub(super) fn of(record: &CheckRecord) -> Option<Self> {
        let run = record.new_run.as_ref()?;
        Some(RunRow {
            product_id: params::hex(record.product_id.0),
            at: record.observed_at.as_micros(),
            minor: params::minor(run.price),
            currency: params::currency(run.price),
            availability: run.availability.as_str(),
            recent: rows::recent_text(&run.recent),
        })
    }
}

/// For `insert_events.sql` and `point_to_events.sql`.
#[derive(Serialize)]
pub(super) struct EventRow {
    product_id: String,
    event_id: String,
    at: i64,
    old_minor: Option<i64>,
    old_currency: Option<&'static str>,
    new_minor: Option<i64>,
    new_currency: Option<&'static str>,
    old_availability: &'static str,
    new_availability: &'static str,
    cursor: Option<String>,
}

impl EventRow {
    pub(super) fn of(event: &PriceEvent) -> Self {
        EventRow {
            product_id: params::hex(event.product_id.0),
            event_id: params::hex(event.id.0),
            at: event.at.as_micros(),
            old_minor: params::minor(event.old_price),
            old_currency: params::currency(event.old_price),
            new_minor: params::minor(event.new_price),
            new_currency: params::currency(event.new_price),
            old_availability: event.old_availability.as_str(),
            new_availability: event.new_availability.as_str(),
            cursor: fan_out::first_cursor(event),
        }
    }
}

/// For `update_facts.sql`.
#[derive(Serialize)]
pub(super) struct FactsRow<'a> {
    product_id: String,
    name: Option<&'a str>,
    /// Lower-cased here: SQLite's `lower` knows ASCII only. Ends with a line feed, which no name holds.
    name_lower: String,
    image_url: Option<&'a str>,
    brand: Option<&'a str>,
    gtin: Option<&'a str>,
    mpn: Option<&'a str>,
    seller: Option<&'a str>,
    condition: Option<&'a str>,
}

impl<'a> FactsRow<'a> {
    pub(super) fn of(record: &'a CheckRecord) -> Option<Self> {
        let facts = record.facts.as_ref()?;
        Some(FactsRow {
            product_id: params::hex(record.product_id.0),
            name: facts.name.as_deref(),
            name_lower: facts.name.as_deref().map(|name| format!("{}\n", name.to_lowercase())).unwrap_or_default(),
            image_url: facts.image_url.as_deref(),
            brand: facts.brand.as_deref(),
            gtin: facts.gtin.as_deref(),
            mpn: facts.mpn.as_deref(),
            seller: facts.seller.as_deref(),
            condition: facts.condition.as_deref(),
        })
    }
}

/// For `keep_evidence.sql`.
#[derive(Serialize)]
pub(super) struct EvidenceRow<'a> {
    product_id: String,
    at: i64,
    outcome: &'a str,
    evidence: String,
}

impl<'a> EvidenceRow<'a> {
    pub(super) fn of(record: &'a CheckRecord) -> Option<Self> {
        let evidence = record.evidence.as_ref()?;
        Some(EvidenceRow {
            product_id: params::hex(record.product_id.0),
            at: Timestamp::as_micros(record.observed_at),
            outcome: record.outcome,
            evidence: params::json(evidence),
        })
    }
}
