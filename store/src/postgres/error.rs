//! From what PostgreSQL says to what a caller would treat differently.

use crate::error::StoreError;

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const SERIALIZATION_FAILURE: &str = "40001";
const DEADLOCK: &str = "40P01";
const DISK_FULL: &str = "53100";
const TOO_MANY_CONNECTIONS: &str = "53300";
const CANCELED: &str = "57014";
const LOCK_TIMEOUT: &str = "55P03";
const READ_ONLY: &str = "25006";
const DAMAGED: [&str; 2] = ["XX001", "XX002"];
const IO_ERROR: &str = "58030";

/// The SQLSTATE of an error that the server reported.
pub(super) fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

/// Whether the row is there already.
pub(super) fn is_taken(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|error| error.is_unique_violation())
}

/// Whether another transaction was in the way, so that the same one may succeed now.
pub(super) fn is_conflict(error: &StoreError) -> bool {
    let StoreError::Other(error) = error else { return false };
    let code = error.downcast_ref::<sqlx::Error>().and_then(code);
    matches!(code.as_deref(), Some(SERIALIZATION_FAILURE | DEADLOCK))
}

/// What a caller is told about an error that the server reported.
pub(crate) fn store_error(error: sqlx::Error) -> StoreError {
    let Some(code) = code(&error) else { return StoreError::Other(error.into()) };
    match code.as_str() {
        SERIALIZATION_FAILURE | DEADLOCK => StoreError::Other(error.into()),
        DISK_FULL => StoreError::Unavailable(format!("{error}; make room on the disk of the database server")),
        TOO_MANY_CONNECTIONS => {
            StoreError::Unavailable(format!("{error}; raise its max_connections, or let each program use fewer"))
        }
        READ_ONLY => StoreError::Unavailable(format!("{error}; DATABASE_URL must name the primary")),
        CANCELED | LOCK_TIMEOUT | IO_ERROR => StoreError::Unavailable(error.to_string()),
        code if DAMAGED.contains(&code) => {
            StoreError::Unusable(format!("the database is damaged ({error}); restore it from a backup"))
        }
        // Connection exceptions, insufficient resources, operator intervention: a restart, for instance.
        code if ["08", "53", "57"].iter().any(|class| code.starts_with(class)) => StoreError::Unavailable(error.to_string()),
        _ => StoreError::Other(error.into()),
    }
}
