//! One line about a reading, for batches and scores.

use domain::{Availability, FailureKind, Reading};
use serde::Serialize;

/// What a reading says, flat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// The caller's name for the page.
    pub id: String,
    /// `ok`, `blocked`, `not_found`, or the failure's kind.
    pub status: &'static str,
    /// `offer`, `out_of_stock`, or the failure's kind.
    pub outcome: &'static str,
    /// The price as a decimal text.
    pub price: Option<String>,
    /// ISO 4217 code.
    pub currency: Option<&'static str>,
    /// `in_stock`, `out_of_stock` or `unknown`.
    pub availability: &'static str,
    /// The product's name.
    pub name: Option<String>,
    /// The reader whose price was taken.
    pub reader: Option<&'static str>,
    /// 0 to 100.
    pub confidence: Option<u8>,
}

/// Sums up a reading.
pub fn summary(id: &str, reading: &Reading) -> Summary {
    let offer = match reading {
        Reading::Offer(offer) => Some(offer),
        Reading::OutOfStock { .. } | Reading::Failed { .. } => None,
    };
    let availability = match reading {
        Reading::Offer(offer) => offer.availability,
        Reading::OutOfStock { availability, .. } => *availability,
        Reading::Failed { .. } => Availability::Unknown,
    };
    let status = match reading {
        Reading::Offer(_) | Reading::OutOfStock { .. } => "ok",
        Reading::Failed { kind: FailureKind::Gone | FailureKind::Moved, .. } => "not_found",
        Reading::Failed { kind, .. } => kind.as_str(),
    };
    Summary {
        id: id.to_owned(),
        status,
        outcome: reading.outcome(),
        price: offer.map(|offer| offer.price.to_decimal()),
        currency: offer.map(|offer| offer.price.currency.code()),
        availability: match availability.is_buyable() {
            Some(true) => "in_stock",
            Some(false) => "out_of_stock",
            None => "unknown",
        },
        name: reading.facts().name.clone(),
        reader: offer.map(|offer| offer.reader.as_str()),
        confidence: offer.map(|offer| offer.confidence),
    }
}
