//! Light, dark, or the system's.

use leptos::prelude::*;
use server_fn::ServerFn;

use super::icon::Icon;
use crate::api::session::SetTheme;
use crate::context::t;

/// Three buttons of one form. A plain form: the server writes the theme into the document.
#[component]
pub fn ThemeSwitch(
    /// The chosen one: `light`, `dark` or empty.
    theme: String,
) -> impl IntoView {
    let choice = move |value: &'static str, label: &'static str, icon: &'static str| {
        let is_chosen = theme == value;
        view! {
            <button
                type="submit"
                name="theme"
                value=if value.is_empty() { "system" } else { value }
                class="theme-choice"
                aria-pressed=if is_chosen { "true" } else { "false" }
                title=label
            >
                <Icon name=icon />
                <span class="visually-hidden">{label}</span>
            </button>
        }
    };
    view! {
        <form method="post" action=SetTheme::url()>
            <div class="theme-switch" role="group" aria-label=t("Colours")>
                {choice("light", "Light", "sun")} {choice("", "As the system", "monitor")} {choice("dark", "Dark", "moon")}
            </div>
        </form>
    }
}
