//! A text to be taken elsewhere: a link, a secret.

use leptos::prelude::*;

use crate::context::t;

/// A field that cannot be typed into, with a button that copies it where scripts run.
#[component]
pub fn CopyField(
    /// The field's id.
    id: &'static str,
    /// What it is.
    #[prop(into)]
    label: String,
    /// The text.
    value: String,
) -> impl IntoView {
    view! {
        <div class="copy-field">
            <label class="field-label" for=id>
                {label}
            </label>
            <div class="copy-field-box">
                <input id=id type="text" value=value readonly=true />
                <button type="button" class="button with-script" data-kind="plain" data-copies=id>
                    <span class="copy-field-label">{t("Copy")}</span>
                    <span class="copy-field-done" role="status">
                        {t("Copied")}
                    </span>
                </button>
            </div>
        </div>
    }
}
