//! Fresh data on an open page.

use leptos::prelude::*;

/// Asks the page's script to fetch the page again every so many seconds, while it is seen and nobody is typing, and to put the
/// new content in the place of the old.
#[component]
pub fn Live(
    /// How often.
    seconds: u32,
) -> impl IntoView {
    view! { <span hidden data-live=seconds.to_string()></span> }
}
