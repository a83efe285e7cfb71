//! PostgreSQL goes away in the middle of a batch, the network breaks or hangs, shops do.

use std::time::Duration;

use futures::FutureExt;

use crate::Fault;
use crate::fleet::Fleet;

/// How long something is away.
const AWAY: Duration = Duration::from_millis(1_500);

pub const FAULTS: &[Fault] = &[
    ("a restart of PostgreSQL", |fleet| restart(fleet).boxed()),
    ("SIGKILL of PostgreSQL", |fleet| kill(fleet).boxed()),
    ("a full disk under PostgreSQL", |fleet| fill_disk(fleet).boxed()),
    ("a cut between a worker and PostgreSQL", |fleet| cut_postgres(fleet).boxed()),
    ("a cut between a worker and Redis", |fleet| cut_redis(fleet).boxed()),
    ("silence between a worker and PostgreSQL", |fleet| hang_postgres(fleet).boxed()),
    ("silence between a worker and Redis", |fleet| hang_redis(fleet).boxed()),
    ("shops that are slow, hang and never end", |fleet| hanging_shops(fleet).boxed()),
];

async fn restart(fleet: &mut Fleet) {
    fleet.postgres.stop().await;
    fleet.postgres.start_again().await;
}

async fn kill(fleet: &mut Fleet) {
    fleet.postgres.kill().await;
    fleet.endures(AWAY).await;
    fleet.postgres.start_again().await;
}

/// No file may grow: PostgreSQL cannot write its log, and gives up. It is started again once there is room.
async fn fill_disk(fleet: &mut Fleet) {
    fleet.postgres.fill_disk();
    fleet.endures(AWAY).await;
    fleet.postgres.kill().await;
    fleet.postgres.start_again().await;
}

async fn cut_postgres(fleet: &mut Fleet) {
    fleet.to_postgres.cut();
    fleet.endures(AWAY).await;
    fleet.to_postgres.heal();
}

async fn cut_redis(fleet: &mut Fleet) {
    fleet.to_redis.cut();
    fleet.endures(AWAY).await;
    fleet.to_redis.heal();
}

async fn hang_postgres(fleet: &mut Fleet) {
    fleet.to_postgres.hang();
    fleet.endures(AWAY).await;
    fleet.to_postgres.heal();
}

async fn hang_redis(fleet: &mut Fleet) {
    fleet.to_redis.hang();
    fleet.endures(AWAY).await;
    fleet.to_redis.heal();
}

/// Pages that take their time are tracked beside the others, which must not wait for them.
async fn hanging_shops(fleet: &mut Fleet) {
    if fleet.load.strays.is_empty() {
        let store = fleet.store.clone();
        for path in ["/p/slow", "/p/endless", "/p/truncated", "/p/huge", "/p/broken"] {
            fleet.load.track_stray(&*store, path).await;
        }
    }
    fleet.endures(AWAY).await;
}
