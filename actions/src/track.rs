//! Tracking a product: looked at first, stored second, its first price awaited a little.

use std::time::Duration;

use domain::platform::currency_of_host;
use domain::tracking::Rules;
use domain::user::Scope;
use domain::{Channel, Currency, ProductId, ProductUrl, Reading};
use jobs::CheckNow;
use store::{NewTracking, TrackedProduct};
use tokio::time::{Instant, timeout_at};

use crate::error::Result;
use crate::products::parse_product;
use crate::refusal::refusal;
use crate::trackings::usable;
use crate::{Plummet, Viewer, rules};

/// How long adding a product waits for its first price; the answer is promised within two seconds.
const FIRST_PRICE_WAIT: Duration = Duration::from_millis(1_800);
/// How often to look whether another worker has read it.
const LOOK_AGAIN: Duration = Duration::from_millis(25);

/// A wish to track, as a person typed it.
#[derive(Clone, Debug, Default)]
pub struct TrackRequest {
    /// A URL, or an id of the platform.
    pub product: String,
    /// A platform's word or marketplace, if `product` is an id.
    pub platform: Option<String>,
    /// Target price as plain decimal text (`99.99`), in the product's currency.
    pub target_price: Option<String>,
    /// Percentage as plain decimal text (`10`).
    pub percentage_drop: Option<String>,
    /// Where to tell; `None` for the default (e-mail), or what it was.
    pub channels: Option<Vec<Channel>>,
}

/// How far tracking has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TrackStatus {
    /// New, and the first price is there.
    Tracking,
    /// New, and the first price is still being read, or could not be read.
    Pending,
    /// It was tracked already; the wish was updated.
    Updated,
}

/// A tracking that was made or updated.
#[derive(Clone, Debug)]
pub struct TrackedNow {
    /// The wish and its product.
    pub tracked: TrackedProduct,
    /// How far it has come.
    pub status: TrackStatus,
}

/// Tracks a product: reads its page first, stores only what can be tracked, and fetches the first price if that takes under two
/// seconds.
///
/// A page that nobody tracks yet is looked at before anything is stored: one that is private, gone, no product's or without a
/// price is refused with the remedy. Where the shop is the cause (it blocks us, limits us, is slow), tracking begins all the
/// same and is pending. What was read by that look is what the first check records: the shop is asked once.
///
/// Of what is tracked already, rules and channels that are given replace those there, and the others stay.
pub async fn track(plummet: &Plummet, viewer: &Viewer, request: TrackRequest) -> Result<TrackedNow> {
    viewer.require(Scope::Track)?;
    let deadline = Instant::now() + FIRST_PRICE_WAIT;
    let named = parse_product(&request.product, request.platform.as_deref())?;
    let (target, drop) = (typed(request.target_price.as_deref()), typed(request.percentage_drop.as_deref()));
    // What is wrong with a rule is said before a shop is asked.
    rules::change(&Rules::default(), target, drop, None)?;
    let product = look(plummet, viewer, named, deadline).await?;
    let known = plummet.store.find_tracking_of(viewer.user.id, product.url.product_id()).await?;
    let before = known.map(|known| known.tracking);
    let kept_rules = before.as_ref().map(|before| before.rules.clone()).unwrap_or_default();
    let wish = NewTracking {
        user_id: viewer.user.id,
        rules: rules::change(&kept_rules, target, drop, product.currency)?,
        channels: request.channels.map(usable).or(before.map(|before| before.channels)).unwrap_or_else(|| vec![Channel::Email]),
        product: product.url,
    };
    let made = plummet.store.track(&wish, plummet.clock.now()).await?;
    let has_price = made.tracked.product.price.is_some();
    let tracked = if has_price { made.tracked } else { first_price(plummet, made.tracked, deadline).await? };
    // After the first price: the scheduler would take the product before we can ask for it.
    plummet.jobs.ring();
    let status = match (made.created, tracked.product.price) {
        (false, _) => TrackStatus::Updated,
        (true, Some(_)) => TrackStatus::Tracking,
        (true, None) => TrackStatus::Pending,
    };
    Ok(TrackedNow { tracked, status })
}

/// A listing that may be tracked, as far as it is known before it is.
struct Looked {
    url: ProductUrl,
    currency: Option<Currency>,
}

/// Looks at a page before it is tracked, unless its price is known or the viewer tracks it already.
async fn look(plummet: &Plummet, viewer: &Viewer, named: ProductUrl, deadline: Instant) -> Result<Looked> {
    let known = plummet.store.find_product(named.product_id()).await?;
    let mine = plummet.store.find_tracking_of(viewer.user.id, named.product_id()).await?;
    if let Some(known) = known.filter(|known| known.price.is_some() || mine.is_some()) {
        return Ok(Looked { currency: rules::currency_of(&known), url: named });
    }
    // The reading goes on when the wait is over: the first check then finds what it read.
    let (jobs, asked) = (plummet.jobs.clone(), named.clone());
    let reading = tokio::spawn(async move { jobs.preview(&asked).await });
    let Ok(preview) = timeout_at(deadline, reading).await else {
        return Ok(Looked { currency: currency_of_host(&named.host), url: named });
    };
    let preview = preview.map_err(anyhow::Error::from)?;
    if let Some(refusal) = refusal(&preview.product.host, &preview.reading) {
        return Err(refusal);
    }
    let currency = match &preview.reading {
        Reading::Offer(offer) => Some(offer.price.currency),
        Reading::OutOfStock { .. } | Reading::Failed { .. } => currency_of_host(&preview.product.host),
    };
    Ok(Looked { url: preview.product, currency })
}

/// Waits for the first price as long as there is time. A check that fails is no reason to forget the wish: it is pending.
async fn first_price(plummet: &Plummet, tracked: TrackedProduct, deadline: Instant) -> Result<TrackedProduct> {
    let (user, product) = (tracked.tracking.user_id, tracked.product.id);
    let wait = deadline.saturating_duration_since(Instant::now());
    match plummet.jobs.check_now(product, wait).await {
        // Another worker has it: see what it writes.
        Ok(CheckNow::Pending) => {
            while Instant::now() < deadline && !is_read(plummet, product, tracked.product.revision).await? {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        }
        Ok(CheckNow::Done(_) | CheckNow::NotBefore(_) | CheckNow::Unknown) => {}
        Err(error) => {
            tracing::warn!(product.id = %product, error = format!("{error:#}"), "the first check could not begin");
        }
    }
    Ok(plummet.store.find_tracking_of(user, product).await?.unwrap_or(tracked))
}

async fn is_read(plummet: &Plummet, product: ProductId, revision: i64) -> Result<bool> {
    Ok(plummet.store.find_product(product).await?.is_none_or(|product| product.revision > revision))
}

/// What was typed; nothing typed leaves the rule alone.
fn typed(text: Option<&str>) -> rules::Typed<'_> {
    text.map(str::trim).filter(|text| !text.is_empty()).map(Some)
}
