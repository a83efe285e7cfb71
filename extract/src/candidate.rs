//! What one reader claims about the page. One claim is one vote, however often the page repeats it.

use domain::offer::{Evidence, Field, ProductFacts, Verdict};
use domain::{Availability, Money, Reader};

use crate::text::collapse;

/// Evidence beyond this many entries per reader is left out: a page may hold thousands of offers.
const MAX_EVIDENCE: usize = 40;

/// A reader's answer to "what does it cost".
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub(crate) enum PriceClaim {
    /// The reader says nothing.
    #[default]
    None,
    /// This price.
    One(Money),
    /// A span over variants or sellers: its low end is nobody's price for sure.
    Range(Money, Money),
    /// Prices of several variants or products, and nothing tells which is tracked.
    Several(Vec<Money>),
}

/// What one reader found.
#[derive(Clone, Debug)]
pub(crate) struct Claim {
    pub reader: Reader,
    pub price: PriceClaim,
    pub list_price: Option<Money>,
    pub availability: Availability,
    pub facts: ProductFacts,
    /// 0 to 100, for the price when it stands alone.
    pub confidence: u8,
    pub evidence: Vec<Evidence>,
}

impl Claim {
    pub(crate) fn new(reader: Reader, confidence: u8) -> Self {
        Claim {
            reader,
            price: PriceClaim::None,
            list_price: None,
            availability: Availability::Unknown,
            facts: ProductFacts::default(),
            confidence,
            evidence: Vec::new(),
        }
    }

    /// Notes a candidate. Its verdict stays open (`Ignored`) until the judge has looked at all claims.
    pub(crate) fn note(&mut self, field: Field, place: impl Into<String>, raw: &str, value: impl Into<String>) {
        if self.evidence.len() >= MAX_EVIDENCE {
            return;
        }
        self.evidence.push(Evidence {
            field,
            reader: self.reader,
            place: place.into(),
            raw: collapse(raw, 200),
            value: value.into(),
            confidence: self.confidence,
            verdict: Verdict::Ignored,
        });
    }

    /// Whether the page's own product was found at all.
    pub(crate) fn says_anything(&self) -> bool {
        self.price != PriceClaim::None || self.availability != Availability::Unknown
    }
}
