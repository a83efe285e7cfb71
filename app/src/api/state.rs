//! The states that are worth a word, as UI.md lists them, worst first: a row shows one, a product page all that hold.

use domain::check::FailureKind;
use domain::time::DAY;
use domain::tracking::Tracking;
use domain::{Availability, ProductState, Timestamp};

use super::error::sentence;
use super::show::Show;
use super::text::{StateText, Tone};
use crate::context::{fill, t};

/// A price that was last read longer ago than this is said to be old, whatever the last attempt found.
const STALE_AFTER: i64 = 2 * DAY;

/// What people call the product: its name, or its URL while it has none.
pub fn name(product: &ProductState) -> String {
    product.facts.name.clone().unwrap_or_else(|| product.url.trim_start_matches("https://").trim_start_matches("http://").into())
}

/// Whether the last good price is not one to buy at now: sold out, or not seen for long.
pub fn is_held(product: &ProductState, now: Timestamp) -> bool {
    product.availability.is_buyable() == Some(false) || is_stale(product, now)
}

fn is_stale(product: &ProductState, now: Timestamp) -> bool {
    product.last_ok_at.is_some_and(|at| now.micros_since(at) > STALE_AFTER)
}

/// Whether the target is met by a price that is fresh and can be bought.
pub fn is_at_target(tracking: &Tracking, product: &ProductState, now: Timestamp) -> bool {
    let target = tracking.rules.target.as_ref().and_then(|target| target.money());
    target.zip(product.price).is_some_and(|(target, price)| price <= target) && !is_held(product, now)
}

/// `€14.00 to go`, `reached`, `a fall of 10%`.
pub fn distance(tracking: &Tracking, product: &ProductState, show: &Show) -> String {
    let target = tracking.rules.target.as_ref().and_then(|target| target.money());
    if let Some((target, price)) = target.zip(product.price) {
        return match price.checked_sub(target) {
            Some(rest) if rest.minor > 0 => fill("{amount} to go", &[("amount", &show.locale.money(rest))]),
            Some(_) => t("reached").into(),
            None => String::new(),
        };
    }
    let drop = tracking.rules.drop.filter(|_| target.is_none());
    drop.map(|drop| fill("a fall of {share}", &[("share", &show.locale.percent(i64::from(drop.get())))])).unwrap_or_default()
}

/// The one state that a row shows.
pub fn worst(product: &ProductState, tracking: Option<&Tracking>, show: &Show) -> Option<StateText> {
    all(product, tracking, show).into_iter().next()
}

/// All states that hold, worst first.
pub fn all(product: &ProductState, tracking: Option<&Tracking>, show: &Show) -> Vec<StateText> {
    let mut states = Vec::new();
    let failure = product.last_outcome.as_deref().and_then(FailureKind::parse);
    let kept = match product.price {
        Some(price) => format!(" {}", fill("Last sure price: {price}.", &[("price", &show.locale.money(price))])),
        None => String::new(),
    };
    if let Some(kind) = failure {
        states.push(failed(kind, product, show));
    }
    if let Some(suspect) = &product.suspect {
        let price = show.locale.money(suspect.price);
        let doubt =
            fill("{price} is far from the usual. We look again before telling anyone, within two minutes.", &[("price", &price)]);
        let text = format!("{doubt}{kept}");
        // A failure that ends it all is worse than a doubt; other failures are not.
        let place = usize::from(matches!(failure, Some(FailureKind::Gone | FailureKind::Moved)));
        states.insert(place, state("hourglass", Tone::Warning, &fill("Unconfirmed {price}", &[("price", &price)]), &text));
    }
    if failure.is_none()
        && is_stale(product, show.now)
        && let Some(at) = product.last_ok_at
    {
        let text = fill("The last good reading is from {time}.", &[("time", &show.time(at).text)]);
        states.push(state("clock", Tone::Warning, &fill("Price from {day}", &[("day", &show.day(at))]), &text));
    }
    if let Some(tracking) = tracking.filter(|tracking| is_at_target(tracking, product, show.now)) {
        let target = tracking.rules.target.as_ref().and_then(|target| target.money()).map(|target| show.locale.money(target));
        let since = product.run_from.map(|at| format!(", {}", show.time(at).since())).unwrap_or_default();
        let text = fill("At or below {target}{since}.", &[("target", &target.unwrap_or_default()), ("since", &since)]);
        states.push(state("flag", Tone::Drop, t("Target reached"), &text));
    }
    states.extend(stock(product, show));
    if product.last_attempt_at.is_none() {
        let text = t("Mostly under 10 seconds. You may leave this page.");
        states.push(state("dots", Tone::Neutral, t("Reading first price"), text));
    }
    if tracking.is_some_and(|tracking| !tracking.active) {
        states.push(state("pause", Tone::Neutral, t("Paused"), t("You paused this. Nothing is told until you resume.")));
    }
    states
}

fn stock(product: &ProductState, show: &Show) -> Option<StateText> {
    let since = product.run_from.map(|at| sentence(&show.time(at).since())).unwrap_or_default();
    let price = product
        .price
        .map(|price| format!(" {}", fill("Last price {price}.", &[("price", &show.locale.money(price))])))
        .unwrap_or_default();
    let text = format!("{since}{price}");
    match product.availability {
        Availability::OutOfStock => Some(state("box", Tone::Neutral, t("Out of stock"), &text)),
        Availability::Discontinued => Some(state("box", Tone::Neutral, t("Discontinued"), &text)),
        Availability::InStoreOnly => Some(state("box", Tone::Neutral, t("In branches only"), &text)),
        Availability::Unknown
        | Availability::InStock
        | Availability::Limited
        | Availability::PreOrder
        | Availability::BackOrder => None,
    }
}

/// What a failed last check means to a person. The detail is one sentence about this very check.
fn failed(kind: FailureKind, product: &ProductState, show: &Show) -> StateText {
    let detail = product.last_detail.as_deref().filter(|detail| !detail.is_empty()).map(sentence).unwrap_or_default();
    let next = fill("Next try {time}.", &[("time", &show.time(product.next_check_at).text)]);
    let kept = if product.price.is_some() { t(" Price and alerts are kept.") } else { "" };
    let (icon, tone, label, text) = match kind {
        FailureKind::Gone => {
            ("x", Tone::Danger, t("No longer sold"), format!("{} {next}", t("The shop says that there is no such product.")))
        }
        FailureKind::Moved => (
            "corner-up-right",
            Tone::Warning,
            t("Leads elsewhere"),
            format!("{detail} {}{kept}", t("We stopped reading its price.")),
        ),
        FailureKind::Ambiguous => {
            ("list", Tone::Warning, t("Several prices"), format!("{detail} {} {next}", t("We will not guess.")))
        }
        FailureKind::NoPrice | FailureKind::Unreadable | FailureKind::Empty => (
            "help",
            Tone::Warning,
            t("No price found"),
            format!("{} {detail} {next}", t("The page shows no price that we are sure of.")),
        ),
        FailureKind::WrongRegion => ("globe", Tone::Warning, t("Other currency"), format!("{detail} {next}")),
        FailureKind::Blocked => {
            let why = fill("{shop} asked for a human check, which we do not get round.", &[("shop", &product.host)]);
            ("shield", Tone::Warning, t("Shop blocks us"), format!("{why} {next}{kept}"))
        }
        FailureKind::RateLimited => (
            "shield",
            Tone::Warning,
            t("Shop asks us to wait"),
            format!("{} {next}{kept}", fill("{shop} wants fewer requests.", &[("shop", &product.host)])),
        ),
        FailureKind::NotAllowed => {
            ("ban", Tone::Neutral, t("Shop forbids checks"), t("The shop's robots.txt excludes this page, and we obey.").into())
        }
        FailureKind::Refused => ("ban", Tone::Warning, t("Address not allowed"), detail),
        FailureKind::Unreachable | FailureKind::Timeout => {
            ("zap", Tone::Warning, t("Shop does not answer"), format!("{detail} {next}{kept}"))
        }
    };
    state(icon, tone, label, &text)
}

fn state(icon: &str, tone: Tone, label: &str, sentence: &str) -> StateText {
    StateText {
        icon: icon.into(),
        tone,
        label: label.into(),
        sentence: sentence.split_whitespace().collect::<Vec<_>>().join(" "),
    }
}
