//! Judging a reading against what is known, and settling what is to be written.
//!
//! The glitch guard: an implausible reading is kept as suspect and checked again within two minutes. It counts, and alerts, only
//! when a later fresh fetch shows it again: twice if the evidence is strong, [`WEAK_SIGHTINGS`] times if it is weak.

use crate::check::{CheckOutcome, CheckRecord, FailureKind, Found, NewRun, ProductState, RecentPrice, Suspect};
use crate::event::PriceEvent;
use crate::ids::EventId;
use crate::money::Money;
use crate::next_check::{CONFIRM_AFTER, Pace, interval, next_check};
use crate::offer::{Availability, Offer, ProductFacts, Reading};
use crate::time::{DAY, MINUTE, SECOND, Timestamp};

/// A price this far below the recent median is implausible until confirmed: 60 %.
pub const SUSPECT_FALL_BASIS_POINTS: i64 = 6_000;
/// A price this many times the recent median is implausible until confirmed.
pub const SUSPECT_RISE_FACTOR: i64 = 3;
/// Confidence below which evidence is weak: one uncertain reader alone.
pub const WEAK_CONFIDENCE: u8 = 60;
/// How often in a row an implausible price with weak evidence must be seen.
pub const WEAK_SIGHTINGS: u32 = 4;
/// A confirmation must be at least this much later than the first sighting: the same cached page confirms nothing.
pub const CONFIRM_SPACING: i64 = 30 * SECOND;
/// A sighting older than this confirms nothing.
pub const SUSPECT_EXPIRES: i64 = 2 * DAY;
/// How many earlier prices are kept for judging.
pub const RECENT_PRICES: usize = 12;

/// What a reading is worth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judgement {
    /// It counts.
    Accept {
        /// The price in force from now on; the last one, where the reading has none.
        price: Option<Money>,
        /// The stock state in force from now on; the last known, where the reading has none.
        availability: Availability,
    },
    /// Implausible: kept, and checked again.
    Suspect(Suspect),
    /// Nothing changes.
    Keep(FailureKind, String),
}

/// Judges what one check found against what is known about the product.
pub fn judge(product: &ProductState, found: &Found, started_at: Timestamp) -> Judgement {
    match found {
        Found::Unchanged => Judgement::Accept { price: product.price, availability: product.availability },
        Found::Reading(Reading::Failed { kind, detail, .. }) => Judgement::Keep(*kind, detail.clone()),
        Found::Reading(Reading::OutOfStock { availability, .. }) => {
            Judgement::Accept { price: product.price, availability: *availability }
        }
        Found::Reading(Reading::Offer(offer)) => judge_offer(product, offer, started_at),
    }
}

fn judge_offer(product: &ProductState, offer: &Offer, started_at: Timestamp) -> Judgement {
    if let Some(known) = product.price
        && known.currency != offer.price.currency
    {
        let detail = format!("the shop showed {}, you track {}; nothing was changed", offer.price.currency, known.currency);
        return Judgement::Keep(FailureKind::WrongRegion, detail);
    }
    // A missing stock word is no change of stock.
    let availability = match offer.availability {
        Availability::Unknown => product.availability,
        known => known,
    };
    let accept = Judgement::Accept { price: Some(offer.price), availability };
    if product.price == Some(offer.price) || is_plausible(product, offer) {
        return accept;
    }
    let earlier = product
        .suspect
        .filter(|suspect| suspect.price == offer.price && started_at.micros_since(suspect.last_seen_at) < SUSPECT_EXPIRES);
    let Some(earlier) = earlier else {
        return Judgement::Suspect(Suspect { price: offer.price, since: started_at, last_seen_at: started_at, sightings: 1 });
    };
    if started_at.micros_since(earlier.last_seen_at) < CONFIRM_SPACING {
        return Judgement::Suspect(earlier);
    }
    let sightings = earlier.sightings + 1;
    let needed = if offer.confidence < WEAK_CONFIDENCE { WEAK_SIGHTINGS } else { 2 };
    if sightings >= needed {
        return accept;
    }
    Judgement::Suspect(Suspect { last_seen_at: started_at, sightings, ..earlier })
}

/// Whether a price is near enough to the recent ones to count at once. The first price of a product has nothing to be compared
/// with and counts, unless its evidence is weak.
fn is_plausible(product: &ProductState, offer: &Offer) -> bool {
    let Some(median) = median_minor(&product.recent) else {
        return offer.confidence >= WEAK_CONFIDENCE;
    };
    let median_price = Money::new(median, offer.price.currency);
    let fell_too_far = offer.price.basis_points_below(median_price).is_some_and(|fall| fall > SUSPECT_FALL_BASIS_POINTS);
    let rose_too_far = offer.price.minor > median.saturating_mul(SUSPECT_RISE_FACTOR);
    if fell_too_far || rose_too_far {
        return false;
    }
    // Weak evidence may confirm a price, not move it far.
    let moved = offer.price.basis_points_below(median_price).map_or(0, i64::abs);
    offer.confidence >= WEAK_CONFIDENCE || moved <= SUSPECT_FALL_BASIS_POINTS / 3
}

/// The median of the recent prices (the lower of the two middle ones).
fn median_minor(recent: &[RecentPrice]) -> Option<i64> {
    let mut prices: Vec<i64> = recent.iter().map(|run| run.minor).filter(|minor| *minor > 0).collect();
    prices.sort_unstable();
    prices.get(prices.len().checked_sub(1)? / 2).copied()
}

/// Settles one check: judges it, and says what is to be written. `None` if a newer observation is already recorded.
pub fn settle(product: &ProductState, outcome: &CheckOutcome, pace: Pace, now: Timestamp) -> Option<CheckRecord> {
    if product.last_attempt_at.is_some_and(|last| last >= outcome.started_at) {
        return None;
    }
    let judgement = judge(product, &outcome.found, outcome.started_at);
    let mut record = CheckRecord {
        product_id: product.id,
        revision: product.revision,
        observed_at: outcome.started_at,
        outcome: "offer",
        detail: None,
        ok: false,
        failures: 0,
        suspect: None,
        new_run: None,
        event: None,
        facts: None,
        list_price: product.list_price,
        evidence: None,
        etag: product.etag.clone(),
        last_modified: product.last_modified.clone(),
        next_check_at: now,
    };
    let reading = match &outcome.found {
        Found::Reading(reading) => Some(reading),
        Found::Unchanged => None,
    };
    match judgement {
        Judgement::Accept { price, availability } => {
            record.ok = true;
            record.outcome = reading.map_or("offer", |reading| reading.outcome());
            accept(product, &mut record, price, availability, pace);
            if let Some(reading) = reading {
                record.facts = merged_facts(&product.facts, reading.facts());
                record.list_price = list_price(reading);
                record.etag.clone_from(&outcome.etag);
                record.last_modified.clone_from(&outcome.last_modified);
            }
            record.next_check_at = next_check(product, None, 0, pace, now);
        }
        Judgement::Suspect(suspect) => {
            record.outcome = "suspect";
            record.detail = Some(format!("read {}, far from the usual price; it counts when it is seen again", suspect.price));
            record.suspect = Some(suspect);
            // The confirming fetch must bring the page, not a 304.
            record.etag = None;
            record.last_modified = None;
            let wait = if suspect.sightings <= 2 { CONFIRM_AFTER } else { 15 * MINUTE };
            record.next_check_at = now.plus_micros(wait);
        }
        Judgement::Keep(kind, detail) => {
            record.outcome = kind.as_str();
            record.detail = Some(detail);
            record.suspect = product.suspect;
            // A shop that blocks or does not answer says nothing about this product: the route backs off, not the listing.
            record.failures = product.failures.saturating_add(u32::from(!kind.is_of_the_shop()));
            record.next_check_at = next_check(product, Some(kind), record.failures, pace, now);
        }
    }
    if let Some(not_before) = outcome.not_before {
        record.next_check_at = record.next_check_at.max(not_before);
    }
    let outcome_changed = product.last_outcome.as_deref() != Some(record.outcome);
    if record.new_run.is_some() || outcome_changed {
        record.evidence = reading.map(|reading| reading.evidence().to_vec());
    }
    Some(record)
}

/// Writes into `record` what a good reading changes: a new run where price or stock state differ, or where nothing good was read
/// for so long that the line must show a gap; and an event where trackings may care.
fn accept(product: &ProductState, record: &mut CheckRecord, price: Option<Money>, availability: Availability, pace: Pace) {
    let is_new = product.price != price || product.availability != availability;
    let gap = product
        .last_ok_at
        .is_some_and(|last| record.observed_at.micros_since(last) > 2 * interval(product, pace, record.observed_at).max(DAY));
    if !is_new && !gap && product.run_from.is_some() {
        return;
    }
    let mut recent = product.recent.clone();
    if let Some(price) = price.filter(|price| product.price != Some(*price)) {
        recent.insert(0, RecentPrice { from: record.observed_at, minor: price.minor });
        recent.truncate(RECENT_PRICES);
    }
    record.new_run = Some(NewRun { price, availability, recent });
    if is_new {
        record.event = Some(PriceEvent {
            id: EventId::derive(product.id, record.observed_at),
            product_id: product.id,
            at: record.observed_at,
            old_price: product.price,
            new_price: price,
            old_availability: product.availability,
            new_availability: availability,
        });
    }
}

/// The struck price that a good reading shows.
fn list_price(reading: &Reading) -> Option<Money> {
    match reading {
        Reading::Offer(offer) => offer.list_price.filter(|list| *list > offer.price),
        Reading::OutOfStock { .. } | Reading::Failed { .. } => None,
    }
}

/// What is known with what the page says: a page that leaves something out does not delete it. `None` if nothing differs.
fn merged_facts(known: &ProductFacts, page: &ProductFacts) -> Option<ProductFacts> {
    let pick = |new: &Option<String>, old: &Option<String>| {
        new.as_ref().filter(|text| !text.trim().is_empty()).or(old.as_ref()).cloned()
    };
    let merged = ProductFacts {
        name: pick(&page.name, &known.name),
        image_url: pick(&page.image_url, &known.image_url),
        brand: pick(&page.brand, &known.brand),
        gtin: pick(&page.gtin, &known.gtin),
        mpn: pick(&page.mpn, &known.mpn),
        seller: pick(&page.seller, &known.seller),
        condition: pick(&page.condition, &known.condition),
    };
    (merged != *known).then_some(merged)
}
