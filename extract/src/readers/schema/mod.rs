//! schema.org products, from whatever syntax they were read: the page's main product, the variant that the URL names, its offer.

mod facts;
mod names;
mod node;
mod offers;
mod select;

use domain::offer::Field;
use domain::{Availability, Money, Reader};
use serde_json::Value;

use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::outline::Outline;
use node::Graph;
use offers::OfferRead;

/// What the page's schema.org data say about its main product.
pub(crate) fn read(values: &[Value], reader: Reader, confidence: u8, outline: &Outline, context: &Context) -> Option<Claim> {
    let graph = Graph::new(values);
    let products = graph.products();
    let mut claim = Claim::new(reader, confidence);
    let (main, variants) = match select::main_product(&products, &graph, outline, context) {
        select::Main::Sure(main) => (main, select::variants(main, &graph)),
        select::Main::Variants(variants) => (variants[0], variants),
        select::Main::Unsure => {
            // Several products, and nothing says which is the page's: their prices are evidence, no vote.
            let offers: Vec<OfferRead> =
                products.iter().take(20).flat_map(|product| offers::of_product(product, &graph, context)).collect();
            note_offers(&mut claim, &offers);
            return Some(claim);
        }
        select::Main::Nothing => return None,
    };
    claim.facts = facts::of_product(main, &graph, context);
    if let Some(name) = claim.facts.name.clone() {
        claim.note(Field::Name, "name", &name, name.clone());
    }
    let offers: Vec<OfferRead> = if variants.is_empty() {
        offers::of_product(main, &graph, context)
    } else {
        match names::named(&variants, &graph, context) {
            Some(variant) => {
                let facts = facts::of_product(variant, &graph, context);
                claim.facts = facts::merge(facts, claim.facts);
                offers::of_product(variant, &graph, context)
            }
            None => variants.iter().flat_map(|variant| offers::of_product(variant, &graph, context)).collect(),
        }
    };
    note_offers(&mut claim, &offers);
    settle(&mut claim, select::offers_that_count(offers, context));
    Some(claim)
}

fn note_offers(claim: &mut Claim, offers: &[OfferRead]) {
    for offer in offers {
        if let Some(price) = offer.price {
            claim.note(Field::Price, offer.place.clone(), &offer.raw, price.to_string());
        }
        if let Some((low, high)) = offer.range {
            claim.note(Field::Price, format!("{}.lowPrice", offer.place), &offer.raw, format!("{low} – {high}"));
        }
        if let Some(list) = offer.list_price {
            claim.note(Field::ListPrice, offer.place.clone(), &offer.raw, list.to_string());
        }
        if offer.availability != Availability::Unknown {
            claim.note(Field::Availability, offer.place.clone(), &offer.raw_availability, offer.availability.as_str());
        }
    }
}

/// What the offers that count say together.
fn settle(claim: &mut Claim, offers: Vec<OfferRead>) {
    claim.availability = common_availability(&offers);
    if let [only] = offers.as_slice() {
        claim.list_price = only.list_price;
        claim.facts.seller = only.seller.clone().or(claim.facts.seller.take());
        claim.facts.condition = only.condition.map(str::to_owned).or(claim.facts.condition.take());
        claim.facts.gtin = claim.facts.gtin.take().or(only.gtin.clone());
    }
    // An offer that cannot be bought sets no price while others can (a sold-out size keeps its old price).
    let buyable: Vec<&OfferRead> = offers.iter().filter(|offer| offer.availability.is_buyable() != Some(false)).collect();
    let counting = if buyable.is_empty() { offers.iter().collect() } else { buyable };
    let mut prices: Vec<Money> = Vec::new();
    for offer in &counting {
        for price in &offer.prices {
            if !prices.contains(price) {
                prices.push(*price);
            }
        }
    }
    let range = counting.iter().find_map(|offer| offer.range);
    claim.price = match (prices.as_slice(), range) {
        ([], None) => PriceClaim::None,
        ([], Some((low, high))) if low == high => PriceClaim::One(low),
        ([], Some((low, high))) => PriceClaim::Range(low, high),
        ([one], None) => PriceClaim::One(*one),
        ([one], Some((low, high))) if low == high && low == *one => PriceClaim::One(*one),
        ([_], Some((low, high))) => PriceClaim::Range(low, high),
        (several, _) => PriceClaim::Several(several.to_vec()),
    };
}

/// One stock state for all, or none: variants and sellers that disagree say nothing about the tracked one.
fn common_availability(offers: &[OfferRead]) -> Availability {
    let mut states = offers.iter().map(|offer| offer.availability);
    let Some(first) = states.next() else { return Availability::Unknown };
    let mut common = first;
    for state in states {
        if state == common {
            continue;
        }
        if state.is_buyable() != common.is_buyable() {
            return Availability::Unknown;
        }
        common = if common.is_buyable() == Some(true) { Availability::InStock } else { Availability::OutOfStock };
    }
    common
}
