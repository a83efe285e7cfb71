//! Private PostgreSQL and Redis servers for tests, and a wire that can be cut.
//!
//! Real programs on free ports of 127.0.0.1, with their data in a temporary folder. They end with the test that started them,
//! also when it is killed. A server that the machine has already is never touched.
//!
//! - [`shared_postgres`], [`shared_redis`]: an empty database of one's own on a server that all tests of a run share. Quick.
//! - [`Postgres`], [`Redis`], [`RedisCluster`], [`RedisSentinel`]: a server of one's own, to kill, stop and start again.
//! - [`Wire`]: a way to a port that can be cut, hang or be slow.
//!
//! What is missing on the machine fails the test, with the remedy: nothing is skipped.

mod folder;
mod held;
mod postgres;
mod programs;
mod redis;
mod redis_kinds;
mod shared;
mod wire;

pub use postgres::Postgres;
pub use redis::{Memory, Redis};
pub use redis_kinds::{RedisCluster, RedisSentinel};
pub use shared::{shared_postgres, shared_redis};
pub use wire::Wire;

use std::net::{Ipv4Addr, TcpListener};

/// A port that nobody uses now.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port of this machine can be listened at");
    listener.local_addr().expect("a bound listener has an address").port()
}
