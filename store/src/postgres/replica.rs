//! Reading from a replica: history and search may be some seconds old.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use sqlx::PgPool;

use super::PostgresStore;
use crate::error::Result;

/// How long a replica that did not answer is left alone.
const PAUSE: Duration = Duration::from_secs(10);

/// A copy of the database that follows it.
#[derive(Debug)]
pub(super) struct Replica {
    pool: PgPool,
    away_until: Mutex<Option<Instant>>,
}

impl Replica {
    pub(super) fn new(pool: PgPool) -> Self {
        Replica { pool, away_until: Mutex::new(None) }
    }

    pub(super) async fn close(&self) {
        self.pool.close().await;
    }

    fn is_away(&self) -> bool {
        let until = self.away_until.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        until.is_some_and(|until| Instant::now() < until)
    }

    fn note_away(&self) {
        *self.away_until.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(Instant::now() + PAUSE);
    }
}

impl PostgresStore {
    /// Reads from the replica, if there is one. The primary is asked if the replica does not answer, or does not know yet what
    /// is asked about: `knows` says whether it does.
    pub(super) async fn read_behind<'s, T, F: Future<Output = Result<T>> + Send>(
        &'s self,
        read: impl Fn(&'s PgPool) -> F + Send + Sync,
        knows: impl Fn(&T) -> bool + Send + Sync,
    ) -> Result<T> {
        if let Some(replica) = self.replica.as_ref().filter(|replica| !replica.is_away()) {
            match read(&replica.pool).await {
                Ok(found) if knows(&found) => return Ok(found),
                Ok(_) => {}
                Err(error) => {
                    replica.note_away();
                    tracing::warn!(error.message = %error, "the replica does not answer; the primary is read instead");
                }
            }
        }
        read(&self.pool).await
    }
}
