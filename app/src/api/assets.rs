//! Where the files are that components name: the same on the server, which knows, and in the browser, which reads it in the page.

use leptos::prelude::*;

/// Paths of built files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AssetPaths {
    /// The sprite of icons.
    pub icons: String,
    /// The chart library; empty if it is not built.
    pub charts: String,
}

/// The paths as the server knows them.
#[cfg(feature = "ssr")]
pub fn asset_paths() -> AssetPaths {
    let assets = use_context::<crate::context::Assets>().unwrap_or_default();
    AssetPaths {
        icons: assets.path("icons.svg").unwrap_or_else(|| "/icons.svg".into()),
        charts: assets.path("echarts.js").unwrap_or_default(),
    }
}

/// The paths as the shell wrote them on the body.
#[cfg(not(feature = "ssr"))]
pub fn asset_paths() -> AssetPaths {
    let of = |name: &str| document().body().and_then(|body| body.get_attribute(name));
    AssetPaths { icons: of("data-icons").unwrap_or_else(|| "/icons.svg".into()), charts: of("data-charts").unwrap_or_default() }
}
