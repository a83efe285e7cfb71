//! The judge of claims: agreement raises confidence, contradiction abstains. It never counts, averages or takes the cheapest.

use domain::offer::{Evidence, Field, ProductFacts, Verdict};
use domain::{Availability, Currency, FailureKind, Money, Offer, Reader, Reading};

use crate::candidate::{Claim, PriceClaim};
use crate::sight::Seen;

/// How a price stands on the page.
pub(crate) type See<'a> = &'a dyn Fn(Money) -> Seen;

/// One more independent reader that says the same.
const AGREEMENT: u8 = 8;

/// What the claims say together.
pub(crate) fn reconcile(claims: &[Claim], sight: See<'_>, pinned: Option<Currency>) -> Reading {
    let facts = merge_facts(claims);
    let availability = merge_availability(claims);
    let decision = decide(claims, sight);
    let price = match &decision {
        Decision::Price { price, .. } => Some(*price),
        Decision::Conflict | Decision::Open | Decision::Nothing => None,
    };
    let evidence = judged_evidence(claims, price, availability, &facts);
    let fail = |kind, detail: String, evidence| Reading::Failed { kind, detail, facts: facts.clone(), evidence };
    if availability.is_buyable() == Some(false) {
        return Reading::OutOfStock { availability, facts, evidence };
    }
    match decision {
        Decision::Price { price, .. } if pinned.is_some_and(|pinned| pinned != price.currency) => fail(
            FailureKind::WrongRegion,
            format!("the page shows {}, not the tracked currency; set a proxy in the shop's country", price.currency),
            evidence,
        ),
        Decision::Price { price, reader, confidence } => Reading::Offer(Offer {
            price,
            list_price: list_price(claims, price),
            availability,
            facts,
            reader,
            confidence,
            evidence,
        }),
        Decision::Conflict => fail(
            FailureKind::Ambiguous,
            "the page states prices that contradict each other; name the price with a selector".to_owned(),
            evidence,
        ),
        Decision::Open => fail(
            FailureKind::Ambiguous,
            "the page states prices of several variants; track the link of one variant".to_owned(),
            evidence,
        ),
        Decision::Nothing => fail(
            FailureKind::NoPrice,
            "the page states no price that is surely the product's; name it with a selector".to_owned(),
            evidence,
        ),
    }
}

enum Decision {
    Price {
        price: Money,
        reader: Reader,
        confidence: u8,
    },
    /// Readers contradict each other.
    Conflict,
    /// Prices of several variants, and none is named.
    Open,
    Nothing,
}

fn decide(claims: &[Claim], sight: See<'_>) -> Decision {
    let mut votes: Vec<(&Claim, Money)> = Vec::new();
    for claim in claims {
        if let PriceClaim::One(price) = claim.price {
            votes.push((claim, price));
        }
    }
    // A lesser reader that repeats a better one's struck price misnames it.
    let struck: Vec<(u8, Money)> = claims.iter().filter_map(|claim| Some((claim.confidence, claim.list_price?))).collect();
    votes.retain(|(claim, price)| !struck.iter().any(|(confidence, list)| list == price && *confidence > claim.confidence));
    let spans_disagree = claims.iter().any(|claim| match &claim.price {
        PriceClaim::Range(low, high) => {
            votes.iter().any(|(_, price)| price < low || price > high || price.currency != low.currency)
        }
        PriceClaim::Several(several) => votes.iter().any(|(_, price)| !several.contains(price)),
        PriceClaim::None | PriceClaim::One(_) => false,
    });
    let is_open = claims.iter().any(|claim| matches!(claim.price, PriceClaim::Range(..) | PriceClaim::Several(_)));
    let Some((best, price)) = votes.iter().copied().max_by_key(|(claim, _)| claim.confidence) else {
        return if is_open { Decision::Open } else { Decision::Nothing };
    };
    if let Some(decision) = settle_by_buy_box(claims, sight) {
        return decision;
    }
    // Meta tags are the least kept of all: against a better reader whose price is the one that the page shows, they lose.
    let head_alone_differs = votes.iter().all(|(claim, other)| *other == price || claim.reader == Reader::OpenGraph);
    if head_alone_differs && best.reader != Reader::OpenGraph && sight(price) == Seen::Plain {
        votes.retain(|(_, other)| *other == price || sight(*other) == Seen::Plain);
    }
    if votes.iter().any(|(_, other)| *other != price) || spans_disagree {
        return Decision::Conflict;
    }
    // Where one reader sees a span of variants, a price alone in the page's head is most often its low end.
    let is_of_head = votes.iter().all(|(claim, _)| claim.reader == Reader::OpenGraph);
    if is_open && is_of_head {
        return Decision::Open;
    }
    let others = u8::try_from(votes.len() - 1).unwrap_or(u8::MAX);
    let confidence = best.confidence.saturating_add(others.saturating_mul(AGREEMENT)).min(99);
    hold_against(sight, votes.len(), Decision::Price { price, reader: best.reader, confidence })
}

/// What the buy box shows settles what the data leave open: it is one of the prices that they name for the product's variants, or it
/// repeats one reader against meta tags alone. Where the data name another price for sure, it settles nothing.
fn settle_by_buy_box(claims: &[Claim], sight: See<'_>) -> Option<Decision> {
    let shown = claims.iter().find(|claim| claim.reader == Reader::BuyBox)?;
    let PriceClaim::One(price) = shown.price else { return None };
    let mut named_by = None;
    for claim in claims.iter().filter(|claim| claim.reader != Reader::BuyBox) {
        let names = match &claim.price {
            PriceClaim::One(one) => *one == price,
            PriceClaim::Several(several) => several.contains(&price),
            PriceClaim::Range(low, high) => *low <= price && price <= *high && low.currency == price.currency,
            PriceClaim::None => continue,
        };
        match (names, claim.reader) {
            (true, _) => named_by = named_by.or(Some(claim)),
            (false, Reader::OpenGraph | Reader::EmbeddedState) => {}
            (false, _) => return None,
        }
    }
    let named_by = named_by.filter(|claim| claim.reader != Reader::OpenGraph || claim.price == PriceClaim::One(price))?;
    let is_plain = sight(price) == Seen::Plain;
    let confidence = shown.confidence.saturating_add(AGREEMENT);
    is_plain.then_some(Decision::Price { price, reader: named_by.reader, confidence })
}

/// Holds a price that no platform reader saw against what the page shows.
fn hold_against(sight: See<'_>, votes: usize, decision: Decision) -> Decision {
    let Decision::Price { price, reader, confidence } = decision else { return decision };
    if reader == Reader::Platform {
        return decision;
    }
    match sight(price) {
        Seen::Plain => Decision::Price { price, reader, confidence: confidence.saturating_add(5).min(99) },
        Seen::StruckOnly | Seen::Contradicted => Decision::Conflict,
        // One reader against all that is shown: stale data beside a carousel look just so.
        Seen::OthersOnly if votes < 2 => Decision::Conflict,
        Seen::OthersOnly => Decision::Price { price, reader, confidence: confidence.saturating_sub(10) },
        // A price in the head that the page does not show is as often another variant's, or one without tax.
        Seen::NoPrices if reader == Reader::EmbeddedState => Decision::Nothing,
        Seen::NoPrices if reader == Reader::OpenGraph => Decision::Nothing,
        Seen::NoPrices => Decision::Price { price, reader, confidence },
    }
}

/// Known states that agree, or none. A reader that says nothing does not disagree. A platform's reader saw the stock line or the
/// banner over this very listing, so its word stands over the structured data's.
fn merge_availability(claims: &[Claim]) -> Availability {
    let known: Vec<&Claim> = claims.iter().filter(|claim| claim.availability != Availability::Unknown).collect();
    let Some(first) = known.first() else { return Availability::Unknown };
    let disagrees = known.iter().any(|claim| claim.availability.is_buyable() != first.availability.is_buyable());
    if disagrees && first.reader != Reader::Platform { Availability::Unknown } else { first.availability }
}

fn list_price(claims: &[Claim], price: Money) -> Option<Money> {
    claims.iter().filter_map(|claim| claim.list_price).find(|list| *list > price)
}

/// Each fact from the best reader that has it.
fn merge_facts(claims: &[Claim]) -> ProductFacts {
    let mut merged = ProductFacts::default();
    for claim in claims {
        let facts = claim.facts.clone();
        merged.name = merged.name.or(facts.name);
        merged.image_url = merged.image_url.or(facts.image_url);
        merged.brand = merged.brand.or(facts.brand);
        merged.gtin = merged.gtin.or(facts.gtin);
        merged.mpn = merged.mpn.or(facts.mpn);
        merged.seller = merged.seller.or(facts.seller);
        merged.condition = merged.condition.or(facts.condition);
    }
    merged
}

/// Every candidate with what became of it.
fn judged_evidence(claims: &[Claim], price: Option<Money>, availability: Availability, facts: &ProductFacts) -> Vec<Evidence> {
    let price = price.map(|price| price.to_string());
    let mut chosen = [false; 3];
    let mut all = Vec::new();
    for claim in claims {
        let votes = matches!(claim.price, PriceClaim::One(_));
        for evidence in &claim.evidence {
            let mut evidence = evidence.clone();
            let (slot, taken) = match evidence.field {
                Field::Price => (0, price.as_deref()),
                Field::Availability => (1, Some(availability.as_str())),
                Field::Name => (2, facts.name.as_deref()),
                Field::ListPrice | Field::Page => {
                    all.push(evidence);
                    continue;
                }
            };
            evidence.verdict = if taken == Some(evidence.value.as_str()) {
                let verdict = if chosen[slot] { Verdict::Agrees } else { Verdict::Chosen };
                chosen[slot] = true;
                verdict
            } else if evidence.field == Field::Name || (evidence.field == Field::Price && price.is_some() && votes) {
                // Left out by its own reader: another variant, seller or kind of price.
                Verdict::Ignored
            } else {
                Verdict::Conflicts
            };
            all.push(evidence);
        }
    }
    all
}
