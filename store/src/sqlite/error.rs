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

/// What a caller is told about an error of SQLite.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    match primary_code(&error) {
        Some(FULL) => StoreError::Unavailable(format!("{error}; make room on its disk")),
        Some(BUSY | LOCKED | IOERR) => StoreError::Unavailable(error.to_string()),
        Some(CORRUPT | NOTADB) => {
            StoreError::Unusable(format!("the database file is damaged ({error}); restore it from a backup"))
        }
        _ => StoreError::Other(error.into()),
    }
}
