//! Empty or wrong: what a page says instead of its content.

use leptos::prelude::*;

use super::icon::Icon;
use crate::api::error::ApiError;
use crate::context::t;

/// Icon, title, one sentence and, as children, one action.
#[component]
pub fn PageState(
    /// The glyph.
    icon: &'static str,
    /// The title.
    #[prop(into)]
    title: String,
    /// What, why, what now.
    #[prop(into)]
    text: String,
    /// Whether the title is the page's own heading.
    #[prop(optional)]
    is_heading: bool,
    /// The action.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = if is_heading { view! { <h1>{title}</h1> }.into_any() } else { view! { <h2>{title}</h2> }.into_any() };
    view! {
        <div class="page-state">
            <span class="page-state-icon">
                <Icon name=icon />
            </span>
            {heading}
            <p>{text}</p>
            {children.map(|children| view! { <div class="page-state-action">{children()}</div> })}
        </div>
    }
}

/// What a page says when it could not be loaded.
#[component]
pub fn PageError(
    /// Why.
    error: ApiError,
    /// Whether the page has no heading of its own in this case.
    #[prop(optional)]
    is_heading: bool,
) -> impl IntoView {
    let (icon, title, link, label) = match &error {
        ApiError::NotFound { .. } => ("search", t("Not found"), "/", t("Go to the watchlist")),
        ApiError::SignInFirst => ("user", t("Sign in first"), "/sign-in", t("Sign in")),
        ApiError::NotAllowed { .. } => ("ban", t("Not allowed"), "/", t("Go to the watchlist")),
        ApiError::Offline => ("wifi-off", t("No connection"), "", t("Try again")),
        ApiError::Later { .. } => ("clock", t("Not now"), "", t("Try again")),
        ApiError::DeadLink => ("x", t("This link no longer works"), "/", t("Go to the watchlist")),
        ApiError::Invalid { .. } => ("alert", t("That did not work"), "/", t("Go to the watchlist")),
        ApiError::Broken => ("alert", t("Something broke"), "", t("Try again")),
    };
    view! {
        <PageState icon=icon title=title text=error.sentence() is_heading=is_heading>
            // An empty address is this very page: loading it anew is the retry.
            <a class="button" data-kind="primary" href=link>
                {label}
            </a>
        </PageState>
    }
}
