//! Reading the proxies of the database again: another process may have changed them.

use std::time::Duration;

use store::Store;
use tokio_util::sync::CancellationToken;

use super::ProxyPool;

/// How old what a process knows may be.
const EVERY: Duration = Duration::from_secs(30);

/// Reads them until the stop.
pub(crate) async fn refresh(pool: &ProxyPool, store: &dyn Store, stop: &CancellationToken) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(EVERY) => {}
        }
        if let Err(error) = pool.reload(store).await {
            tracing::warn!(%error, "the proxies were not read again; those that are known are used on");
        }
    }
}
