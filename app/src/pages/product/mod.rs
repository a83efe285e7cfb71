//! Pages about one product.

mod add;
mod compare;
mod elsewhere;
mod rules;
mod share;
mod shared;
mod show;

pub use add::AddPage;
pub use compare::ComparePage;
pub use shared::{EmbeddedPage, SharedPage};
pub use show::ProductPage;
