//! Where no page is.

use leptos::prelude::*;

/// "There is no such page."
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! { <h1>"Not found"</h1> }
}
