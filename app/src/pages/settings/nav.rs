//! The pages of the settings.

use leptos::prelude::*;

use crate::context::t;

/// Links to the parts of the settings; `current` is the path of this one.
pub fn settings_nav(current: &'static str) -> AnyView {
    let parts = [
        ("/settings", t("Profile")),
        ("/settings/channels", t("Channels")),
        ("/settings/tokens", t("API tokens")),
        ("/settings/data", t("Data")),
    ];
    let links = parts.map(|(path, label)| {
        view! {
            <a href=path aria-current=(path == current).then_some("page")>
                {label}
            </a>
        }
    });
    view! {
        <nav class="tabs" aria-label=t("Settings")>
            {links.collect_view()}
        </nav>
    }
    .into_any()
}
