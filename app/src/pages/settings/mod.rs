//! Pages about a person's own settings.

mod show;

pub use show::SettingsPage;
