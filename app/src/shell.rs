//! The only HTML document. Only the server writes it.

#[cfg(feature = "ssr")]
mod document;

#[cfg(feature = "ssr")]
pub use document::shell;

/// The attribute of the body that holds the path of the sprite of icons.
pub const ICONS: &str = "data-icons";
/// The attribute of the body that holds the path of the chart library.
pub const CHARTS: &str = "data-charts";
