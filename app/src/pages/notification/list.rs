//! Notifications: what was told, by day.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::api::notifications::{InboxView, MarkRead, PAGE_ALERTS, list_alerts};
use crate::components::alert_row::AlertRow;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::components::pager::Pager;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::{fill, t};

/// The inbox.
#[component]
pub fn NotificationsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page = query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1_u32);
    view! {
        <Title text=t("Notifications") />
        {Posted::to(MarkRead::url()).notice(&[])}
        <div class="live" data-part="alerts" data-live="10">
            {loaded(move || list_alerts(page), true, move |view| content(view, page))}
        </div>
    }
}

fn content(view: InboxView, page: u32) -> AnyView {
    if view.total == 0 {
        return empty();
    }
    let unread = view.unread;
    let days = view.days.into_iter().map(|day| {
        view! {
            <section class="alert-day">
                <h2>{day.heading}</h2>
                <ul>{day.alerts.into_iter().map(|alert| view! { <AlertRow alert=alert /> }).collect_view()}</ul>
            </section>
        }
    });
    let mark = (unread > 0).then(|| {
        view! {
            <form method="post" action=MarkRead::url()>
                <Submit label=t("Mark all read") kind="plain" />
            </form>
        }
    });
    let more = format!("/notifications?page={}", page.max(1) + 1);
    view! {
        <header class="page-head">
            <h1>{t("Notifications")}</h1>
            <p class="page-summary number">{if unread > 0 { fill("{count} unread", &[("count", &unread)]) } else { t("All read").into() }}</p>
            {mark}
        </header>
        {days.collect_view()}
        <Pager shown=view.shown total=view.total rows=u64::from(PAGE_ALERTS) more=more />
    }
    .into_any()
}

fn empty() -> AnyView {
    view! {
        <PageState
            icon="bell"
            title=t("No news")
            text=t("When one of your rules is met, the alert appears here. Your products are checked by themselves.")
            is_heading=true
        >
            <a class="button" data-kind="plain" href="/">
                {t("Go to the watchlist")}
            </a>
        </PageState>
    }
    .into_any()
}
