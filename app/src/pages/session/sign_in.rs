//! Sign-in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::api::session::SignIn;
use crate::components::field::Field;
use crate::components::frame::Mark;
use crate::components::notice::Notice;
use crate::components::posted::posted_error;

/// One card: e-mail and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().read_untracked().get_str("next").unwrap_or("/").to_owned();
    let error = posted_error(SignIn::url());
    let about = |name: &str| error.as_ref().and_then(|error| error.about(name));
    let (email_error, password_error) = (about("email"), about("password"));
    let email = error.as_ref().and_then(|error| error.typed("email")).unwrap_or_default();
    let other = error.as_ref().filter(|_| email_error.is_none() && password_error.is_none()).map(|error| error.sentence());
    let title = if error.is_some() { "Error: Sign in" } else { "Sign in" };
    view! {
        <Title text=title />
        <div class="alone-card">
            <p class="alone-mark">
                <Mark />
                "Plummet"
            </p>
            <h1 tabindex="-1">"Sign in"</h1>
            {other.map(|text| view! { <Notice tone="danger" text=text /> })}
            <form method="post" action=SignIn::url()>
                <input type="hidden" name="next" value=next />
                <Field name="email" label="E-mail" kind="email" autocomplete="username" value=email error=email_error required=true />
                <Field name="password" label="Password" kind="password" autocomplete="current-password" error=password_error required=true />
                <button type="submit" class="button" data-kind="primary">
                    "Sign in"
                </button>
            </form>
        </div>
    }
}
