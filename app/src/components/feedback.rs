//! What came of a form that was sent by script. (Without scripts the next page says it.)

use leptos::prelude::*;

use super::notice::Notice;
use crate::api::error::ApiError;

/// A notice with `done` after a success, or with the error. Errors about a field stand at the field instead.
#[component]
pub fn Feedback<T>(
    /// The action's last answer.
    #[prop(into)]
    answer: Signal<Option<Result<T, ApiError>>>,
    /// What to say after a success.
    done: &'static str,
    /// The fields of the form.
    #[prop(default = &[])]
    fields: &'static [&'static str],
) -> impl IntoView
where
    T: Clone + Send + Sync + 'static,
{
    move || match answer.get() {
        None | Some(Err(ApiError::SignInFirst)) => None,
        Some(Ok(_)) => (!done.is_empty()).then(|| view! { <Notice tone="good" text=done /> }.into_any()),
        Some(Err(error)) => {
            let at_field = fields.iter().any(|field| error.about(field).is_some());
            (!at_field).then(|| view! { <Notice tone="danger" text=error.sentence() /> }.into_any())
        }
    }
}
