//! Tests of the straight path with real parts: a shop on a loopback port, SQLite in a temporary folder, a mail server.

mod channels;
mod delivering;
mod fetching;
mod on_demand;
mod pacing;
mod path;
mod peers;
mod proxies;
mod proxy;
mod shop;
mod times;
mod tls;
mod twice;
mod world;

use std::time::Duration;

/// Waits until `find` gives something; fails after ten seconds with what was waited for.
pub(crate) async fn wait_for<T>(what: &str, mut find: impl AsyncFnMut() -> Option<T>) -> T {
    let found = tokio::time::timeout(Duration::from_secs(10), async {
        loop {
            if let Some(found) = find().await {
                return found;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    });
    found.await.unwrap_or_else(|_| panic!("waited ten seconds for {what}"))
}
