//! The button that sends a form.

use leptos::prelude::*;

/// Sends its form. The page's script makes it busy at once and lets the form be sent once only.
#[component]
pub fn Submit(
    /// A verb and its object.
    #[prop(into)]
    label: String,
    /// `primary`, `plain`, `quiet` or `danger`.
    #[prop(default = "primary")]
    kind: &'static str,
) -> impl IntoView {
    view! {
        <button type="submit" class="button" data-kind=kind>
            <span class="button-label">{label}</span>
        </button>
    }
}
