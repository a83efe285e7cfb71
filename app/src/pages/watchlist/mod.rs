//! Pages about the watchlist.

mod list;

pub use list::WatchlistPage;
