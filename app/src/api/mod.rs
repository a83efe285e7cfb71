//! Server functions and the views they return, one file a noun. A server function is context, viewer, one action, mapped error.

pub mod add;
pub mod admin;
pub mod channels;
pub mod compare;
pub mod drops;
pub mod error;
pub mod evidence;
pub mod history;
pub mod notifications;
#[cfg(feature = "ssr")]
mod plot;
pub mod product;
pub mod search;
pub mod session;
pub mod settings;
pub mod setup;
pub mod sharing;
#[cfg(feature = "ssr")]
pub(crate) mod show;
#[cfg(feature = "ssr")]
mod spark;
#[cfg(feature = "ssr")]
mod state;
pub mod text;
#[cfg(feature = "ssr")]
mod ticks;
pub mod tokens;
pub mod tracking;
pub mod transfer;
pub mod watchlist;
