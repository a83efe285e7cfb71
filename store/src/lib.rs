//! Where Plummet keeps the truth: the [`Store`] trait in product words, and its engines.
//!
//! Methods are units of work, each one transaction inside. Rows never leave an engine. No rule lives here: what is to be written
//! is decided by `domain` and written as it is.

mod error;
mod model;
mod port;
pub mod sqlite;

pub use error::{Result, StoreError};
pub use model::*;
pub use port::Store;
