//! Open Graph and product meta tags.

use domain::offer::{Field, ProductFacts};
use domain::{Availability, Currency, Money, Reader};

use crate::availability::read_schema_word;
use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::outline::Outline;
use crate::price_text::read_machine;
use crate::text::{collapse, unescape_html};

/// Alone it is a plain reading; where a page shows a range, it often holds the cheapest variant's price.
const CONFIDENCE: u8 = 65;

/// Prices to pay: the tag and its companions for the currency. A sale price stands before a regular one.
const PRICES: &[(&str, &[&str])] = &[
    ("product:sale_price:amount", &["product:sale_price:currency", "product:price:currency", "og:price:currency"]),
    ("product:price:amount", &["product:price:currency", "og:price:currency"]),
    ("og:price:amount", &["og:price:currency", "product:price:currency"]),
    ("product:price", &["product:price:currency", "og:price:currency"]),
];

const LIST_PRICES: &[&str] = &["product:original_price:amount", "og:price:standard_amount"];

pub(crate) fn read(outline: &Outline, context: &Context) -> Option<Claim> {
    let mut claim = Claim::new(Reader::OpenGraph, CONFIDENCE);
    for (tag, companions) in PRICES {
        let companion = companions.iter().find_map(|companion| currency(outline, companion));
        let prices = read_prices(&mut claim, outline, context, tag, companion);
        if prices.is_empty() {
            continue;
        }
        claim.price = match (&claim.price, prices.as_slice()) {
            (PriceClaim::None, [one]) => PriceClaim::One(*one),
            (PriceClaim::None, several) => PriceClaim::Several(several.to_vec()),
            // A sale price was read: the other tags hold the regular one, or the same.
            (PriceClaim::One(sale), [regular]) if regular > sale && tag.starts_with("product:price") => {
                claim.list_price = Some(*regular);
                continue;
            }
            (PriceClaim::One(first), [again]) if again == first => continue,
            (PriceClaim::One(first), others) => {
                PriceClaim::Several(std::iter::once(*first).chain(others.iter().copied()).collect())
            }
            (other, _) => other.clone(),
        };
    }
    let list = LIST_PRICES.iter().find_map(|tag| {
        let currency = companions_of(&claim.price);
        let raw = outline.meta(tag)?;
        read_machine(raw, currency, currency, &context.hints(currency))
    });
    if let (Some(list), PriceClaim::One(price)) = (list, &claim.price)
        && list > *price
    {
        claim.list_price = Some(list);
    }
    if let Some(list) = claim.list_price {
        claim.note(Field::ListPrice, "product:original_price:amount", "", list.to_string());
    }
    claim.availability = read_availability(&mut claim, outline);
    claim.facts = facts(outline, context);
    if let Some(name) = claim.facts.name.clone() {
        claim.note(Field::Name, "og:title", &name, name.clone());
    }
    (claim.says_anything() || claim.facts != ProductFacts::default()).then_some(claim)
}

fn read_prices(claim: &mut Claim, outline: &Outline, context: &Context, tag: &str, companion: Option<Currency>) -> Vec<Money> {
    let mut prices = Vec::new();
    let raws: Vec<String> = outline.metas(tag).take(50).map(str::to_owned).collect();
    for raw in raws {
        let price = read_machine(&raw, companion.or_else(|| context.bare_currency()), companion, &context.hints(companion));
        if let Some(price) = price {
            claim.note(Field::Price, tag, &raw, price.to_string());
            if !prices.contains(&price) {
                prices.push(price);
            }
        }
    }
    prices
}

fn companions_of(price: &PriceClaim) -> Option<Currency> {
    match price {
        PriceClaim::One(price) => Some(price.currency),
        PriceClaim::None | PriceClaim::Range(..) | PriceClaim::Several(_) => None,
    }
}

/// The tag's currency, if all its repetitions name the same.
fn currency(outline: &Outline, tag: &str) -> Option<Currency> {
    let mut codes = outline.metas(tag).take(50);
    let first = codes.next()?;
    codes.all(|code| code == first).then(|| Currency::from_code(first)).flatten()
}

fn read_availability(claim: &mut Claim, outline: &Outline) -> Availability {
    for tag in ["product:availability", "og:availability"] {
        if let Some(raw) = outline.meta(tag) {
            let availability = read_schema_word(raw);
            claim.note(Field::Availability, tag, raw, availability.as_str());
            if availability != Availability::Unknown {
                return availability;
            }
        }
    }
    Availability::Unknown
}

fn facts(outline: &Outline, context: &Context) -> ProductFacts {
    let text =
        |tag: &str, max: usize| outline.meta(tag).map(|text| collapse(&unescape_html(text), max)).filter(|text| !text.is_empty());
    ProductFacts {
        name: text("og:title", 500),
        image_url: ["og:image:secure_url", "og:image", "og:image:url"]
            .iter()
            .find_map(|tag| context.absolute(outline.meta(tag)?)),
        brand: text("product:brand", 200).or_else(|| text("og:brand", 200)),
        condition: text("product:condition", 30).filter(|word| matches!(word.as_str(), "new" | "used" | "refurbished")),
        ..ProductFacts::default()
    }
}
