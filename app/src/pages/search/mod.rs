//! Pages about finding products.

mod show;

pub use show::SearchPage;
