//! Drops: the biggest real falls of late.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::drops::{FallView, list_drops};
use crate::components::fall_row::FallRow;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::context::t;

/// The biggest real falls of a day, a week or a month.
#[component]
pub fn DropsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let days: u32 = query.get_str("days").and_then(|days| days.parse().ok()).unwrap_or(7);
    let choice = |value: u32, label: &'static str| {
        view! {
            <a href=format!("/drops?days={value}") aria-current=(value == days).then_some("true")>
                {label}
            </a>
        }
    };
    let choices = [choice(1, t("24 hours")), choice(7, t("7 days")), choice(30, t("30 days"))];
    view! {
        <Title text=t("Drops") />
        <header class="page-head">
            <h1>{t("Drops")}</h1>
            <p class="page-summary">{t("Fresh prices that are the lowest of 30 days, the largest fall first.")}</p>
        </header>
        <nav class="range-switch" aria-label=t("Period")>
            {choices.collect_view()}
        </nav>
        <div class="live" data-part="falls" data-live="60">
            {loaded(move || list_drops(days), false, content)}
        </div>
    }
}

fn content(falls: Vec<FallView>) -> AnyView {
    if falls.is_empty() {
        let text = t("When the price of a product that is known here falls to the lowest of 30 days, it appears here.");
        return view! { <PageState icon="trending-down" title=t("No real drop in this time") text=text /> }.into_any();
    }
    let rows = falls.into_iter().map(|fall| view! { <FallRow fall=fall /> }).collect_view();
    view! { <ol class="product-list">{rows}</ol> }.into_any()
}
