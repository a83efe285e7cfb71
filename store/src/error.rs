//! What can go wrong in a store, as far as a caller would treat it differently.

use sqlx::postgres::PgDatabaseError;
use sqlx::sqlite::SqliteError;

/// The result of a unit of work.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why a unit of work did not happen. None of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened or is no Plummet database; the start stops with this message.
    #[error("{0}")]
    Unusable(String),
    /// Another program holds the database, it cannot be reached, or the disk is full: worth trying again.
    #[error("the database is busy, away or out of space: {0}")]
    Unavailable(String),
    /// Already there: an account with this e-mail address, a proxy with this address.
    #[error("{0} is already taken")]
    Taken(&'static str),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let database = error.as_database_error();
        if database.is_some_and(|error| error.try_downcast_ref::<SqliteError>().is_some()) {
            return crate::sqlite::error::store_error(error);
        }
        if database.is_some_and(|error| error.try_downcast_ref::<PgDatabaseError>().is_some()) {
            return crate::postgres::error::store_error(error);
        }
        match error {
            sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection became free in time".to_owned()),
            sqlx::Error::PoolClosed => StoreError::Unavailable("it is closed".to_owned()),
            // What is left of a connection that broke.
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::WorkerCrashed
            | sqlx::Error::BeginFailed => StoreError::Unavailable(error.to_string()),
            other => StoreError::Other(other.into()),
        }
    }
}
