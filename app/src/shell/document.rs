//! The only HTML document: head, style, script, and the app inside.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::app::App;
use crate::context::{AssetPaths, Assets, Language, asset_paths, theme};

/// The script of every page.
const SCRIPT: &str = include_str!("page.js");

/// The document around the app. `assets` says where the built files are; what is missing is left out, and the page still works.
pub fn shell(options: LeptosOptions, assets: Assets) -> impl IntoView {
    // Nothing of the options is needed: the files' names come from `assets`.
    let LeptosOptions { .. } = options;
    provide_context(assets.clone());
    // Only what is inside of an island is made alive in the browser: no data is sent for the rest.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let AssetPaths { icons, charts } = asset_paths();
    let (glue, wasm) = (assets.path("plummet.js"), assets.path("plummet.wasm"));
    view! {
        <!DOCTYPE html>
        <html lang=Language::of_reader().tag() data-theme=theme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                // Forms without scripts come back to the page that is named in the referrer.
                <meta name="referrer" content="same-origin" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f5f7f9" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#0b0e14" media="(prefers-color-scheme: dark)" />
                <script nonce=use_nonce() inner_html=SCRIPT></script>
                {assets.path("main.css").map(|href| view! { <link rel="stylesheet" href=href /> })}
                <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                <MetaTags />
            </head>
            <body data-icons=icons data-charts=charts data-glue=glue data-wasm=wasm>
                <App />
            </body>
        </html>
    }
}
