//! The biggest falls.

mod list;

pub use list::DropsPage;
