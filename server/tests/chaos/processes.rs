//! Programs die, and Redis with or without its memory.

use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use testbed::Memory;

use crate::Fault;
use crate::fleet::Fleet;

/// How long a server is away.
const AWAY: Duration = Duration::from_millis(1_500);

pub const FAULTS: &[Fault] = &[
    ("SIGKILL of a worker", |fleet| kill_workers(fleet, &[1]).boxed()),
    ("SIGKILL of both workers", |fleet| kill_workers(fleet, &[0, 1]).boxed()),
    ("SIGKILL of the web", |fleet| kill_web(fleet)),
    ("SIGKILL of Redis, which keeps its data", |fleet| kill_redis(fleet, Memory::Keep).boxed()),
    ("SIGKILL of Redis, which loses its data", |fleet| kill_redis(fleet, Memory::Lose).boxed()),
    ("FLUSHALL", |fleet| flush(fleet)),
    ("SIGKILL of everything but PostgreSQL", |fleet| kill_all(fleet).boxed()),
];

async fn kill_workers(fleet: &mut Fleet, which: &[usize]) {
    for &index in which {
        fleet.kill_worker(index);
        fleet.load.move_prices();
        fleet.start_worker(index);
    }
}

fn kill_web(fleet: &mut Fleet) -> BoxFuture<'_, ()> {
    fleet.kill_web();
    fleet.start_web();
    std::future::ready(()).boxed()
}

async fn kill_redis(fleet: &mut Fleet, memory: Memory) {
    fleet.redis.kill().await;
    fleet.endures(AWAY).await;
    fleet.redis.start_again(memory).await;
}

fn flush(fleet: &mut Fleet) -> BoxFuture<'_, ()> {
    assert_eq!(fleet.redis.command("FLUSHALL"), "+OK");
    std::future::ready(()).boxed()
}

async fn kill_all(fleet: &mut Fleet) {
    fleet.redis.kill().await;
    kill_workers(fleet, &[0, 1]).await;
    fleet.kill_web();
    fleet.start_web();
    fleet.endures(AWAY).await;
    fleet.redis.start_again(Memory::Lose).await;
}
