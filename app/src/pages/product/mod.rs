//! Pages about one product.

mod add;
mod chart;
mod rules;
mod show;

pub use add::AddPage;
pub use show::ProductPage;
