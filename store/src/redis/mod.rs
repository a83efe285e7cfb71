//! Redis: one link for the queue, the limiter and the cache. Nothing in it is the truth: whoever uses it goes on without it.
//!
//! A single server, a master that sentinels watch, or a cluster: the same link, chosen by the URL ([`RedisAddress`]).

mod address;
mod connector;
mod link;
mod outage;
mod script;

pub use address::{RedisAddress, RedisAddressError};
pub use link::{RedisDown, RedisLink, RedisLinkError};
pub use redis::{ErrorKind, FromRedisValue, RedisError, RedisResult, Value, cmd, pipe};
pub use script::LuaScript;
