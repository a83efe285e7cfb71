//! Pages for admins.

mod accounts;
mod failures;
mod nav;
mod overview;

pub use accounts::AccountsPage;
pub use failures::FailuresPage;
pub use overview::OverviewPage;
