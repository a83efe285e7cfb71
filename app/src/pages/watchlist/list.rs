//! The watchlist: what moved, what needs me.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::asked::Asked;
use super::filters::{filter_bar, summary};
use crate::api::tracking::{RemovedView, Track, find_removed};
use crate::api::watchlist::{ChangeMany, PAGE_ROWS, WatchlistView, list_trackings};
use crate::components::bulk_bar::BulkBar;
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::components::pager::PageLinks;
use crate::components::posted::Posted;
use crate::components::tracking_row::TrackingRow;
use crate::context::{fill, t};

/// The watchlist.
#[component]
pub fn WatchlistPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let word = move |name: &str| query.get_str(name).unwrap_or_default().to_owned();
    let asked = Asked {
        show: word("show"),
        sort: word("sort"),
        words: word("q"),
        shop: word("shop"),
        page: word("page").parse().unwrap_or(1).max(1),
    };
    let removed = (word("removed"), word("target"), word("percent"));
    let load = {
        let asked = asked.clone();
        move || {
            let asked = asked.clone();
            list_trackings(asked.show, asked.sort, asked.words, asked.shop, asked.page)
        }
    };
    view! {
        <Title text=t("Watchlist") />
        {(!removed.0.is_empty())
            .then(|| {
                let (id, target, percent) = removed;
                loaded(
                    move || find_removed(id.clone()),
                    false,
                    move |removed| removed.map(|removed| undo(removed, target.clone(), percent.clone())).into_any(),
                )
            })}
        <div class="watchlist" data-live="60">
            {loaded(load, true, move |view| content(view, asked.clone()))}
        </div>
    }
}

fn content(view: WatchlistView, asked: Asked) -> AnyView {
    if view.tracked == 0 {
        return empty();
    }
    // The list as a whole is drawn anew only if other rows are in it, or in another order.
    let key: String = view.rows.iter().map(|row| row.product_id.get(..8).unwrap_or_default()).collect();
    let bar = filter_bar(&view, &asked);
    let summary = summary(&view);
    view! {
        <header class="page-head">
            <h1>{t("Watchlist")}</h1>
            <p class="page-summary number" data-part="summary">
                {summary}
            </p>
        </header>
        {bar}
        <div class="live" data-part="list" data-key=key>
            {list(view, &asked)}
        </div>
    }
    .into_any()
}

fn list(view: WatchlistView, asked: &Asked) -> AnyView {
    if view.rows.is_empty() {
        return no_match();
    }
    let posted = Posted::to(ChangeMany::url());
    let shown = view.rows.len() as u64;
    let rows = view.rows.into_iter().map(|row| view! { <TrackingRow row=row /> }).collect_view();
    view! {
        {posted.notice(&["target"])}
        <form class="many" method="post" action=ChangeMany::url()>
            <div class="tracking-list">
                <div class="tracking-head" aria-hidden="true">
                    <span></span>
                    <span></span>
                    <span>{t("Product")}</span>
                    <span>{t("Price")}</span>
                    <span>{t("Change")}</span>
                    <span>{t("90 days")}</span>
                    <span>{t("Target")}</span>
                    <span></span>
                    <span>{t("Seen")}</span>
                </div>
                <ul>{rows}</ul>
            </div>
            <BulkBar target=posted.typed("target", String::new()) error=posted.about("target_price") />
        </form>
        <PageLinks
            before=view.before
            shown=shown
            total=view.total
            rows=u64::from(PAGE_ROWS)
            earlier=asked.link_to(asked.page - 1)
            later=asked.link_to(asked.page + 1)
        />
    }
    .into_any()
}

fn no_match() -> AnyView {
    view! {
        <PageState icon="filter" title=t("No product matches") text=t("No product matches these filters.")>
            <a class="button" data-kind="plain" href="/">
                {t("Show all")}
            </a>
        </PageState>
    }
    .into_any()
}

/// The first thing that a new person sees.
fn empty() -> AnyView {
    view! {
        <PageState
            icon="trending-down"
            title=t("Nothing tracked yet")
            text=t("Paste a product's link, and Plummet watches its price and tells you when it falls.")
            is_heading=true
        >
            <form class="paste" method="get" action="/add">
                <label class="visually-hidden" for="paste">
                    {t("Link of a product")}
                </label>
                <input
                    id="paste"
                    name="url"
                    type="text"
                    inputmode="url"
                    placeholder="https://shop.example/product"
                    autocomplete="off"
                    required=true
                />
                <button type="submit" class="button" data-kind="primary">
                    <span class="button-label">{t("Track")}</span>
                </button>
            </form>
        </PageState>
    }
    .into_any()
}

/// "Removed Sony WH-1000XM5. [Undo]": stays until the page is left.
fn undo(removed: RemovedView, target: String, percent: String) -> AnyView {
    view! {
        <div class="notice" data-tone="info" role="status">
            <Icon name="info" />
            <p class="notice-text">{fill("Removed {name}.", &[("name", &removed.name)])}</p>
            <form method="post" action=Track::url()>
                <input type="hidden" name="product_url" value=removed.url />
                <input type="hidden" name="target_price" value=target />
                <input type="hidden" name="percentage_drop" value=percent />
                <input type="hidden" name="email" value="on" />
                <button type="submit" class="button" data-kind="plain">
                    {t("Undo")}
                </button>
            </form>
        </div>
    }
    .into_any()
}
