//! Server functions and the views they return, one file a noun. A server function is context, viewer, one action, mapped error.

pub mod error;
pub mod text;
#[cfg(feature = "ssr")]
pub(crate) mod show;
