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
    value: Signal<String>,
    /// One line of help.
    #[prop(optional, into)]
    hint: String,
    /// What is wrong with it.
    #[prop(optional, into)]
    error: Signal<Option<String>>,
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
    let has_hint = !hint.is_empty();
    let described = move || match (has_hint, error.get().is_some()) {
        (true, true) => Some(format!("{name}-hint {name}-error")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (false, false) => None,
    };
    view! {
        <div class="field" data-state=move || error.get().map(|_| "invalid")>
            <label class="field-label" for=name>
                {label}
            </label>
            <div class="field-box">
                <input
                    id=name
                    name=name
                    type=kind
                    class="field-input"
                    value=move || value.get()
                    prop:value=move || value.get()
                    inputmode=inputmode
                    autocomplete=autocomplete
                    required=required
                    minlength=minlength.map(|least| least.to_string())
                    maxlength="2048"
                    list=list
                    aria-invalid=move || error.get().map(|_| "true")
                    aria-describedby=described
                />
                {(!suffix.is_empty()).then(|| view! { <span class="field-suffix">{suffix}</span> })}
            </div>
            {has_hint.then(|| view! { <p class="field-hint" id=format!("{name}-hint")>{hint}</p> })}
            {move || {
                error
                    .get()
                    .map(|error| {
                        view! {
                            <p class="field-error" id=format!("{name}-error")>
                                <Icon name="alert" />
                                {error}
                            </p>
                        }
                    })
            }}
        </div>
    }
}
