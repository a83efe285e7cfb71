//! The button that sends a form.

use leptos::prelude::*;

/// Sends its form. While `busy`, it says so and further presses do nothing; it is not `disabled`, which would lose the focus.
#[component]
pub fn Submit(
    /// A verb and its object.
    #[prop(into)]
    label: String,
    /// `primary`, `plain`, `quiet` or `danger`.
    #[prop(default = "primary")]
    kind: &'static str,
    /// Whether an answer is awaited.
    #[prop(optional, into)]
    busy: Signal<bool>,
) -> impl IntoView {
    let once = move |event: leptos::ev::MouseEvent| {
        if busy.get_untracked() {
            event.prevent_default();
        }
    };
    view! {
        <button
            type="submit"
            class="button"
            data-kind=kind
            aria-disabled=move || busy.get().then_some("true")
            data-busy=move || busy.get().then_some("")
            on:click=once
        >
            <span class="button-label">{label}</span>
        </button>
    }
}
