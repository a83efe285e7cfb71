//! Pages about one product.

mod add;
mod rules;
mod show;

pub use add::AddPage;
pub use show::ProductPage;
