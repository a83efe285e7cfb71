//! The PostgreSQL engine: any number of programs on one database, or on a cluster of them (Citus).
//!
//! Transactions are short, READ COMMITTED, and safe by what they write rather than by locks that they take first: a row is
//! changed only where it is still as it was decided from. Batches are arrays (`unnest`): a statement a batch, not a statement a
//! row. What fails because another transaction was in the way is done again.

mod channels;
mod checking;
mod delivery;
pub(crate) mod error;
mod fan_out;
mod inbox;
mod instance;
mod lists;
mod open;
mod people;
mod port;
mod presence;
mod products;
mod proxies;
mod replica;
mod revisits;
#[cfg(test)]
mod routes;
mod searching;
mod sql;
mod tracking_rows;
mod trackings;
mod watchlist;

use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::Duration;

use sqlx::{PgPool, Postgres, Transaction};

pub use open::PostgresOptions;
pub use presence::{Place, Presence};
use replica::Replica;

use crate::error::{Result, StoreError};

/// Longest time for one unit of work. The server gives up before (see `open`); this is for a server that is not heard of any more.
const PATIENCE: Duration = Duration::from_secs(45);
/// How often a unit of work is tried that others are in the way of.
const MAX_TRIES: u32 = 8;

/// A Plummet database on a PostgreSQL server.
#[derive(Debug)]
pub struct PostgresStore {
    pool: PgPool,
    replica: Option<Replica>,
    /// Whether tables are spread over servers: then no scan may lock.
    is_sharded: bool,
    /// When sessions that ended were last removed.
    swept_at: AtomicI64,
    /// A connection was given up while the server was not heard of.
    has_hung: Arc<AtomicBool>,
}

impl PostgresStore {
    /// A transaction that writes. Each of its statements sees what was committed before it.
    async fn write(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL READ COMMITTED").await?)
    }

    /// A transaction that reads: all its statements see the same moment.
    async fn read(&self) -> Result<Transaction<'static, Postgres>> {
        Ok(self.pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
    }

    /// One unit of work: done again if another transaction was in its way, given up if the server is not heard of.
    async fn unit<T, F: Future<Output = Result<T>> + Send>(&self, work: impl Fn() -> F + Send + Sync) -> Result<T> {
        let mut tries = 1;
        loop {
            let mut unit = pin!(work());
            let Ok(outcome) = tokio::time::timeout(PATIENCE, unit.as_mut()).await else {
                // Before the connection goes back to the pool: there it is asked whether it still answers.
                self.has_hung.store(true, Ordering::Relaxed);
                return Err(StoreError::Unavailable(format!("no answer within {} s", PATIENCE.as_secs())));
            };
            match outcome {
                Err(error) if error::is_conflict(&error) => {
                    if tries == MAX_TRIES {
                        return Err(StoreError::Unavailable(format!("others were in the way {tries} times: {error}")));
                    }
                    // Two that were in each other's way must not meet again.
                    let pause = Duration::from_millis(2 << tries) + Duration::from_micros(u64::from(rand::random::<u16>()));
                    tracing::debug!(error.message = %error, tries, "trying again: another transaction was in the way");
                    tokio::time::sleep(pause).await;
                    tries += 1;
                }
                outcome => return outcome,
            }
        }
    }

    async fn shut(&self) {
        if let Some(replica) = &self.replica {
            replica.close().await;
        }
        self.pool.close().await;
    }
}
