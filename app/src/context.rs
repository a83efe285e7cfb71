//! What a request brings along, and what a page knows of it in the browser.

#[cfg(feature = "ssr")]
mod german;
#[cfg(feature = "ssr")]
mod request;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub use request::*;
#[cfg(feature = "ssr")]
pub use words::Language;
#[cfg(feature = "ssr")]
pub(crate) use words::{fill, t};

/// A text of ours as it is: only the server knows other languages, and islands get their texts from it.
#[cfg(not(feature = "ssr"))]
pub(crate) const fn t(english: &'static str) -> &'static str {
    english
}

/// A text of ours with its values, each in place of its name in braces.
#[cfg(not(feature = "ssr"))]
pub(crate) fn fill(english: &'static str, values: &[(&str, &dyn std::fmt::Display)]) -> String {
    values.iter().fold(english.to_owned(), |text, (name, value)| text.replace(&format!("{{{name}}}"), &value.to_string()))
}

/// Paths of built files that components name: the same on the server, which knows them, and in the browser, which reads them in
/// the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetPaths {
    /// The sprite of icons.
    pub icons: String,
    /// The chart library; empty if it is not built.
    pub charts: String,
}

/// The paths as the server knows them.
#[cfg(feature = "ssr")]
pub(crate) fn asset_paths() -> AssetPaths {
    let assets = leptos::prelude::use_context::<Assets>().unwrap_or_default();
    AssetPaths {
        icons: assets.path("icons.svg").unwrap_or_else(|| "/icons.svg".into()),
        charts: assets.path("echarts.js").unwrap_or_default(),
    }
}

/// The paths as the shell wrote them on the body.
#[cfg(not(feature = "ssr"))]
pub(crate) fn asset_paths() -> AssetPaths {
    let body = leptos::prelude::document().body();
    let of = |name: &str| body.as_ref().and_then(|body| body.get_attribute(name)).unwrap_or_default();
    AssetPaths { icons: of(crate::shell::ICONS), charts: of(crate::shell::CHARTS) }
}
