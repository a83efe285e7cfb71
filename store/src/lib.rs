//! Where Plummet keeps the truth: the [`Store`] trait in product words, and its engines.
//!
//! Methods are units of work, each one transaction inside. Rows never leave an engine. No rule lives here: what is to be written
//! is decided by `domain` and written as it is.

mod batch;
pub mod cache;
mod channels;
mod cursor;
mod engine;
mod error;
mod list_rows;
mod lists;
mod model;
mod params;
mod port;
pub mod postgres;
mod records;
pub mod redis;
mod rows;
mod search;
pub mod sqlite;
mod wishes;

pub use channels::*;
pub use error::{Result, StoreError};
pub use lists::*;
pub use model::*;
pub use port::Store;
