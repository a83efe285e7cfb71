//! schema.org as JSON-LD.

use domain::Reader;
use domain::offer::Field;
use serde_json::Value;

use super::{schema, tolerant_json};
use crate::candidate::Claim;
use crate::context::Context;
use crate::outline::Outline;

const CONFIDENCE: u8 = 85;

/// Reads every script by itself, so that a broken one hides no other.
pub(crate) fn read(outline: &Outline, context: &Context) -> Option<Claim> {
    let mut values: Vec<Value> = Vec::new();
    let mut broken = Vec::new();
    for (number, script) in outline.json_ld().iter().enumerate() {
        let found = tolerant_json::parse_values(script);
        if found.is_empty() && !script.trim().is_empty() {
            broken.push((number, script));
        }
        values.extend(found);
    }
    let mut claim = schema::read(&values, Reader::JsonLd, CONFIDENCE, outline, context);
    if !broken.is_empty() {
        let claim = claim.get_or_insert_with(|| Claim::new(Reader::JsonLd, CONFIDENCE));
        for (number, script) in broken {
            claim.note(Field::Page, format!("script {}", number + 1), script, "broken JSON");
        }
    }
    claim
}
