//! First run: three steps, done in two minutes, opened by the one-time link in the terminal.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use super::steps::{account, reach, track};
use crate::api::setup::{SetupView, find_setup};
use crate::components::frame::Mark;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::context::t;

/// The first-run page.
#[component]
pub fn SetupPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let token = query.get_str("token").unwrap_or_default().to_owned();
    let is_last = query.get_str("step") == Some("3");
    let load = {
        let token = token.clone();
        move || find_setup(token.clone())
    };
    view! {
        <Title text=t("Set up") />
        <div class="alone-card">
            <p class="alone-mark">
                <Mark />
                "Plummet"
            </p>
            {loaded(
                load,
                true,
                move |view| match view {
                    SetupView::Account => account(token.clone()),
                    SetupView::Welcome(welcome) if is_last => track(welcome),
                    SetupView::Welcome(welcome) => reach(welcome),
                    SetupView::NeedsLink { is_dead } => needs_link(is_dead),
                    SetupView::Done => done(),
                },
            )}
        </div>
    }
}

fn needs_link(is_dead: bool) -> AnyView {
    let (title, text) = if is_dead {
        let text = t("This link was used or has expired. Run `plummet setup-link` for a new one.");
        (t("This link no longer works"), text)
    } else {
        let text = "Plummet has no account yet. Open the link that it printed in the terminal when it started, or run \
                    `plummet setup-link` for a new one.";
        (t("Open the set-up link"), text)
    };
    view! { <PageState icon="link" title=title text=text is_heading=true /> }.into_any()
}

fn done() -> AnyView {
    view! {
        <PageState icon="check" title=t("Already set up") text=t("This Plummet has its first account. Sign in with it.") is_heading=true>
            <a class="button" data-kind="primary" href="/sign-in">
                {t("Sign in")}
            </a>
        </PageState>
    }
    .into_any()
}
