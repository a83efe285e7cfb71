//! The straight path: claim due → permit → fetch → extract → judge → record → fan out → deliver.

mod clock;
mod config;

use std::sync::Arc;
use std::time::Duration;

use domain::{ProductId, ProductState, ProductUrl, Reading, Timestamp};
use store::Store;

pub use clock::Clock;
pub use config::{FetchConfig, JobsConfig, LimitsConfig, MailConfig, PaceConfig};

/// The running workers, and the ways to ask them for something now. Cheap to clone.
#[derive(Clone)]
pub struct Jobs {
    #[expect(dead_code, reason = "filled in with the workers")]
    store: Arc<dyn Store>,
}

/// What a page says, without anything being stored.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The listing: of the final URL, where a short link was given.
    pub product: ProductUrl,
    /// What was read.
    pub reading: Reading,
    /// Start of the fetch.
    pub started_at: Timestamp,
    /// How long it took.
    pub took: Duration,
}

/// How a check on demand ended.
#[derive(Clone, Debug)]
pub enum CheckNow {
    /// It was done; the product as it is now.
    Done(Box<ProductState>),
    /// It goes on in the background: it took longer than the caller wanted to wait, or another worker has it.
    Pending,
    /// The shop's limit allows no request before then.
    NotBefore(Timestamp),
    /// There is no such product.
    Unknown,
}

impl Jobs {
    /// Starts scheduler, workers, sweeper and delivery on the current runtime.
    pub async fn start(config: JobsConfig, store: Arc<dyn Store>, clock: Clock) -> anyhow::Result<Self> {
        let _ = (config, clock);
        Ok(Jobs { store })
    }

    /// Reads a page without storing anything. Uses a permit like every request. A check of the same product within two minutes
    /// uses what was read here instead of fetching again.
    pub async fn preview(&self, product: &ProductUrl) -> Preview {
        let _ = product;
        unimplemented!()
    }

    /// Checks a product now, waiting at most `wait`; the check itself goes on when the wait is over.
    pub async fn check_now(&self, product: ProductId, wait: Duration) -> anyhow::Result<CheckNow> {
        let _ = (product, wait);
        unimplemented!()
    }

    /// Rings the sweeper: trackings were edited or added, events or notifications may be waiting.
    pub fn ring(&self) {}

    /// Stops: no new work is claimed, what is in flight finishes or is given back within `patience`.
    pub async fn stop(&self, patience: Duration) {
        let _ = patience;
    }
}
