//! What can be done with the rows whose boxes are ticked.

use leptos::prelude::*;

use crate::context::t;

/// Buttons that send the form they stand in. Where scripts run it shows once a box is ticked.
#[component]
pub fn BulkBar(
    /// The target as it was typed.
    target: String,
    /// What is wrong with it.
    error: Option<String>,
) -> impl IntoView {
    let is_wrong = error.is_some();
    view! {
        <div class="bulk-bar" role="group" aria-label=t("With the chosen products") data-state=is_wrong.then_some("wrong")>
            <p class="bulk-count without-script">{t("With the chosen products")}</p>
            <p class="bulk-count with-script" data-count=t("{count} chosen") aria-live="polite"></p>
            <button type="submit" name="what" value="pause" class="button" data-kind="plain">
                {t("Pause")}
            </button>
            <button type="submit" name="what" value="resume" class="button" data-kind="plain">
                {t("Resume")}
            </button>
            <span class="bulk-target">
                <label class="visually-hidden" for="bulk-target">
                    {t("Target price")}
                </label>
                <input
                    id="bulk-target"
                    name="target"
                    type="text"
                    inputmode="decimal"
                    autocomplete="off"
                    placeholder=t("Target price")
                    value=target
                    maxlength="32"
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=is_wrong.then_some("bulk-error")
                />
                <button type="submit" name="what" value="target" class="button" data-kind="plain">
                    {t("Set target")}
                </button>
            </span>
            // What cannot be undone takes two steps.
            <details class="bulk-remove">
                <summary class="button" data-kind="quiet">
                    {t("Remove")}
                </summary>
                <button type="submit" name="what" value="remove" class="button" data-kind="danger">
                    {t("Remove with all rules")}
                </button>
            </details>
            {error
                .map(|error| {
                    view! {
                        <p class="bulk-error" id="bulk-error">
                            {error}
                        </p>
                    }
                })}
        </div>
    }
}
