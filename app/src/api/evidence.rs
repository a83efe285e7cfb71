//! Why this price: every candidate that was seen, the chosen one first.

use serde::{Deserialize, Serialize};

use super::text::TimeText;

/// What was read at the last reading worth keeping.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceView {
    /// When.
    pub at: Option<TimeText>,
    /// How it ended, in words.
    pub outcome: String,
    /// Candidates, those that decided first.
    pub rows: Vec<EvidenceRow>,
}

/// One candidate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceRow {
    /// What it speaks about: `price`, `stock`, …
    pub field: String,
    /// How it was read.
    pub reader: String,
    /// Where in the page.
    pub place: String,
    /// The page's own text.
    pub raw: String,
    /// The value read from it.
    pub value: String,
    /// 0 to 100.
    pub confidence: u8,
    /// What became of it, in a word.
    pub verdict: String,
}

#[cfg(feature = "ssr")]
pub(crate) fn evidence_view(kept: &store::KeptEvidence, show: &super::show::Show) -> EvidenceView {
    EvidenceView { at: Some(show.time(kept.at)), outcome: outcome(&kept.outcome), rows: evidence_rows(&kept.evidence) }
}

/// The candidates as rows, those that decided first.
#[cfg(feature = "ssr")]
pub(crate) fn evidence_rows(evidence: &[domain::Evidence]) -> Vec<EvidenceRow> {
    use domain::offer::{Field, Verdict};
    let rank = |row: &domain::Evidence| {
        let field = match row.field {
            Field::Price => 0,
            Field::ListPrice => 1,
            Field::Availability => 2,
            Field::Name => 3,
            Field::Page => 4,
        };
        let verdict = match row.verdict {
            Verdict::Chosen => 0,
            Verdict::Conflicts => 1,
            Verdict::Agrees => 2,
            Verdict::Ignored => 3,
        };
        (field, verdict, 100 - row.confidence.min(100))
    };
    let mut sorted: Vec<&domain::Evidence> = evidence.iter().collect();
    sorted.sort_by_key(|row| rank(row));
    sorted.into_iter().map(evidence_row).collect()
}

#[cfg(feature = "ssr")]
fn evidence_row(row: &domain::Evidence) -> EvidenceRow {
    use domain::offer::{Field, Reader, Verdict};
    let field = match row.field {
        Field::Price => "price",
        Field::ListPrice => "struck price",
        Field::Availability => "stock",
        Field::Name => "name",
        Field::Page => "page",
    };
    let reader = match row.reader {
        Reader::Platform => "this shop's own layout",
        Reader::JsonLd => "JSON-LD",
        Reader::Microdata => "microdata",
        Reader::Rdfa => "RDFa",
        Reader::OpenGraph => "Open Graph",
        Reader::EmbeddedState => "embedded state",
        Reader::BuyBox => "buy box",
        Reader::Selector => "your selector",
    };
    let verdict = match row.verdict {
        Verdict::Chosen => "taken",
        Verdict::Agrees => "agrees",
        Verdict::Conflicts => "says otherwise",
        Verdict::Ignored => "not the price",
    };
    EvidenceRow {
        field: field.into(),
        reader: reader.into(),
        place: row.place.clone(),
        raw: row.raw.clone(),
        value: row.value.clone(),
        confidence: row.confidence,
        verdict: verdict.into(),
    }
}

/// How a check ended, in words.
#[cfg(feature = "ssr")]
pub(crate) fn outcome(word: &str) -> String {
    use domain::check::FailureKind;
    let words = match word {
        "offer" => "price read",
        "out_of_stock" => "out of stock",
        "suspect" => "implausible, to be confirmed",
        _ => match FailureKind::parse(word) {
            Some(FailureKind::Blocked) => "blocked by the shop",
            Some(FailureKind::RateLimited) => "the shop asked us to wait",
            Some(FailureKind::Unreachable) => "the shop did not answer",
            Some(FailureKind::Timeout) => "the shop was too slow",
            Some(FailureKind::Empty) => "the page was empty",
            Some(FailureKind::NoPrice) => "no price found",
            Some(FailureKind::Ambiguous) => "several prices",
            Some(FailureKind::WrongRegion) => "another currency",
            Some(FailureKind::Moved) => "leads elsewhere",
            Some(FailureKind::Gone) => "no longer sold",
            Some(FailureKind::Unreadable) => "the page could not be read",
            Some(FailureKind::NotAllowed) => "the shop forbids checks",
            Some(FailureKind::Refused) => "address not allowed",
            None => word,
        },
    };
    words.into()
}
