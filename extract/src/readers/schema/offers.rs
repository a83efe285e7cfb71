//! Offers of a product: the price to pay, apart from struck, unit, member and instalment prices.

use domain::{Availability, Currency, Money};
use serde_json::Value;
use url::Url;

use super::facts::{condition, read_gtin};
use super::node::{Graph, Object, get, is_type, list, text};
use crate::availability::read_schema_word;
use crate::context::Context;
use crate::price_text::{ParsedPrice, parse_price, read_machine};
use crate::text::squash;

/// Offers beyond this many are not looked at.
const MAX_OFFERS: usize = 500;

/// What one offer says.
#[derive(Clone, Debug, Default)]
pub(super) struct OfferRead {
    /// Every distinct price to pay that the offer names; more than one is a contradiction.
    pub prices: Vec<Money>,
    /// The first of `prices`, for evidence.
    pub price: Option<Money>,
    pub range: Option<(Money, Money)>,
    pub list_price: Option<Money>,
    pub availability: Availability,
    pub raw_availability: String,
    pub condition: Option<&'static str>,
    pub seller: Option<String>,
    pub gtin: Option<String>,
    pub place: String,
    pub raw: String,
    url: Option<Url>,
    ids: Vec<String>,
}

impl OfferRead {
    pub(super) fn currency(&self) -> Option<Currency> {
        self.price.or(self.range.map(|(low, _)| low)).map(|price| price.currency)
    }

    /// Whether the offer's own link names another variant than the page's URL does.
    pub(super) fn is_of_another_variant(&self, context: &Context) -> bool {
        let Some(link) = &self.url else { return false };
        let chooses = |name: &str| {
            let name = name.to_ascii_lowercase();
            VARIANT_NAMES
                .iter()
                .any(|known| name == *known || name.strip_suffix("id").is_some_and(|name| name.trim_end_matches('_') == *known))
                || name.split('_').next_back().is_some_and(|last| name.contains('_') && VARIANT_NAMES.contains(&last))
        };
        let urls: Vec<&Url> = context.pinned_url.iter().chain(context.url.iter()).collect();
        link.query_pairs().filter(|(name, _)| chooses(name)).any(|(name, value)| {
            urls.iter().any(|page| page.query_pairs().any(|(known, wanted)| known == name && wanted != value))
        })
    }

    /// Whether the page's URL, or the tracked one's, names this offer's variant: by the offer's own query, or by its id.
    pub(super) fn is_named_by(&self, context: &Context) -> bool {
        let urls = context.pinned_url.iter().chain(context.url.iter());
        urls.into_iter().any(|page| {
            let by_query = self.url.as_ref().is_some_and(|url| {
                let pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
                let in_page = |pair: &(String, String)| page.query_pairs().any(|(name, value)| name == pair.0 && value == pair.1);
                !pairs.is_empty() && pairs.iter().all(in_page)
            });
            by_query || page.query_pairs().any(|(_, value)| self.ids.contains(&squash(&value)))
        })
    }
}

/// Parameters that choose a variant, as whole names or as a part of one (`dwvar_123_color`).
const VARIANT_NAMES: &[&str] = &["variant", "sku", "color", "colour", "size", "var", "style", "model", "option", "variation"];

/// All offers of a product, aggregates taken apart.
pub(super) fn of_product<'a>(product: &'a Object, graph: &Graph<'a>, context: &Context) -> Vec<OfferRead> {
    let mut found = Vec::new();
    for offer in graph.objects(product, "offers").into_iter().take(MAX_OFFERS) {
        let inner = graph.objects(offer, "offers");
        if inner.is_empty() {
            found.push(read(offer, "offers", None, graph, context));
        } else {
            let currency = currency(offer);
            found.extend(inner.into_iter().take(MAX_OFFERS).map(|inner| read(inner, "offers.offers", currency, graph, context)));
        }
    }
    found.retain(|offer| !offer.place.is_empty());
    found
}

fn read<'a>(offer: &'a Object, place: &str, outer_currency: Option<Currency>, graph: &Graph<'a>, context: &Context) -> OfferRead {
    let mut read = OfferRead { place: place.to_owned(), ..OfferRead::default() };
    if is_rented(offer) {
        // A lease or a subscription is another kind of price.
        read.place.clear();
        return read;
    }
    let own = currency(offer).or(outer_currency);
    let specifications = graph.objects(offer, "priceSpecification");
    let currency_here = own.or_else(|| specifications.iter().find_map(|specification| currency(specification)));
    for value in list(offer, "price") {
        read.raw = shown(value);
        push(&mut read.prices, money(value, currency_here, context));
    }
    for specification in specifications.into_iter().take(50) {
        read_specification(&mut read, specification, currency_here, context);
    }
    let ends = [("lowPrice", "highPrice"), ("minPrice", "maxPrice")].into_iter().find_map(|(low, high)| {
        let low = get(offer, low).and_then(|value| money(value, currency_here, context));
        let high = get(offer, high).and_then(|value| money(value, currency_here, context));
        low.map(|low| (low, high))
    });
    if let Some((low, high)) = ends {
        read.raw = if read.raw.is_empty() { format!("{low}") } else { read.raw };
        // Without a high end the low one is a "from", unless there is but one offer.
        let single = text(offer, "offerCount").is_some_and(|count| count == "1");
        match high {
            Some(high) => read.range = Some((low, high)),
            None if single || !is_type(offer, &["aggregateoffer"]) => push(&mut read.prices, Some(low)),
            None if read.prices.is_empty() => read.range = Some((low, Money::new(i64::MAX, low.currency))),
            None => {}
        }
    }
    read.price = read.prices.first().copied();
    read.list_price = read.list_price.filter(|list| read.price.is_some_and(|price| *list > price));
    if let Some(word) = text(offer, "availability") {
        read.availability = read_schema_word(&word);
        read.raw_availability = word;
    }
    read.condition = text(offer, "itemCondition").as_deref().and_then(condition);
    read.seller = text(offer, "seller").filter(|seller| !seller.starts_with("http") && !seller.starts_with('#'));
    read.gtin =
        ["gtin13", "gtin", "gtin12", "gtin14", "gtin8"].iter().find_map(|key| text(offer, key)).and_then(|text| read_gtin(&text));
    read.url = text(offer, "url").and_then(|link| Url::parse(&context.absolute(&link)?).ok());
    read.ids = ["sku", "productID", "mpn", "gtin", "gtin13", "@id", "identifier"]
        .iter()
        .filter_map(|key| text(offer, key))
        .map(|id| squash(&id))
        .filter(|id| id.len() >= 3)
        .collect();
    read
}

fn push(prices: &mut Vec<Money>, price: Option<Money>) {
    if let Some(price) = price.filter(|price| !prices.contains(price)) {
        prices.push(price);
    }
}

/// A price specification by its qualifiers. What is neither the price to pay nor the struck one is left out.
fn read_specification(read: &mut OfferRead, specification: &Object, currency_here: Option<Currency>, context: &Context) {
    let currency_here = currency(specification).or(currency_here);
    let amount = |key: &str| get(specification, key).and_then(|value| money(value, currency_here, context));
    let kind = text(specification, "priceType")
        .map(|kind| squash(kind.rsplit(['/', '#']).next().unwrap_or_default()))
        .unwrap_or_default();
    if ["listprice", "srp", "msrp", "strikethroughprice", "strikethrough", "regularprice", "minimumadvertisedprice"]
        .contains(&kind.as_str())
    {
        read.list_price = read.list_price.or(amount("price"));
        return;
    }
    let has = |key: &str| get(specification, key).is_some_and(|value| !value.is_null());
    let is_unit = has("referenceQuantity") || kind == "unitprice";
    let is_member = has("validForMemberTier") || has("eligibleTransactionVolume");
    let is_part = has("billingIncrement") || has("billingDuration") || has("priceComponentType") || has("numberOfPayments");
    let is_bulk = get(specification, "eligibleQuantity").is_some_and(|quantity| match quantity {
        Value::Object(quantity) => {
            ["minValue", "value"].iter().find_map(|key| text(quantity, key)).is_some_and(|least| least != "1")
        }
        _ => false,
    });
    let is_other = is_type(specification, &["deliverychargespecification", "paymentchargespecification"]);
    if is_unit || is_member || is_part || is_bulk || is_other {
        return;
    }
    // The offer's own price is the price to pay; a specification without a qualifier only speaks where it has none.
    if read.prices.is_empty() {
        read.raw = get(specification, "price").map(shown).unwrap_or_default();
        push(&mut read.prices, amount("price"));
        if let (Some(low), Some(high)) = (amount("minPrice"), amount("maxPrice")) {
            read.range = Some((low, high));
        }
    }
}

fn is_rented(offer: &Object) -> bool {
    text(offer, "businessFunction").is_some_and(|function| function.to_ascii_lowercase().contains("lease"))
}

fn currency(object: &Object) -> Option<Currency> {
    let word = text(object, "priceCurrency").or_else(|| text(object, "currency"))?;
    Currency::from_code(&word).or_else(|| match parse_price(&format!("1 {word}"), &Default::default()) {
        ParsedPrice::One(amount) => amount.currency,
        _ => None,
    })
}

fn money(value: &Value, currency: Option<Currency>, context: &Context) -> Option<Money> {
    let text = match value {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        // `{"@value": "5"}`.
        Value::Object(object) => text(object, "@value")?,
        _ => return None,
    };
    read_machine(&text, currency.or_else(|| context.bare_currency()), currency, &context.hints(currency))
}

fn shown(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
