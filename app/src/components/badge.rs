//! A state in one to three words.

use leptos::prelude::*;

use super::icon::Icon;
use crate::api::text::StateText;

/// Icon and label of a state. A healthy product has none.
#[component]
pub fn StateBadge(
    /// The state.
    state: StateText,
) -> impl IntoView {
    view! {
        <span class="state-badge" data-tone=state.tone.as_str()>
            <Icon name=state.icon />
            {state.label}
        </span>
    }
}

/// A state with its sentence, for a product's own page.
#[component]
pub fn StateNotice(
    /// The state.
    state: StateText,
) -> impl IntoView {
    view! {
        <div class="state-notice" data-tone=state.tone.as_str()>
            <Icon name=state.icon />
            <p>
                <strong>{state.label}</strong>
                " "
                {state.sentence}
            </p>
        </div>
    }
}
