//! Products: preview, look, history, search, check now.

use std::time::Duration;

use domain::history::{PriceRun, Statistics, statistics};
use domain::time::{DAY, MINUTE, SECOND};
use domain::user::Scope;
use domain::{Platform, ProductId, ProductState, ProductUrl, Timestamp};
use jobs::{CheckNow, Preview};
use store::{KeptEvidence, Page, TrackedProduct, Window};

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer};

/// How often a person may have a product checked: once a minute.
const CHECK_PAUSE: i64 = MINUTE;

/// A product page's data.
#[derive(Clone, Debug)]
pub struct ProductView {
    /// What is known.
    pub product: ProductState,
    /// The viewer's own tracking of it.
    pub tracked: Option<TrackedProduct>,
    /// Why this price.
    pub evidence: Option<KeptEvidence>,
    /// Statistics over the whole history.
    pub statistics: Statistics,
    /// When its history begins.
    pub since: Option<Timestamp>,
}

/// Which part of a history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HistoryWindow {
    /// The last days, up to now.
    Days(u32),
    /// Everything.
    All,
    /// Between two moments.
    Between(Timestamp, Timestamp),
}

impl HistoryWindow {
    /// The window of a word: `7d`, `30d`, `90d`, `1y`, `all`, or two days such as `2025-01-31..2025-03-01`, both included, in the
    /// reader's zone.
    pub fn parse(word: &str, zone: &str) -> Option<Self> {
        match word {
            "7d" => Some(HistoryWindow::Days(7)),
            "30d" => Some(HistoryWindow::Days(30)),
            "90d" => Some(HistoryWindow::Days(90)),
            "1y" => Some(HistoryWindow::Days(365)),
            "all" => Some(HistoryWindow::All),
            _ => {
                let (from, to) = word.split_once("..")?;
                let zone = jiff::tz::TimeZone::get(zone).unwrap_or(jiff::tz::TimeZone::UTC);
                let begin = |day: jiff::civil::Date| {
                    Some(zone.to_timestamp(day.to_datetime(jiff::civil::Time::midnight())).ok()?.as_microsecond())
                };
                let (from, to): (jiff::civil::Date, jiff::civil::Date) = (from.parse().ok()?, to.parse().ok()?);
                let (from, to) = (from.min(to), from.max(to));
                let end = begin(to.tomorrow().ok()?)?;
                Some(HistoryWindow::Between(Timestamp::from_micros(begin(from)?), Timestamp::from_micros(end)))
            }
        }
    }
}

/// A part of a product's history.
#[derive(Clone, Debug)]
pub struct History {
    /// What is known about the product.
    pub product: ProductState,
    /// Start of the window.
    pub from: Timestamp,
    /// End of the window.
    pub to: Timestamp,
    /// Runs that touch the window, oldest first; the first may have begun before it.
    pub runs: Vec<PriceRun>,
    /// Statistics of the window, weighted by time.
    pub statistics: Statistics,
}

/// The listing that a person named: a URL, or an id of a platform.
pub(crate) fn parse_product(text: &str, platform: Option<&str>) -> Result<ProductUrl> {
    let platform = platform.map(str::trim).filter(|platform| !platform.is_empty());
    match platform {
        // A whole link beside a platform's name says everything itself.
        Some(platform) if !text.contains("://") => {
            ProductUrl::from_platform_id(platform, text).ok_or_else(|| ActionError::unknown_platform_id(platform))
        }
        _ => Ok(ProductUrl::parse(text)?),
    }
}

/// Reads a page that may be tracked, without storing anything. `text` is a URL, or an id with a platform.
pub async fn preview(plummet: &Plummet, viewer: &Viewer, text: &str, platform: Option<&str>) -> Result<Preview> {
    viewer.require(Scope::Track)?;
    let product = parse_product(text, platform)?;
    Ok(plummet.jobs.preview(&product).await)
}

/// A product with the viewer's tracking of it.
pub async fn find_product(plummet: &Plummet, viewer: &Viewer, product: ProductId) -> Result<ProductView> {
    let state = find(plummet, product).await?;
    let now = plummet.clock.now();
    let runs = plummet.store.price_runs(product, Timestamp::EPOCH, now).await?;
    let since = runs.first().map(|run| run.from);
    Ok(ProductView {
        statistics: statistics(&runs, since.unwrap_or(now), now),
        since,
        tracked: plummet.store.find_tracking_of(viewer.user.id, product).await?,
        evidence: plummet.store.find_evidence(product).await?,
        product: state,
    })
}

async fn find(plummet: &Plummet, product: ProductId) -> Result<ProductState> {
    plummet.store.find_product(product).await?.ok_or(ActionError::NotFound("product"))
}

/// A part of a product's history. Products are shared: whoever is signed in may read any.
pub async fn history(plummet: &Plummet, viewer: &Viewer, product: ProductId, window: HistoryWindow) -> Result<History> {
    viewer.require(Scope::Read)?;
    read_history(plummet, product, window).await
}

/// A part of a product's history, for whoever may see it.
pub(crate) async fn read_history(plummet: &Plummet, product: ProductId, window: HistoryWindow) -> Result<History> {
    let state = find(plummet, product).await?;
    let now = plummet.clock.now();
    let (from, to) = match window {
        HistoryWindow::Days(days) => (now.plus_micros(-i64::from(days) * DAY), now),
        HistoryWindow::All => (Timestamp::EPOCH, now),
        // Nothing is known of what is to come.
        HistoryWindow::Between(from, to) => (from.min(to).min(now), to.max(from).min(now)),
    };
    let runs = plummet.store.price_runs(product, from, to).await?;
    // Everything begins with the first thing known, not in 1970.
    let from = if window == HistoryWindow::All { runs.first().map_or(state.created_at, |run| run.from) } else { from };
    Ok(History { product: state, from, to, statistics: statistics(&runs, from, to), runs })
}

/// Searches all known products.
pub async fn search(
    plummet: &Plummet,
    viewer: &Viewer,
    query: &str,
    platform: Option<Platform>,
    window: Window,
) -> Result<Page<ProductState>> {
    viewer.require(Scope::Read)?;
    Ok(plummet.store.search_products(query, platform, window).await?)
}

/// Checks a product that the viewer tracks now; at most once a minute a product (`TooOften`), or as often as it is checked
/// anyway. Waits at most `wait`.
pub async fn check_now(plummet: &Plummet, viewer: &Viewer, product: ProductId, wait: Duration) -> Result<CheckNow> {
    viewer.require(Scope::Track)?;
    let state = find(plummet, product).await?;
    if !viewer.is_admin() && plummet.store.find_tracking_of(viewer.user.id, product).await?.is_none() {
        return Err(ActionError::NotFound("product"));
    }
    if let Some(seconds) = seconds_to_wait(&state, plummet.clock.now()) {
        return Err(ActionError::TooOften { seconds });
    }
    Ok(plummet.jobs.check_now(product, wait).await?)
}

/// How long until a person may have this product checked again.
fn seconds_to_wait(product: &ProductState, now: Timestamp) -> Option<u64> {
    let last = product.last_attempt_at?;
    let usual = product.next_check_at.micros_since(last).max(SECOND);
    let wait = last.plus_micros(CHECK_PAUSE.min(usual)).micros_since(now);
    (wait > 0).then(|| wait.unsigned_abs().div_ceil(SECOND.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_days_are_a_window_of_whole_days_in_the_readers_zone() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let whole = HistoryWindow::Between(at("2025-03-29T23:00:00Z"), at("2025-03-30T22:00:00Z"));
        assert_eq!(HistoryWindow::parse("2025-03-30..2025-03-30", "Europe/Berlin"), Some(whole), "a day of 23 hours");
        assert_eq!(HistoryWindow::parse("90d", "UTC"), Some(HistoryWindow::Days(90)));
        for wrong in ["", "..", "2025-02-30..2025-03-01", "9999-12-31..9999-12-31", "1d"] {
            assert_eq!(HistoryWindow::parse(wrong, "UTC"), None, "{wrong}");
        }
    }

    #[test]
    fn an_id_needs_its_platform_and_a_link_needs_none() {
        let by_id = parse_product("B08XYZ1234", Some("amazon.de")).unwrap();
        assert_eq!(by_id, parse_product(" https://www.amazon.de/gp/product/B08XYZ1234?tag=x ", None).unwrap());
        assert_eq!(by_id, parse_product("https://www.amazon.de/dp/B08XYZ1234", Some("amazon")).unwrap());
        for (text, platform, field) in
            [("B08XYZ1234", Some("nowhere"), "platform"), ("", None, "product_url"), ("not a link", Some(" "), "product_url")]
        {
            match parse_product(text, platform) {
                Err(ActionError::Invalid { field: wrong, .. }) => assert_eq!(wrong, field, "{text}"),
                other => panic!("{text}: {other:?}"),
            }
        }
    }
}
