//! The frame around every page.

use leptos::prelude::*;

/// Navigation around the page's content.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    view! { <main id="main">{children()}</main> }
}
