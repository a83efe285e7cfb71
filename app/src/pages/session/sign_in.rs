//! Sign-in.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::api::session::SignIn;
use crate::components::field::Field;
use crate::components::frame::Mark;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::t;

/// One card: e-mail and password.
#[component]
pub fn SignInPage() -> impl IntoView {
    let next = use_query_map().get_untracked().get_str("next").unwrap_or("/").to_owned();
    let posted = Posted::to(SignIn::url());
    let title = if posted.is_error() { t("Error: Sign in") } else { t("Sign in") };
    view! {
        <Title text=title />
        <div class="alone-card">
            <p class="alone-mark">
                <Mark />
                "Plummet"
            </p>
            <h1>{t("Sign in")}</h1>
            {posted.notice(&["email", "password"])}
            <form method="post" action=SignIn::url()>
                <input type="hidden" name="next" value=next />
                <Field
                    name="email"
                    label=t("E-mail")
                    kind="email"
                    autocomplete="username"
                    value=posted.typed("email", String::new())
                    error=posted.about("email")
                    required=true
                />
                <Field
                    name="password"
                    label=t("Password")
                    kind="password"
                    autocomplete="current-password"
                    error=posted.about("password")
                    required=true
                />
                <Submit label=t("Sign in") />
            </form>
        </div>
    }
}
