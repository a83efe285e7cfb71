//! Pages about a person's own settings.

mod channel_forms;
mod channels;
mod data;
mod nav;
mod show;
mod tokens;

pub use channels::ChannelsPage;
pub use data::DataPage;
pub use show::SettingsPage;
pub use tokens::TokensPage;
