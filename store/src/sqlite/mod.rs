//! The SQLite engine: one file, one writer, many readers.
//!
//! Writes queue for the one writing connection and begin immediately, so none fails half-way because another was faster. What
//! is written often takes a whole batch as one JSON parameter: a statement a batch, not a statement a row.

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
#[cfg(test)]
mod plans;
mod port;
mod products;
mod proxies;
mod revisits;
mod searching;
mod tracking_rows;
mod trackings;
mod watchlist;

use std::fs::File;
use std::sync::Mutex;

use sqlx::{Sqlite, SqlitePool, Transaction};

pub use open::OpenOptions;

use crate::error::Result;

/// A Plummet database in one SQLite file.
#[derive(Debug)]
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    /// Held while this is the sole worker.
    lock: Mutex<Option<File>>,
}

impl SqliteStore {
    /// A transaction that writes. It has the write lock from its start: what it reads stays true until it commits.
    async fn write(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    /// A transaction that reads: all its statements see the same moment.
    async fn read(&self) -> Result<Transaction<'static, Sqlite>> {
        Ok(self.readers.begin().await?)
    }

    /// One unit of work. It has the write lock from its start, so nothing can be in its way.
    async fn unit<T, F: Future<Output = Result<T>> + Send>(&self, work: impl Fn() -> F + Send + Sync) -> Result<T> {
        work().await
    }

    /// Everything that was acknowledged is in the file afterwards, and the lock is free.
    async fn shut(&self) {
        self.readers.close().await;
        if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writer).await {
            tracing::debug!(error.message = %error, "left the write-ahead log to the next start");
        }
        self.writer.close().await;
        self.lock.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
    }
}
