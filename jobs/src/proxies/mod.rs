//! The proxies that requests go through: from the configuration, and from the database, where operators edit them.
//!
//! Health has two levels. A proxy that does not answer, or refuses our credentials, is paused as a whole here. One that a shop blocks
//! is paused for that shop only: each (platform, proxy) is a route with a budget and a breaker of its own in the limiter.

mod health;
mod pool;
mod proxy_url;
mod refresh;
mod shops;
mod stored;
mod test;

pub use health::ProxyHealth;
pub use pool::{Proxy, ProxyPool, ProxySource};
pub use proxy_url::{ProxyScheme, ProxyUrl, ProxyUrlError};
pub use shops::ShopHealth;
pub use test::ProxyTest;

pub(crate) use pool::Ways;
pub(crate) use proxy_url::ProxyCredentials;
pub(crate) use refresh::refresh;
pub(crate) use shops::shops;
pub(crate) use test::test;
