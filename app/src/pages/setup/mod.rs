//! Pages of the first run.

mod show;
mod steps;

pub use show::SetupPage;
