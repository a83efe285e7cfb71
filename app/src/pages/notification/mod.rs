//! Pages about alerts.

mod list;

pub use list::NotificationsPage;
