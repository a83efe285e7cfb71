//! A product's page, without its chart: price, states, statistics, the viewer's wish, evidence.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::search::FoundView;
use super::text::{ChangeText, PriceText, StateText, TimeText};

#[cfg(not(feature = "ssr"))]
use super::evidence::EvidenceView;
#[cfg(feature = "ssr")]
use super::evidence::evidence_view;
#[cfg(feature = "ssr")]
use super::show::{self, Show};
#[cfg(feature = "ssr")]
use super::{evidence::EvidenceView, state};
#[cfg(feature = "ssr")]
use crate::context::{self, fill, t};

/// A product's page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductView {
    /// Its id.
    pub product_id: String,
    /// Its name, or its URL while it has none.
    pub name: String,
    /// The shop.
    pub shop: String,
    /// The shop's page.
    pub url: String,
    /// Last good price.
    pub price: Option<PriceText>,
    /// Whether that price is not in force: sold out, or not seen for long.
    pub is_held: bool,
    /// The struck price of the page.
    pub list_price: Option<PriceText>,
    /// What changed last.
    pub change: Option<ChangeText>,
    /// The stock state in words; empty if unknown.
    pub availability: String,
    /// Last good reading.
    pub seen: Option<TimeText>,
    /// Last attempt, if it was a later one.
    pub tried: Option<TimeText>,
    /// When it is checked next.
    pub next: TimeText,
    /// Every state that holds, worst first.
    pub states: Vec<StateText>,
    /// Whether the first reading is still on its way.
    pub is_pending: bool,
    /// Facts of the whole history.
    pub facts: Vec<FactView>,
    /// Where the price lies between the lowest and the highest.
    pub span: Option<SpanView>,
    /// When its history begins.
    pub since: Option<String>,
    /// The viewer's wish.
    pub tracking: Option<TrackingView>,
    /// Why this price.
    pub evidence: Option<EvidenceView>,
    /// The same thing in other shops, cheapest first.
    pub elsewhere: Vec<FoundView>,
}

/// One statistic with its day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactView {
    /// What it is.
    pub label: String,
    /// The value.
    pub value: String,
    /// When, or over what.
    pub when: String,
}

/// A price between two others.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpanView {
    /// The lowest.
    pub low: String,
    /// The highest.
    pub high: String,
    /// Where the average lies, 0 to 100.
    pub average_at: i64,
    /// Where the price of now lies, 0 to 100.
    pub now_at: i64,
    /// The same in words.
    pub sentence: String,
}

/// The viewer's wish about the product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrackingView {
    /// Its id.
    pub tracking_id: String,
    /// The target as it is typed: `99.99` or `99,99`; empty if there is none.
    pub target: String,
    /// The percentage as it is typed; empty if there is none.
    pub percent: String,
    /// The currency of the product: `EUR`; empty until the first price.
    pub currency: String,
    /// Ready-made targets.
    pub chips: Vec<ChipView>,
    /// What the rules mean now, as sentences.
    pub meaning: Vec<String>,
    /// False while paused.
    pub is_active: bool,
    /// Whether alerts go by e-mail.
    pub tells_by_email: bool,
    /// The account's address.
    pub email: String,
    /// Whether mails go out; otherwise they are written into the outbox folder.
    pub sends_mail: bool,
    /// When the person was last told.
    pub told: Option<TimeText>,
}

/// A ready-made target.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChipView {
    /// What it says: `−5% €142.49`.
    pub label: String,
    /// The target as it is typed.
    pub value: String,
}

/// A product with the viewer's wish.
#[server]
pub async fn find_product(
    /// Its id.
    id: String,
) -> Result<ProductView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let found = actions::find_product(&plummet, &viewer, product_id(&id)?).await.map_err(context::fail)?;
    let reader = context::show();
    let same = actions::same_elsewhere(&plummet, &viewer, &found.product).await.map_err(context::fail)?;
    let mut view = product_view(&found, &reader);
    view.elsewhere = same.iter().map(|product| super::search::found_view(product, &reader)).collect();
    if let Some(tracking) = &mut view.tracking {
        tracking.email = viewer.user.email;
        tracking.sends_mail = plummet.instance.sends_mail;
    }
    Ok(view)
}

/// Checks a product now and waits a little for the answer.
#[server]
pub async fn check_now(
    /// Its id.
    id: String,
) -> Result<bool, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let wait = std::time::Duration::from_secs(8);
    match actions::check_now(&plummet, &viewer, product_id(&id)?, wait).await.map_err(context::fail)? {
        jobs::CheckNow::Done(_) => {
            context::set_flash(&plummet, "checked");
            Ok(true)
        }
        jobs::CheckNow::Pending => {
            context::set_flash(&plummet, "checking");
            Ok(false)
        }
        jobs::CheckNow::NotBefore(at) => Err(context::fail(actions::ActionError::NotBefore(at))),
        jobs::CheckNow::Unknown => Err(context::fail(actions::ActionError::NotFound("product"))),
    }
}

/// A product's id from a path. One that is none names no product.
#[cfg(feature = "ssr")]
pub(crate) fn product_id(text: &str) -> Result<domain::ProductId, ApiError> {
    text.parse().map_err(|_| context::fail(actions::ActionError::NotFound("product")))
}

#[cfg(feature = "ssr")]
fn product_view(found: &actions::ProductView, show: &Show) -> ProductView {
    let product = &found.product;
    let tracking = found.tracked.as_ref().map(|tracked| &tracked.tracking);
    ProductView {
        product_id: product.id.to_string(),
        name: state::name(product),
        shop: product.host.clone(),
        url: product.url.clone(),
        price: product.price.map(|price| show.price(price)),
        is_held: state::is_held(product, show.now),
        list_price: product.list_price.map(|price| show.price(price)),
        change: show.change(product.previous_price, product.price, product.run_from),
        availability: show::availability(product.availability).into(),
        seen: product.last_ok_at.map(|at| show.time(at)),
        tried: product.last_attempt_at.filter(|at| Some(*at) != product.last_ok_at).map(|at| show.time(at)),
        next: show.time(product.next_check_at),
        states: state::all(product, tracking, show),
        is_pending: product.last_attempt_at.is_none(),
        facts: facts(found, show),
        span: span(&found.statistics, show),
        since: found.since.map(|at| show.day(at)),
        tracking: tracking.map(|tracking| tracking_view(tracking, found, show)),
        evidence: found.evidence.as_ref().map(|kept| evidence_view(kept, show)),
        elsewhere: Vec::new(),
    }
}

#[cfg(feature = "ssr")]
fn facts(found: &actions::ProductView, show: &Show) -> Vec<FactView> {
    let statistics = &found.statistics;
    let fact = |label: &str, value: String, when: String| FactView { label: label.into(), value, when };
    let at = |label: &str, at: Option<domain::history::PriceAt>| {
        at.map(|at| show.price_at(at)).map(|(price, day)| fact(label, price.text, day))
    };
    let since = found.since.map(|at| fill("since {day}", &[("day", &show.day(at))])).unwrap_or_default();
    let average = statistics.average.map(|average| fact(t("Average"), show.locale.money(average), since.clone()));
    let drops = statistics.lowest.map(|_| fact(t("Falls"), statistics.drops.to_string(), since.clone()));
    [at(t("Lowest"), statistics.lowest), average, at(t("Highest"), statistics.highest), drops].into_iter().flatten().collect()
}

#[cfg(feature = "ssr")]
fn span(statistics: &domain::Statistics, show: &Show) -> Option<SpanView> {
    let (low, high) = (statistics.lowest?.price, statistics.highest?.price);
    let (average, now) = (statistics.average?, statistics.current?.price);
    let width = high.minor - low.minor;
    if width <= 0 {
        return None;
    }
    let place = |price: domain::Money| ((price.minor - low.minor) * 100 / width).clamp(0, 100);
    let sentence = match now.checked_sub(average)?.minor {
        _ if now == low => t("The lowest price seen.").into(),
        _ if now == high => t("The highest price seen.").into(),
        less if less < 0 => {
            fill("{share} below the average.", &[("share", &show.locale.percent(now.basis_points_below(average)?))])
        }
        0 => t("Exactly the average.").into(),
        _ => fill("{share} above the average.", &[("share", &show.locale.percent(now.basis_points_below(average)?))]),
    };
    let (low_text, high_text) = (show.locale.money(low), show.locale.money(high));
    Some(SpanView { low: low_text, high: high_text, average_at: place(average), now_at: place(now), sentence })
}

#[cfg(feature = "ssr")]
fn tracking_view(tracking: &domain::Tracking, found: &actions::ProductView, show: &Show) -> TrackingView {
    let product = &found.product;
    let rules = &tracking.rules;
    let typed = |text: &str| text.replace('.', &show.locale.decimal_separator().to_string());
    let target = rules.target.as_ref().and_then(|target| target.money());
    let mut meaning = Vec::new();
    if let Some((target, price)) = target.zip(product.price) {
        meaning.push(match price.checked_sub(target) {
            Some(rest) if rest.minor > 0 => fill("{amount} below the price of now.", &[("amount", &show.locale.money(rest))]),
            Some(_) => t("The price meets this now.").into(),
            None => t("The product's price is in another currency than the target.").into(),
        });
    }
    if let Some((drop, reference)) = rules.drop.zip(tracking.reference) {
        let from = show.locale.money(reference);
        let to = show.locale.money(reference.less_basis_points(drop.get()));
        let values: [(&str, &dyn std::fmt::Display); 2] = [("to", &to), ("from", &from)];
        meaning.push(fill("A fall of that size at once, or to {to} from the {from} when you began or were last told.", &values));
    }
    let percent = rules.drop.map(|drop| typed(&format!("{}", drop.percent()))).unwrap_or_default();
    TrackingView {
        tracking_id: tracking.id.to_string(),
        target: rules.target.as_ref().map(|target| typed(target.amount())).unwrap_or_default(),
        percent,
        currency: product.price.map(|price| price.currency.code().to_owned()).unwrap_or_default(),
        chips: chips(product.price, found.statistics.lowest.map(|low| low.price), show),
        meaning,
        is_active: tracking.active,
        tells_by_email: tracking.channels.contains(&domain::Channel::Email),
        email: String::new(),
        sends_mail: false,
        told: tracking.told_at.map(|at| show.time(at)),
    }
}

/// Ready-made targets below a price: 5 % and 10 % less, and the lowest price seen, if it is lower than now.
#[cfg(feature = "ssr")]
pub(crate) fn chips(price: Option<domain::Money>, lowest: Option<domain::Money>, show: &Show) -> Vec<ChipView> {
    let Some(price) = price else { return Vec::new() };
    let chip = |words: &str, money: domain::Money| ChipView {
        label: format!("{words} {}", show.locale.money(money)),
        value: money.to_decimal().replace('.', &show.locale.decimal_separator().to_string()),
    };
    let less = |points: u32| {
        let cut = price.less_basis_points(points);
        (cut.minor > 0).then(|| chip(&format!("\u{2212}{}", show.locale.percent(i64::from(points))), cut))
    };
    let lowest = lowest.filter(|low| *low < price).map(|low| chip(t("Lowest"), low));
    [less(500), less(1_000), lowest].into_iter().flatten().collect()
}
