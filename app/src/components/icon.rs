//! A glyph of the sprite: always beside words, or inside a named button.

use leptos::prelude::*;

use crate::context::AssetPaths;

/// One glyph of `public/icons.svg`. Invisible to screen readers.
#[component]
pub fn Icon(
    /// The glyph's id in the sprite.
    #[prop(into)]
    name: String,
) -> impl IntoView {
    let sprite = use_context::<AssetPaths>().map(|paths| paths.icons).unwrap_or_default();
    view! {
        <svg class="icon" aria-hidden="true">
            <use_ href=format!("{sprite}#{name}") />
        </svg>
    }
}
