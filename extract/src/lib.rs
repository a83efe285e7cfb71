//! From a fetched page to a reading: a price that is surely right, a sure "out of stock", or a typed reason why not.
//!
//! Pure: no I/O, no clock, nothing async, and no panic on any input. A page goes down one straight path:
//! decode → classify by status → parse once → readers → classify by content → reconcile.

mod availability;
mod candidate;
mod classify;
mod context;
mod decode;
mod document;
mod extract;
mod page;
pub mod price_text;
mod readers;
mod reconcile;
mod sight;
mod summary;
mod text;
mod visible;

pub use availability::{read_phrase, read_schema_word};
pub use extract::extract;
pub use page::{MAX_BODY_BYTES, Page, Pin};
pub use summary::{Summary, summary};
