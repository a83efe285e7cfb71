//! Adding a product: what a link shows, before it is tracked.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::evidence::EvidenceView;
use super::product::ChipView;
use super::text::{PriceText, StateText};

#[cfg(feature = "ssr")]
use super::show::{self, Show};
#[cfg(feature = "ssr")]
use super::{evidence, product, text::Tone};
#[cfg(feature = "ssr")]
use crate::context;

/// What a link shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreviewView {
    /// The product's id.
    pub product_id: String,
    /// The canonical link: what is tracked.
    pub url: String,
    /// The shop.
    pub shop: String,
    /// The product's name, or its URL while it has none.
    pub name: String,
    /// The price.
    pub price: Option<PriceText>,
    /// The struck price.
    pub list_price: Option<PriceText>,
    /// The stock state in words; empty if unknown.
    pub availability: String,
    /// What stands in the way, if anything.
    pub trouble: Option<StateText>,
    /// Whether tracking it makes sense: not if the address may never be opened, or holds no product.
    pub can_track: bool,
    /// A target to begin with, as it is typed: 10 % below the price.
    pub target: String,
    /// Ready-made targets.
    pub chips: Vec<ChipView>,
    /// Why this price.
    pub evidence: EvidenceView,
    /// `tracked since 3 Sep`, if the viewer tracks it.
    pub tracked: Option<String>,
    /// The account's address.
    pub email: String,
    /// Whether mails go out; otherwise they are written into the outbox folder.
    pub sends_mail: bool,
}

/// Reads the page of a link without storing anything. What was shared may hold more than the link: the first one counts.
#[server]
pub async fn preview(
    /// What was pasted or shared.
    text: String,
) -> Result<PreviewView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let found = actions::preview(&plummet, &viewer, first_link(&text), None).await;
    let found = found.map_err(|error| context::fail(error).with_typed(&[("product_url", &text)]))?;
    let known = actions::find_product(&plummet, &viewer, found.product.product_id()).await.ok();
    let mut view = preview_view(&found, &context::show());
    let tracked = known.and_then(|known| known.tracked);
    view.tracked = tracked.map(|tracked| format!("Tracked since {}.", context::show().day(tracked.tracking.created_at)));
    view.email = viewer.user.email;
    view.sends_mail = plummet.instance.sends_mail;
    Ok(view)
}

/// What a text that is no link may stand for: label and link each.
#[server]
pub async fn suggest(
    /// What was pasted.
    text: String,
) -> Result<Vec<(String, String)>, ApiError> {
    let plummet = context::plummet();
    context::viewer(&plummet).await?;
    Ok(suggestions(text.trim()))
}

/// Shops whose ids look like the text, then the search for it. Several links are brought in together.
#[cfg(feature = "ssr")]
fn suggestions(text: &str) -> Vec<(String, String)> {
    const ASIN: [&str; 6] = ["amazon.com", "amazon.de", "amazon.co.uk", "amazon.fr", "amazon.it", "amazon.es"];
    const NUMBERS: [&str; 2] = ["ebay", "walmart"];
    let is_word = (5..=14).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let is_number = is_word && text.bytes().all(|byte| byte.is_ascii_digit());
    let is_asin = is_word && text.len() == 10 && text.bytes().any(|byte| byte.is_ascii_digit());
    let shops = ASIN.iter().filter(|_| is_asin).chain(NUMBERS.iter().filter(|_| is_number));
    let link = |shop: &&str| {
        let url = domain::ProductUrl::from_platform_id(shop, text)?.url;
        Some(((*shop).to_owned(), format!("/add?url={}", super::text::query_value(&url))))
    };
    let mut all: Vec<_> = shops.filter_map(link).collect();
    let words: String = text.chars().take(100).collect();
    if !words.is_empty() && !words.contains("://") {
        let label = context::fill("Search for “{words}”", &[("words", &words)]);
        all.push((label, format!("/search?q={}", super::text::query_value(&words))));
    }
    all
}

/// Share sheets put a sentence around the link.
#[cfg(feature = "ssr")]
fn first_link(text: &str) -> &str {
    let is_link = |word: &&str| word.starts_with("https://") || word.starts_with("http://");
    text.split_whitespace().find(is_link).unwrap_or(text.trim())
}

#[cfg(feature = "ssr")]
fn preview_view(found: &jobs::Preview, show: &Show) -> PreviewView {
    let reading = &found.reading;
    let (offer, facts) = match reading {
        domain::Reading::Offer(offer) => (Some(offer), Some(&offer.facts)),
        domain::Reading::OutOfStock { facts, .. } => (None, Some(facts)),
        domain::Reading::Failed { .. } => (None, None),
    };
    let (availability, candidates) = match reading {
        domain::Reading::Offer(offer) => (offer.availability, &offer.evidence),
        domain::Reading::OutOfStock { availability, evidence, .. } => (*availability, evidence),
        domain::Reading::Failed { evidence, .. } => (domain::Availability::Unknown, evidence),
    };
    let name = facts.and_then(|facts| facts.name.clone());
    let price = offer.map(|offer| offer.price);
    let at = Some(show.time(found.started_at));
    PreviewView {
        product_id: found.product.product_id().to_string(),
        url: found.product.url.clone(),
        shop: found.product.host.clone(),
        name: name.unwrap_or_else(|| found.product.url.clone()),
        price: price.map(|price| show.price(price)),
        list_price: offer.and_then(|offer| offer.list_price).map(|price| show.price(price)),
        availability: show::availability(availability).into(),
        trouble: trouble(reading, &found.product.host),
        can_track: can_track(reading),
        target: product::chips(price, None, show).pop().map(|chip| chip.value).unwrap_or_default(),
        chips: product::chips(price, None, show),
        evidence: EvidenceView { at, outcome: String::new(), rows: evidence::evidence_rows(candidates) },
        tracked: None,
        email: String::new(),
        sends_mail: false,
    }
}

#[cfg(feature = "ssr")]
fn can_track(reading: &domain::Reading) -> bool {
    use domain::check::FailureKind;
    match reading {
        domain::Reading::Offer(_) | domain::Reading::OutOfStock { .. } => true,
        domain::Reading::Failed { kind, .. } => {
            !matches!(kind, FailureKind::Gone | FailureKind::Moved | FailureKind::NotAllowed | FailureKind::Refused)
        }
    }
}

/// Why there is no price to be tracked from now on, and what happens if it is tracked anyway.
#[cfg(feature = "ssr")]
fn trouble(reading: &domain::Reading, shop: &str) -> Option<StateText> {
    use domain::check::FailureKind;
    let (kind, detail) = match reading {
        domain::Reading::Offer(_) => return None,
        domain::Reading::OutOfStock { .. } => {
            let text = "There is no price while it cannot be bought. Track it, and the first price comes when it is back.";
            return Some(trouble_of("box", "Out of stock", text.into(), Tone::Neutral));
        }
        domain::Reading::Failed { kind, detail, .. } => (*kind, detail),
    };
    let detail = if detail.is_empty() { String::new() } else { super::error::sentence(detail) };
    let later = "Track it anyway; the first price comes when the shop answers.";
    let (icon, label, text) = match kind {
        FailureKind::Blocked => (
            "shield",
            "Shop blocks us",
            format!("{shop} blocks us right now. Track it anyway; the first price comes when it lets us in."),
        ),
        FailureKind::RateLimited => ("shield", "Shop asks us to wait", format!("{shop} wants fewer requests. {later}")),
        FailureKind::Unreachable | FailureKind::Timeout => ("zap", "Shop does not answer", format!("{detail} {later}")),
        FailureKind::Gone => ("x", "No such product", format!("{shop} says that there is no such product. Check the link.")),
        FailureKind::Ambiguous => ("list", "Several prices", format!("{detail} We will not guess which is yours.")),
        FailureKind::Moved => {
            ("corner-up-right", "Leads elsewhere", format!("{detail} Open the product and paste its own link."))
        }
        FailureKind::NotAllowed => {
            ("ban", "Shop forbids checks", "The shop's robots.txt excludes this page, and we obey.".into())
        }
        FailureKind::Refused => ("ban", "Address not allowed", detail),
        FailureKind::WrongRegion => ("globe", "Other currency", detail),
        FailureKind::NoPrice | FailureKind::Empty | FailureKind::Unreadable => {
            let open = "If this is a category page, open one product and paste that link.";
            ("help", "No price found", format!("The page shows no price that we are sure of. {detail} {open}"))
        }
    };
    Some(trouble_of(icon, label, text, Tone::Warning))
}

#[cfg(feature = "ssr")]
fn trouble_of(icon: &str, label: &str, sentence: String, tone: Tone) -> StateText {
    let sentence = sentence.split_whitespace().collect::<Vec<_>>().join(" ");
    StateText { icon: icon.into(), tone, label: label.into(), sentence }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_is_no_link_may_be_an_id_or_words() {
        let labels = |text| suggestions(text).into_iter().map(|(label, _)| label).collect::<Vec<_>>();
        assert_eq!(labels("B08N5WRWNW")[..2], ["amazon.com", "amazon.de"]);
        assert_eq!(labels("123456789012")[0], "ebay");
        assert_eq!(labels("blue chair"), ["Search for “blue chair”"]);
        assert_eq!(suggestions("B08N5WRWNW")[1].1, "/add?url=https://www.amazon.de/dp/B08N5WRWNW");
    }

    #[test]
    fn the_link_is_found_in_what_was_shared() {
        assert_eq!(first_link("Look at this: https://shop.example/p/1 via Shop"), "https://shop.example/p/1");
        assert_eq!(first_link("  shop.example/p/1 "), "shop.example/p/1");
    }
}
