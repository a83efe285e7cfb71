//! A sentence in the page about what was done or what is wrong.

use leptos::prelude::*;

use super::icon::Icon;

/// Icon, sentence and, as children, at most one action. Never floats.
#[component]
pub fn Notice(
    /// `info`, `good`, `warning` or `danger`.
    #[prop(default = "info")]
    tone: &'static str,
    /// The sentence.
    #[prop(into)]
    text: String,
    /// An action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let icon = match tone {
        "good" => "check",
        "info" => "info",
        _ => "alert",
    };
    let role = if tone == "danger" { "alert" } else { "status" };
    view! {
        <div class="notice" data-tone=tone role=role>
            <Icon name=icon />
            <p class="notice-text">{text}</p>
            {children.map(|children| children())}
        </div>
    }
}
