//! What can go wrong in a store, as far as a caller would treat it differently.

/// The result of a unit of work.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// Why a unit of work did not happen. None of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database cannot be opened or is no Plummet database; the start stops with this message.
    #[error("{0}")]
    Unusable(String),
    /// Another program holds the database, or the disk is full: worth trying again.
    #[error("the database is busy or out of space: {0}")]
    Unavailable(String),
    /// Already there: an account with this e-mail address.
    #[error("{0} is already taken")]
    Taken(&'static str),
    /// Anything else.
    #[error(transparent)]
    Other(#[from] anyhow::Error),
}
