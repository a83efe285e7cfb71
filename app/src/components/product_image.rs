//! A product's picture, or its tile.

use leptos::prelude::*;

/// A tile with the first letter. Pictures of shops are not loaded from the shops: that would tell them who looks.
#[component]
pub fn ProductImage(
    /// The product's name.
    name: String,
    /// `medium` or `large`.
    #[prop(default = "medium")]
    size: &'static str,
) -> impl IntoView {
    let letter = name.chars().find(|c| c.is_alphanumeric()).map(|c| c.to_uppercase().to_string()).unwrap_or_else(|| "?".into());
    // The same name always gives the same tint, on server and browser.
    let tint = name.bytes().fold(0_u32, |sum, byte| sum.wrapping_mul(31).wrapping_add(u32::from(byte))) % 6 + 1;
    view! {
        <span class="product-image" data-size=size data-tint=tint.to_string() aria-hidden="true">
            {letter}
        </span>
    }
}
