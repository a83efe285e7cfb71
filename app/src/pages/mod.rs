//! Pages, one file each, in folders by noun.

pub mod admin;
pub mod drops;
mod not_found;
pub mod notification;
pub mod product;
pub mod search;
pub mod session;
pub mod settings;
pub mod setup;
pub mod watchlist;

pub use not_found::NotFoundPage;
