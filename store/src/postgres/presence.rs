//! Who works on a database: one program by itself, or any number that share queue and limiter.
//!
//! A program with a limiter of its own asks shops as often as the limits allow; a second one would ask as often again. So each
//! holds an advisory lock on a connection of its own while it runs.

use std::time::Duration;

use secrecy::SecretString;
use sqlx::{ConnectOptions, Connection, PgConnection};
use tokio::task::JoinHandle;

use super::open::Server;
use crate::error::{Result, StoreError};

/// How often it is looked whether the lock is still held.
const LOOK_EVERY: Duration = Duration::from_secs(5);

/// How a program works on a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// With queue and limiter of its own.
    Alone,
    /// With those that all share.
    Shared,
}

/// A program's place at a database, until it is dropped.
#[derive(Debug)]
pub struct Place(JoinHandle<()>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Presence {
    /// Takes a place; refused if the other programs that run leave none.
    pub async fn take(self, url: &SecretString) -> Result<Place> {
        let server = Server::parse("DATABASE_URL", url)?;
        let mut connection = server.options.connect().await?;
        if !self.is_free(&mut connection).await? {
            return Err(StoreError::Unusable(self.refusal().to_owned()));
        }
        Ok(Place(tokio::spawn(async move {
            loop {
                tokio::time::sleep(LOOK_EVERY).await;
                if matches!(tokio::time::timeout(LOOK_EVERY, connection.ping()).await, Ok(Ok(()))) {
                    continue;
                }
                // The lock went with the connection. Until it is taken again another program may come in between.
                let Ok(again) = server.options.connect().await else { continue };
                connection = again;
                if let Ok(false) = self.is_free(&mut connection).await {
                    tracing::error!("{}", self.refusal());
                }
            }
        })))
    }

    async fn is_free(self, connection: &mut PgConnection) -> Result<bool, sqlx::Error> {
        let take = match self {
            Presence::Alone => "SELECT pg_try_advisory_lock(hashtextextended('plummet.presence', 0))",
            Presence::Shared => "SELECT pg_try_advisory_lock_shared(hashtextextended('plummet.presence', 0))",
        };
        sqlx::query_scalar(take).fetch_one(connection).await
    }

    fn refusal(self) -> &'static str {
        match self {
            Presence::Alone => {
                "another Plummet works on this database, and without REDIS_URL each would ask the shops as often as the limits \
                 allow; set REDIS_URL for all of them, or stop the other one"
            }
            Presence::Shared => {
                "another Plummet works on this database without REDIS_URL, and would ask the shops beside the limits that are shared \
                 here; set REDIS_URL for it too, or stop it"
            }
        }
    }
}
