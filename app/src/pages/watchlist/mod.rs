//! The watchlist.

mod asked;
mod filters;
mod list;

pub use list::WatchlistPage;
