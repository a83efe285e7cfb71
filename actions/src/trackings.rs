//! Trackings and the inbox.

use domain::time::DAY;
use domain::user::Scope;
use domain::{Channel, NotificationId, ProductId, TrackingId, UserId};
use store::{
    InboxEntry, Owned, Page, RecentRuns, TrackedProduct, TrackingChange, TrackingCounts, TrackingFilter, TrackingQuery,
    TrackingSort, Window,
};

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer, rules};

/// How far back sparklines go.
const SPARKLINE: i64 = 90 * DAY;
/// Newest runs that a sparkline may have.
const SPARKLINE_RUNS: u32 = 120;

/// The watchlist page's data.
#[derive(Clone, Debug)]
pub struct WatchlistView {
    /// The rows.
    pub page: Page<TrackedProduct>,
    /// Counts for the filters.
    pub counts: TrackingCounts,
    /// Runs of the last 90 days for the sparklines, in the order of the rows.
    pub runs: Vec<RecentRuns>,
}

/// Channels each once. The inbox is always on and is not listed.
pub(crate) fn usable(channels: Vec<Channel>) -> Vec<Channel> {
    let mut usable = Vec::with_capacity(channels.len());
    for channel in channels {
        if channel != Channel::Inbox && !usable.contains(&channel) {
            usable.push(channel);
        }
    }
    usable
}

/// A change of a tracking as a person typed it. Outer `None`: leave; `Some(None)`: remove the rule.
#[derive(Clone, Debug, Default)]
pub struct TrackingEdit {
    /// Target price as plain decimal text.
    pub target_price: Option<Option<String>>,
    /// Percentage as plain decimal text.
    pub percentage_drop: Option<Option<String>>,
    /// Where to tell.
    pub channels: Option<Vec<Channel>>,
    /// Pause or resume.
    pub active: Option<bool>,
}

/// Changes a tracking of the viewer (an admin: of anyone).
pub async fn change_tracking(
    plummet: &Plummet,
    viewer: &Viewer,
    tracking: TrackingId,
    edit: TrackingEdit,
) -> Result<TrackedProduct> {
    viewer.require(Scope::Track)?;
    let which = owned(plummet, viewer, tracking).await?;
    let known = plummet.store.find_tracking(which).await?.ok_or(ActionError::NotFound("tracking"))?;
    let (target, drop) = (&edit.target_price, &edit.percentage_drop);
    let rules = if target.is_some() || drop.is_some() {
        let (target, drop) = (target.as_ref().map(Option::as_deref), drop.as_ref().map(Option::as_deref));
        Some(rules::change(&known.tracking.rules, target, drop, rules::currency_of(&known.product))?)
    } else {
        None
    };
    let change = TrackingChange { rules, channels: edit.channels.map(usable), active: edit.active };
    let changed = plummet.store.update_tracking(which, &change, plummet.clock.now()).await?;
    plummet.jobs.ring();
    changed.ok_or(ActionError::NotFound("tracking"))
}

/// The tracking as its owner names it: an admin may name anyone's, everybody else only their own.
async fn owned(plummet: &Plummet, viewer: &Viewer, tracking: TrackingId) -> Result<Owned> {
    let owner = if viewer.is_admin() { plummet.store.find_tracking_owner(tracking).await? } else { Some(viewer.user.id) };
    let user_id = owner.ok_or(ActionError::NotFound("tracking"))?;
    Ok(Owned { user_id, tracking_id: tracking })
}

/// Removes a tracking of the viewer (an admin: of anyone).
pub async fn remove_tracking(plummet: &Plummet, viewer: &Viewer, tracking: TrackingId) -> Result<()> {
    viewer.require(Scope::Track)?;
    let which = owned(plummet, viewer, tracking).await?;
    if plummet.store.remove_tracking(which).await? { Ok(()) } else { Err(ActionError::NotFound("tracking")) }
}

/// The trackings of `user`, newest first: the viewer's own, or for an admin anyone's; `NotFound` otherwise.
pub async fn list_trackings(plummet: &Plummet, viewer: &Viewer, user: UserId, window: Window) -> Result<Page<TrackedProduct>> {
    viewer.require(Scope::Read)?;
    let is_own = user == viewer.user.id;
    if !is_own && (!viewer.is_admin() || plummet.store.find_user(user).await?.is_none()) {
        return Err(ActionError::NotFound("user"));
    }
    Ok(plummet.store.list_trackings(user, TrackingFilter::All, TrackingSort::Newest, window).await?)
}

/// The viewer's watchlist.
pub async fn watchlist(plummet: &Plummet, viewer: &Viewer, asked: &TrackingQuery, window: Window) -> Result<WatchlistView> {
    let (user, store) = (viewer.user.id, &plummet.store);
    let page = if asked.words.trim().is_empty() && asked.host.is_none() {
        store.list_trackings(user, asked.filter, asked.sort, window).await?
    } else {
        store.find_trackings(user, asked, window).await?
    };
    let products: Vec<_> = page.rows.iter().map(|row| row.product.id).collect();
    let from = plummet.clock.now().plus_micros(-SPARKLINE);
    Ok(WatchlistView {
        counts: store.count_trackings(user).await?,
        runs: in_order(&products, store.recent_runs(&products, from, SPARKLINE_RUNS).await?),
        page,
    })
}

/// One line a product, in the order of the products; an empty one where nothing is known.
fn in_order(products: &[ProductId], mut runs: Vec<RecentRuns>) -> Vec<RecentRuns> {
    let mut take = |product_id: ProductId| {
        let found = runs.iter().position(|line| line.product_id == product_id);
        found.map_or(RecentRuns { product_id, runs: Vec::new() }, |index| runs.swap_remove(index))
    };
    products.iter().map(|product| take(*product)).collect()
}

/// The viewer's alerts, newest first.
pub async fn inbox(plummet: &Plummet, viewer: &Viewer, window: Window) -> Result<Page<InboxEntry>> {
    Ok(plummet.store.list_inbox(viewer.user.id, window).await?)
}

/// How many of the viewer's alerts are unread.
pub async fn unread(plummet: &Plummet, viewer: &Viewer) -> Result<u64> {
    Ok(plummet.store.count_unread(viewer.user.id).await?)
}

/// Marks alerts as read: these, or all.
pub async fn mark_read(plummet: &Plummet, viewer: &Viewer, which: Option<&[NotificationId]>) -> Result<()> {
    Ok(plummet.store.mark_read(viewer.user.id, which, plummet.clock.now()).await?)
}
