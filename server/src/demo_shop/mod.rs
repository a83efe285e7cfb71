//! The demo shop: six shops on one loopback port, told apart by the `Host` header, whose prices move on a seeded schedule.
//!
//! `plummet demo` runs it for people, and every test that needs a shop runs the same one. A dozen products stand on pages
//! shaped as Amazon, eBay, Walmart, a JSON-LD, a microdata and an Open Graph shop make them; others are slow, broken, blocked
//! or gone. `/control` on the bare address sets a price at once.

mod catalogue;
mod control;
mod html;
mod pages;
mod picture;
mod schedule;
mod serve;
#[cfg(test)]
mod tests;
mod trouble;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use domain::Timestamp;

pub use control::{Change, ChangeError};
pub use serve::serve;

use catalogue::CATALOGUE;
use control::Control;

/// The shops, and what was set over their schedule. Clones share it.
#[derive(Clone, Debug)]
pub struct DemoShop {
    control: Arc<Control>,
}

impl DemoShop {
    /// Shops whose prices move by `seed`.
    pub fn new(seed: u64) -> Self {
        DemoShop { control: Arc::new(Control::new(seed)) }
    }

    /// Product pages to track, with the shop on `port` of this machine. The first falls and rises every minute.
    pub fn sample_urls(&self, port: u16) -> Vec<String> {
        CATALOGUE.iter().map(|item| item.url(port)).collect()
    }

    /// A page of the load tests: `page` from 0 to 999,999.
    pub fn bench_url(&self, port: u16, page: u32) -> String {
        format!("http://{}:{port}/bench/{page}", catalogue::Shop::JsonLd.host())
    }

    /// Sets a price or a stock state, or moves the pages of the load tests, at once.
    pub fn change(&self, change: &Change) -> Result<(), ChangeError> {
        self.control.change(change).map(|_| ())
    }
}

fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Timestamp::from_micros(i64::try_from(since.as_micros()).unwrap_or(i64::MAX))
}
