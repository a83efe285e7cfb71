//! Products: preview, look, history, search, check now.

use std::time::Duration;

use domain::history::{PriceRun, Statistics};
use domain::{Platform, ProductId, ProductState, Timestamp};
use jobs::{CheckNow, Preview};
use store::{KeptEvidence, Page, TrackedProduct, Window};

use crate::error::Result;
use crate::{Plummet, Viewer};

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

/// Reads a page that may be tracked, without storing anything. `text` is a URL, or an id with a platform.
pub async fn preview(plummet: &Plummet, viewer: &Viewer, text: &str, platform: Option<&str>) -> Result<Preview> {
    let _ = (plummet, viewer, text, platform);
    unimplemented!()
}

/// A product with the viewer's tracking of it.
pub async fn find_product(plummet: &Plummet, viewer: &Viewer, product: ProductId) -> Result<ProductView> {
    let _ = (plummet, viewer, product);
    unimplemented!()
}

/// A part of a product's history.
pub async fn history(plummet: &Plummet, viewer: &Viewer, product: ProductId, window: HistoryWindow) -> Result<History> {
    let _ = (plummet, viewer, product, window);
    unimplemented!()
}

/// Searches all known products.
pub async fn search(
    plummet: &Plummet,
    viewer: &Viewer,
    query: &str,
    platform: Option<Platform>,
    window: Window,
) -> Result<Page<ProductState>> {
    let _ = (plummet, viewer, query, platform, window);
    unimplemented!()
}

/// Checks a product that the viewer tracks now; at most once a minute a product (`TooOften`). Waits at most `wait`.
pub async fn check_now(plummet: &Plummet, viewer: &Viewer, product: ProductId, wait: Duration) -> Result<CheckNow> {
    let _ = (plummet, viewer, product, wait);
    unimplemented!()
}
