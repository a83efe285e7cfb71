//! The only HTML document: head, style, scripts, and the app inside.

use leptos::nonce::use_nonce;
use leptos::prelude::*;
use leptos_meta::MetaTags;

use crate::app::App;
use crate::context::{AssetPaths, Assets, asset_paths, theme};

/// The document around the app. `assets` says where the built files are; what is missing is left out, and the page still works.
pub fn shell(options: LeptosOptions, assets: Assets) -> impl IntoView {
    // Nothing of the options is needed: the files' names come from `assets`.
    let LeptosOptions { .. } = options;
    let script = assets.path("plummet.js").zip(assets.path("plummet.wasm"));
    provide_context(assets.clone());
    // Only what an island is given goes along as data; everything else is in the HTML already.
    if let Some(shared) = Owner::current_shared_context() {
        shared.set_is_hydrating(false);
    }
    let AssetPaths { icons, charts } = asset_paths();
    view! {
        <!DOCTYPE html>
        <html lang="en" data-theme=theme()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover" />
                // Forms without scripts come back to the page that is named in the referrer.
                <meta name="referrer" content="same-origin" />
                <meta name="color-scheme" content="light dark" />
                <meta name="theme-color" content="#f5f7f9" media="(prefers-color-scheme: light)" />
                <meta name="theme-color" content="#0b0e14" media="(prefers-color-scheme: dark)" />
                {assets.path("main.css").map(|href| view! { <link rel="stylesheet" href=href /> })}
                <link rel="icon" href="/icons/icon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/icons/apple-touch-icon.png" />
                <link rel="manifest" href="/manifest.webmanifest" />
                {script.map(|(glue, wasm)| view! { <HydrateScript glue wasm /> })}
                <MetaTags />
            </head>
            <body data-icons=icons data-charts=charts>
                <App />
            </body>
        </html>
    }
}

/// What every page does once it is there: see the script itself.
const PAGE_SCRIPT: &str = include_str!("page.js");

/// Loads glue and WASM where the page has an island, and makes it live.
#[component]
fn HydrateScript(glue: String, wasm: String) -> impl IntoView {
    let nonce = use_nonce();
    let script = format!("const glue = {glue:?}, wasm = {wasm:?};\n{PAGE_SCRIPT}");
    view! {
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}
