//! Pages, one file each, in folders by noun.

mod not_found;

pub use not_found::NotFoundPage;
