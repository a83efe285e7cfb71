//! Trackings and the inbox.

use domain::{Channel, NotificationId, TrackingId, UserId};
use store::{InboxEntry, Page, RecentRuns, TrackedProduct, TrackingCounts, TrackingFilter, TrackingSort, Window};

use crate::error::Result;
use crate::{Plummet, Viewer};

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

/// Tracks a product: parses, stores, and fetches the first price if that takes under two seconds.
pub async fn track(plummet: &Plummet, viewer: &Viewer, request: TrackRequest) -> Result<TrackedNow> {
    let _ = (plummet, viewer, request);
    unimplemented!()
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
    let _ = (plummet, viewer, tracking, edit);
    unimplemented!()
}

/// Removes a tracking of the viewer (an admin: of anyone).
pub async fn remove_tracking(plummet: &Plummet, viewer: &Viewer, tracking: TrackingId) -> Result<()> {
    let _ = (plummet, viewer, tracking);
    unimplemented!()
}

/// The trackings of `user`: the viewer's own, or for an admin anyone's; `NotFound` otherwise.
pub async fn list_trackings(plummet: &Plummet, viewer: &Viewer, user: UserId, window: Window) -> Result<Page<TrackedProduct>> {
    let _ = (plummet, viewer, user, window);
    unimplemented!()
}

/// The viewer's watchlist.
pub async fn watchlist(
    plummet: &Plummet,
    viewer: &Viewer,
    filter: TrackingFilter,
    sort: TrackingSort,
    window: Window,
) -> Result<WatchlistView> {
    let _ = (plummet, viewer, filter, sort, window);
    unimplemented!()
}

/// The viewer's alerts, newest first.
pub async fn inbox(plummet: &Plummet, viewer: &Viewer, window: Window) -> Result<Page<InboxEntry>> {
    let _ = (plummet, viewer, window);
    unimplemented!()
}

/// How many of the viewer's alerts are unread.
pub async fn unread(plummet: &Plummet, viewer: &Viewer) -> Result<u64> {
    let _ = (plummet, viewer);
    unimplemented!()
}

/// Marks alerts as read: these, or all.
pub async fn mark_read(plummet: &Plummet, viewer: &Viewer, which: Option<&[NotificationId]>) -> Result<()> {
    let _ = (plummet, viewer, which);
    unimplemented!()
}
