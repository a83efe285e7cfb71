//! Lists: the watchlist with its words and shops, many trackings changed at once, the biggest falls, the same thing elsewhere.

use std::collections::HashSet;

use domain::time::DAY;
use domain::user::Scope;
use domain::{Money, Notification, Platform, ProductId, ProductState, Timestamp, TrackingId};
use store::{Fallen, Page, TrackingQuery, Window};

use crate::error::{ActionError, Result};
use crate::trackings::{TrackingEdit, WatchlistView, change_tracking, remove_tracking, watchlist};
use crate::{Plummet, Viewer};

/// How many trackings may be changed at once.
pub const MOST_AT_ONCE: usize = 200;
/// Shops that a filter offers.
const MOST_SHOPS: u32 = 50;
/// Falls that are looked at for a page of them: those of one product count once, and many are no real ones.
const FALLS_LOOKED_AT: u32 = 400;
/// A fall is real if the price is then the lowest of so many days.
const LOWEST_OF: i64 = 30 * DAY;
/// Smaller falls are noise: 1 %.
const LEAST_FALL: i64 = 100;
/// A price that was last read longer ago than this may not be in force any more.
const FRESH_FOR: i64 = 2 * DAY;
/// Matches that are sorted by price or fall. Whoever finds more narrows the words.
const MOST_SORTED: u32 = 400;
/// Alerts that a chart marks.
const MOST_MARKS: u32 = 100;

/// What is to be done with many trackings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ManyChange {
    /// Nothing is told until they are resumed.
    Pause,
    /// They go on.
    Resume,
    /// They go, with their alerts. Histories stay.
    Remove,
    /// A target price as plain decimal text; none removes the target.
    Target(Option<String>),
}

/// The viewer's watchlist and the shops in it.
pub async fn find_watchlist(
    plummet: &Plummet,
    viewer: &Viewer,
    asked: &TrackingQuery,
    window: Window,
) -> Result<(WatchlistView, Vec<(String, u64)>)> {
    let shops = plummet.store.tracked_hosts(viewer.user.id, MOST_SHOPS).await?;
    Ok((watchlist(plummet, viewer, asked, window).await?, shops))
}

/// Changes trackings of the viewer; gives how many. What is gone by now is passed over.
pub async fn change_many(plummet: &Plummet, viewer: &Viewer, which: &[TrackingId], change: &ManyChange) -> Result<usize> {
    viewer.require(Scope::Track)?;
    if which.len() > MOST_AT_ONCE {
        return Err(ActionError::invalid("ids", format!("choose at most {MOST_AT_ONCE} products at once")));
    }
    let mut changed = 0;
    for id in which {
        let edit = match change {
            ManyChange::Remove => {
                changed += usize::from(found(remove_tracking(plummet, viewer, *id).await)?);
                continue;
            }
            ManyChange::Pause => TrackingEdit { active: Some(false), ..TrackingEdit::default() },
            ManyChange::Resume => TrackingEdit { active: Some(true), ..TrackingEdit::default() },
            ManyChange::Target(target) => TrackingEdit { target_price: Some(target.clone()), ..TrackingEdit::default() },
        };
        changed += usize::from(found(change_tracking(plummet, viewer, *id, edit).await)?);
    }
    Ok(changed)
}

/// Whether something was there to be changed.
fn found<T>(done: Result<T>) -> Result<bool> {
    match done {
        Ok(_) => Ok(true),
        Err(ActionError::NotFound(_)) => Ok(false),
        Err(error) => Err(error),
    }
}

/// The biggest real falls since a moment, the largest share first: fresh, to be bought, not doubted, and the lowest price of 30
/// days. Each product once.
pub async fn biggest_falls(plummet: &Plummet, viewer: &Viewer, since: Timestamp, most: usize) -> Result<Vec<Fallen>> {
    viewer.require(Scope::Read)?;
    let falls = plummet.store.recent_falls(since, FALLS_LOOKED_AT).await?;
    let now = plummet.clock.now();
    let mut seen = HashSet::new();
    Ok(falls.into_iter().filter(|fall| seen.insert(fall.product.id) && is_real(fall, now)).take(most).collect())
}

fn is_real(fall: &Fallen, now: Timestamp) -> bool {
    let product = &fall.product;
    let Some(price) = product.price else { return false };
    let is_fresh = product.last_ok_at.is_some_and(|at| now.micros_since(at) < FRESH_FOR);
    // A run before the window was in force when it opened: up to the first that began before it.
    let mut earlier = product.recent.iter().skip_while(|run| run.minor == price.minor);
    let mut is_lowest = true;
    for run in earlier.by_ref() {
        is_lowest &= run.minor > price.minor;
        if now.micros_since(run.from) > LOWEST_OF {
            break;
        }
    }
    is_fresh
        && is_lowest
        && product.suspect.is_none()
        && product.availability.is_buyable() != Some(false)
        && price.basis_points_below(fall.old_price).is_some_and(|points| points >= LEAST_FALL)
}

/// How results of a search are ordered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SearchSort {
    /// As the search found them.
    #[default]
    Best,
    /// Cheapest first, each currency by itself.
    Price,
    /// The largest last fall first.
    Fall,
}

/// Known products that hold the words. Sorted by price or fall, only the first matches take part: whoever finds more narrows the
/// words.
pub async fn search_sorted(
    plummet: &Plummet,
    viewer: &Viewer,
    query: &str,
    platform: Option<Platform>,
    sort: SearchSort,
    window: Window,
) -> Result<Page<ProductState>> {
    viewer.require(Scope::Read)?;
    if sort == SearchSort::Best {
        return Ok(plummet.store.search_products(query, platform, window).await?);
    }
    let all = Window { limit: MOST_SORTED, offset: 0 };
    let mut found = plummet.store.search_products(query, platform, all).await?;
    match sort {
        SearchSort::Best => {}
        SearchSort::Price => found.rows.sort_by_key(|product| {
            let price = product.price;
            (price.is_none(), price.map(|price| price.currency.code()), price.map(|price| price.minor))
        }),
        SearchSort::Fall => found.rows.sort_by_key(|product| std::cmp::Reverse(last_fall(product))),
    }
    let from = window.offset as usize;
    found.rows = found.rows.into_iter().skip(from).take(window.limit as usize).collect();
    Ok(found)
}

/// The size of the last change in hundredths of a per cent, if it was a fall.
fn last_fall(product: &ProductState) -> i64 {
    let fall = product.price.zip(product.previous_price).and_then(|(now, before): (Money, Money)| now.basis_points_below(before));
    fall.unwrap_or(0).max(0)
}

/// The same thing in other shops, by its GTIN.
pub async fn same_elsewhere(plummet: &Plummet, viewer: &Viewer, product: &ProductState) -> Result<Vec<ProductState>> {
    viewer.require(Scope::Read)?;
    let Some(gtin) = product.facts.gtin.as_deref().filter(|gtin| !gtin.is_empty()) else { return Ok(Vec::new()) };
    let mut same = plummet.store.products_of_gtin(gtin, 12).await?;
    same.retain(|other| other.id != product.id);
    Ok(same)
}

/// What the viewer was told about a product, newest first.
pub async fn alerts_of(plummet: &Plummet, viewer: &Viewer, product: ProductId) -> Result<Vec<Notification>> {
    Ok(plummet.store.list_alerts_of(viewer.user.id, product, MOST_MARKS).await?)
}
