//! Amazon's product pages: the main buy box, and nothing else of a page full of other products' prices.

use domain::offer::Field;
use domain::{Availability, Money, Reader};

use crate::availability::read_phrase;
use crate::candidate::{Claim, PriceClaim};
use crate::context::Context;
use crate::document::Document;
use crate::markup::{Element, Name};
use crate::price_text::{ParsedPrice, parse_price, plausible};
use crate::text::collapse;
use crate::visible::{is_inside, visible_text};

const CONFIDENCE: u8 = 90;

/// A price and the text it was read from.
type Priced = (Money, String);

/// Containers of the price to pay, the most telling first. The first that holds a price decides: later ones repeat it, or hold
/// another offer's.
const CONTAINERS: &[&str] = &[
    "corePriceDisplay_desktop_feature_div",
    "corePriceDisplay_mobile_feature_div",
    "corePrice_feature_div",
    "corePrice_desktop",
    "apex_desktop",
    "apex_mobile",
    "priceblock_dealprice",
    "priceblock_saleprice",
    "priceblock_ourprice",
    "price_inside_buybox",
    "newBuyBoxPrice",
    "tp_price_block_total_price_ww",
    "kindle-price",
    "buyNewSection",
    "newAccordionRow_0",
    "qualifiedBuybox",
    "buybox",
    "miniATF_price",
];

/// What stands on the page only where the first price is for members.
const MEMBERS_ONLY: &[&str] = &["primeExclusivePricingMessage", "primeSavingsUpsellAccordionRow"];

/// Containers of the price for everybody beside a members' price.
const FOR_EVERYBODY: &[&str] = &["newAccordionRow_0", "newAccordionRow_1"];

/// Ids of the containers without an offer of the page's own: what is priced there is somebody else's.
const NO_OFFER: &[&str] = &[
    "outOfStock",
    "unqualifiedBuyBox",
    "unqualifiedBuyBox_feature_div",
    "buybox-see-all-buying-choices",
    "outOfStockBuyBox_feature_div",
    "cannotBeDelivered",
];

pub(crate) fn read(document: &Document<'_>, context: &Context) -> Option<Claim> {
    let title =
        document.by_id("productTitle").or_else(|| document.by_id("ebooksProductTitle")).or_else(|| document.by_id("title"))?;
    let mut claim = Claim::new(Reader::Platform, CONFIDENCE);
    read_facts(&mut claim, title, document, context);
    claim.availability = read_availability(&mut claim, document);
    let offered = NO_OFFER.iter().find(|id| document.by_id(id).is_some_and(|element| !visible_text(element).is_empty()));
    if let Some(id) = offered {
        claim.note(Field::Page, format!("#{id}"), "", "no featured offer");
        return Some(claim);
    }
    if claim.availability.is_buyable() == Some(false) {
        return Some(claim);
    }
    read_price(&mut claim, document, context);
    hold_against_form(&mut claim, document, context);
    read_list_price(&mut claim, document, context);
    if claim.availability == Availability::Unknown
        && let Some(button) = ["add-to-cart-button", "buy-now-button", "submit.add-to-cart"]
            .iter()
            .find(|id| document.by_id(id).is_some_and(is_enabled))
        && claim.price != PriceClaim::None
    {
        claim.note(Field::Availability, format!("#{button}"), "", Availability::InStock.as_str());
        claim.availability = Availability::InStock;
    }
    Some(claim)
}

fn read_facts(claim: &mut Claim, title: Element<'_>, document: &Document<'_>, context: &Context) {
    let name = collapse(&visible_text(title), 500);
    if !name.is_empty() {
        claim.note(Field::Name, "#productTitle", &name, name.clone());
        claim.facts.name = Some(name);
    }
    let image = ["landingImage", "imgBlkFront", "ebooksImgBlkFront", "main-image"].iter().find_map(|id| document.by_id(id));
    claim.facts.image_url =
        image.and_then(|image| ["data-old-hires", "src"].iter().find_map(|attribute| context.absolute(&image.attr(attribute)?)));
    let byline = document.by_id("bylineInfo").map(visible_text).unwrap_or_default();
    let brand = byline
        .strip_prefix("Visit the ")
        .and_then(|rest| rest.strip_suffix(" Store"))
        .or_else(|| byline.split_once(": ").map(|(_, brand)| brand));
    claim.facts.brand = brand.map(|brand| collapse(brand, 100)).filter(|brand| !brand.is_empty());
    let seller = document.by_id("sellerProfileTriggerId").or_else(|| document.by_id("merchantInfoFeature_feature_div"));
    claim.facts.seller = seller.map(visible_text).filter(|seller| !seller.is_empty() && seller.chars().count() < 100);
}

fn read_availability(claim: &mut Claim, document: &Document<'_>) -> Availability {
    if let Some(element) = document.by_id("outOfStock").filter(|element| !visible_text(*element).is_empty()) {
        let text = visible_text(element);
        claim.note(Field::Availability, "#outOfStock", &text, Availability::OutOfStock.as_str());
        return Availability::OutOfStock;
    }
    for id in ["availability", "availabilityInsideBuyBox_feature_div", "availability_feature_div"] {
        let Some(element) = document.by_id(id) else { continue };
        let text = visible_text(element);
        let availability = read_phrase(&text);
        if availability != Availability::Unknown {
            claim.note(Field::Availability, format!("#{id}"), &text, availability.as_str());
            return availability;
        }
    }
    Availability::Unknown
}

fn read_price(claim: &mut Claim, document: &Document<'_>, context: &Context) {
    // Beside a price for members only, a visitor pays what the row for everybody says, wherever the members' is repeated.
    let is_for_members =
        MEMBERS_ONLY.iter().any(|id| document.by_id(id).is_some_and(|element| !visible_text(element).is_empty()));
    let containers = if is_for_members { FOR_EVERYBODY } else { CONTAINERS };
    for id in containers {
        let Some(container) = document.by_id(id) else { continue };
        let (prices, range) = prices_in(container, context);
        for (price, raw) in &prices {
            claim.note(Field::Price, format!("#{id}"), raw, price.to_string());
        }
        if let Some((low, high)) = range {
            claim.note(Field::Price, format!("#{id} .a-price-range"), "", format!("{low} – {high}"));
            claim.price = PriceClaim::Range(low, high);
            return;
        }
        // Within one container the price to pay stands first; struck, unit and used ones were left out.
        if let Some((price, _)) = prices.first() {
            claim.price = PriceClaim::One(*price);
            return;
        }
    }
}

/// The form that puts the product into the cart states what it costs. If that is another amount, two offers are mixed up.
fn hold_against_form(claim: &mut Claim, document: &Document<'_>, context: &Context) {
    let (PriceClaim::One(price), Some(currency)) = (&claim.price, context.host_currency) else { return };
    let price = *price;
    let inputs = document.elements().filter(|element| {
        element.name() == Name::Input
            && element.attributes_hold("customerVisiblePrice")
            && element.attr("name").is_some_and(|name| name.contains("customerVisiblePrice][amount]"))
    });
    let stated: Vec<Money> = inputs.filter_map(|input| plausible(&input.attr("value")?, currency)).collect();
    for other in &stated {
        claim.note(Field::Price, "customerVisiblePrice", &other.to_decimal(), other.to_string());
    }
    if price.currency == currency && !stated.is_empty() && !stated.contains(&price) {
        claim.price = PriceClaim::Several(std::iter::once(price).chain(stated).collect());
    }
}

/// The prices to pay in a container, in page order, with their raw text; and the range if it shows one.
fn prices_in(container: Element<'_>, context: &Context) -> (Vec<Priced>, Option<(Money, Money)>) {
    let hints = context.hints(None);
    let elements: Vec<Element<'_>> = container.with_class("a-price").collect();
    let in_range: Vec<Money> = elements
        .iter()
        .filter(|element| has_class_around(**element, "a-price-range"))
        .filter_map(|element| one(&price_text(*element), &hints))
        .collect();
    if let [low, .., high] = in_range.as_slice()
        && low < high
    {
        return (Vec::new(), Some((*low, *high)));
    }
    // What is left out by its place is not read as the container's text.
    let has_elements = !elements.is_empty();
    let mut prices = Vec::new();
    for element in elements.into_iter().filter(|element| !is_other_price(*element)).take(50) {
        let raw = price_text(element);
        if let Some(price) = one(&raw, &hints) {
            prices.push((price, raw));
        }
    }
    if prices.is_empty() && !has_elements {
        // Older pages, and small containers, are the price's text itself.
        let raw = visible_text(container);
        match parse_price(&raw, &hints) {
            ParsedPrice::One(amount) if raw.chars().count() < 40 => prices.extend(amount.money().map(|price| (price, raw))),
            ParsedPrice::Range(low, high) if raw.chars().count() < 40 => return (Vec::new(), low.money().zip(high.money())),
            _ => {
                let inner = container
                    .descendants()
                    .filter(|element| element.any_class(|class| matches!(class, "a-color-price" | "offer-price")))
                    .filter(|element| !is_other_price(*element));
                prices.extend(inner.take(5).filter_map(|element| {
                    let raw = visible_text(element);
                    one(&raw, &hints).map(|price| (price, raw))
                }));
            }
        }
    }
    (prices, None)
}

fn one(raw: &str, hints: &crate::price_text::Hints) -> Option<Money> {
    match parse_price(raw, hints) {
        ParsedPrice::One(amount) => amount.money(),
        _ => None,
    }
}

/// The screen reader's copy has the price in one piece; where it is blank, the pieces are put together.
fn price_text(price: Element<'_>) -> String {
    let copy = price.with_class("a-offscreen").next().map(visible_text).unwrap_or_default();
    if copy.bytes().any(|byte| byte.is_ascii_digit()) {
        return copy;
    }
    let piece = |class| price.with_class(class).next().map(visible_text).unwrap_or_default();
    let whole = piece("a-price-whole");
    let whole = whole.trim_end_matches(['.', ',', ' ']);
    let fraction = piece("a-price-fraction");
    let mark = if piece("a-price-decimal").contains(',') { ',' } else { '.' };
    let amount = if fraction.is_empty() { whole.to_owned() } else { format!("{whole}{mark}{fraction}") };
    format!("{} {amount}", piece("a-price-symbol"))
}

/// A struck, per-unit, used, subscription or other product's price.
fn is_other_price(element: Element<'_>) -> bool {
    const OTHER_CLASSES: &[&str] = &[
        "a-text-price",
        "basisPrice",
        "pricePerUnit",
        "a-text-strike",
        "a-carousel",
        "savingPriceOverride",
        "apex-basisprice-value",
        "best-offer-name",
        "olp-text-box",
        "aok-hidden",
        "a-hidden",
    ];
    const OTHER_IDS: &[&str] = &[
        "primeSavingsUpsellAccordionRow",
        "usedBuySection",
        "usedAccordionRow",
        "snsAccordionRowMiddle",
        "sns-base-price",
        "tradeInBuybox",
        "olp_feature_div",
        "dynamic-aod-ingress-box",
        "moreBuyingChoices_feature_div",
        "rentBuySection",
        "addOnItem_feature_div",
        "promoPriceBlockMessage_feature_div",
        "vasContainer",
        "mbb_feature_div",
    ];
    is_inside(element, 14, |element| {
        element.any_class(|class| OTHER_CLASSES.contains(&class))
            || element.attr("data-a-strike").is_some_and(|struck| struck == "true")
            || element.id().is_some_and(|id| OTHER_IDS.contains(&&*id) || id.starts_with("sns"))
    })
}

fn has_class_around(element: Element<'_>, class: &str) -> bool {
    is_inside(element, 3, |element| element.has_class(class))
}

fn read_list_price(claim: &mut Claim, document: &Document<'_>, context: &Context) {
    let PriceClaim::One(price) = claim.price else { return };
    let hints = context.hints(None);
    let containers = CONTAINERS.iter().filter_map(|id| document.by_id(id));
    let found = containers
        .flat_map(|container| container.with_class("a-offscreen"))
        .filter(|copy| {
            copy.ancestors().take(8).any(|outer| {
                outer.has_class("basisPrice")
                    || (outer.has_class("a-text-price") && outer.attr("data-a-strike").is_some_and(|struck| struck == "true"))
            })
        })
        .find_map(|element| {
            let raw = visible_text(element);
            one(&raw, &hints).map(|list| (list, raw))
        });
    if let Some((list, raw)) = found
        && list > price
    {
        claim.note(Field::ListPrice, ".basisPrice", &raw, list.to_string());
        claim.list_price = Some(list);
    }
}

fn is_enabled(button: Element<'_>) -> bool {
    !button.has_attr("disabled")
}
