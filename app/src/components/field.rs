//! One field of a form.

use leptos::prelude::*;

use super::icon::Icon;

/// Label, input, hint, and below them what is wrong with it.
#[component]
pub fn Field(
    /// The field's name in the form; also its id.
    name: &'static str,
    /// What is asked for.
    #[prop(into)]
    label: String,
    /// `text`, `email`, `password`, …
    #[prop(default = "text")]
    kind: &'static str,
    /// What stands in it at first.
    #[prop(optional, into)]
    value: String,
    /// One line of help.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with it.
    #[prop(optional_no_strip)]
    error: Option<String>,
    /// `decimal` shows a keyboard for numbers.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What the browser may fill in.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Currency or per cent, after the input.
    #[prop(optional, into)]
    suffix: String,
    /// Whether the form needs it.
    #[prop(optional)]
    required: bool,
    /// Fewest characters.
    #[prop(optional)]
    minlength: Option<u32>,
    /// Id of a list of suggestions.
    #[prop(optional)]
    list: Option<&'static str>,
) -> impl IntoView {
    let is_wrong = error.is_some();
    let hint_id = (!hint.is_empty()).then(|| format!("{name}-hint"));
    let error_id = is_wrong.then(|| format!("{name}-error"));
    let described: Vec<String> = hint_id.iter().chain(error_id.iter()).cloned().collect();
    view! {
        <div class="field" data-state=is_wrong.then_some("invalid")>
            <label class="field-label" for=name>
                {label}
            </label>
            <div class="field-box">
                <input
                    id=name
                    name=name
                    type=kind
                    class="field-input"
                    value=value
                    inputmode=inputmode
                    autocomplete=autocomplete
                    autofocus=is_wrong
                    required=required
                    minlength=minlength.map(|least| least.to_string())
                    maxlength="2048"
                    list=list
                    aria-invalid=is_wrong.then_some("true")
                    aria-describedby=(!described.is_empty()).then(|| described.join(" "))
                />
                {(!suffix.is_empty()).then(|| view! { <span class="field-suffix">{suffix}</span> })}
            </div>
            {hint_id
                .map(|id| {
                    view! {
                        <p class="field-hint" id=id>
                            {hint}
                        </p>
                    }
                })}
            {error_id
                .zip(error)
                .map(|(id, error)| {
                    view! {
                        <p class="field-error" id=id>
                            <Icon name="alert" />
                            {error}
                        </p>
                    }
                })}
        </div>
    }
}
