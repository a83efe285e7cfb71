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

/// Loads glue and WASM, hydrates, and then, when the page is idle, registers the service worker. Also tells the server the
/// browser's time zone, once: dates are formatted there.
#[component]
fn HydrateScript(glue: String, wasm: String) -> impl IntoView {
    let nonce = use_nonce();
    let script = format!(
        "import init, {{ hydrate }} from {glue:?};\n\
         init({{ module_or_path: {wasm:?} }}).then(() => {{ hydrate(); document.documentElement.dataset.hydrated = ''; }});\n\
         const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;\n\
         if (zone && !document.cookie.includes('zone=')) \
         document.cookie = `zone=${{zone}}; path=/; max-age=31536000; samesite=lax`;\n\
         if ('serviceWorker' in navigator) (window.requestIdleCallback ?? setTimeout)(() => \
         navigator.serviceWorker.register('/sw.js').catch(() => {{}}));"
    );
    view! {
        <link rel="modulepreload" href=glue crossorigin=nonce.clone() />
        <link rel="preload" href=wasm r#as="fetch" r#type="application/wasm" crossorigin="" />
        <script type="module" nonce=nonce>
            {script}
        </script>
    }
}
