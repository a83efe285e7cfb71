//! From what SQLite says to what a caller would treat differently.

use crate::error::StoreError;

// Primary result codes of SQLite, https://www.sqlite.org/rescode.html: the low byte of what it reports.
pub(super) const READONLY: i32 = 8;
pub(super) const CORRUPT: i32 = 11;
pub(super) const CANTOPEN: i32 = 14;
pub(super) const NOTADB: i32 = 26;
const BUSY: i32 = 5;
const LOCKED: i32 = 6;
const IOERR: i32 = 10;
const FULL: i32 = 13;

/// The primary result code of an error that SQLite reported.
pub(super) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code: i32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

/// Whether another program or connection was in the way for longer than we wait.
pub(super) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(primary_code(error), Some(BUSY | LOCKED))
}

/// Whether the row is there already.
pub(super) fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        match primary_code(&error) {
            Some(BUSY | LOCKED | IOERR | FULL) => return StoreError::Unavailable(error.to_string()),
            Some(CORRUPT | NOTADB) => {
                return StoreError::Unusable(format!("the database file is damaged ({error}); restore it from a backup"));
            }
            _ => {}
        }
        match error {
            sqlx::Error::PoolTimedOut => StoreError::Unavailable("no connection became free in time".to_owned()),
            sqlx::Error::PoolClosed => StoreError::Unavailable("it is closed".to_owned()),
            other => StoreError::Other(other.into()),
        }
    }
}
