//! The watchlist: what moved, what needs me.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::api::tracking::{RemovedView, Track, find_removed};
use crate::api::watchlist::{PAGE_ROWS, WatchlistView, list_trackings};
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::components::pager::Pager;
use crate::components::tracking_row::TrackingRow;

/// What of the list is asked for. A changed filter begins at the first page again: its links say no page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Asked {
    show: String,
    sort: String,
    page: u32,
}

/// The watchlist.
#[component]
pub fn WatchlistPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let word = move |name: &str| query.get_str(name).unwrap_or_default().to_owned();
    let asked = Asked { show: word("show"), sort: word("sort"), page: word("page").parse().unwrap_or(1) };
    let removed = (word("removed"), word("target"), word("percent"));
    let load = {
        let asked = asked.clone();
        move || list_trackings(asked.show.clone(), asked.sort.clone(), asked.page)
    };
    view! {
        <Title text="Watchlist" />
        {(!removed.0.is_empty())
            .then(|| {
                let (id, target, percent) = removed;
                loaded(
                    move || find_removed(id.clone()),
                    false,
                    move |removed| removed.map(|removed| undo(removed, target.clone(), percent.clone())).into_any(),
                )
            })}
        <div class="live" data-part="list" data-live="15">
            {loaded(load, true, move |view| content(view, asked.clone()))}
        </div>
    }
}

fn content(view: WatchlistView, asked: Asked) -> AnyView {
    if view.tracked == 0 {
        return empty();
    }
    let summary = summary(&view);
    let shown = view.rows.len() as u64;
    let total = view.total;
    let more = format!("/?show={}&sort={}&page={}", asked.show, asked.sort, asked.page.max(1) + 1);
    let bar = filter_bar(&view, &asked);
    let list = if view.rows.is_empty() {
        no_match()
    } else {
        view! {
            <div class="tracking-list">
                <div class="tracking-head" aria-hidden="true">
                    <span></span>
                    <span>"Product"</span>
                    <span>"Price"</span>
                    <span>"Last change"</span>
                    <span>"90 days"</span>
                    <span>"Target"</span>
                    <span></span>
                    <span>"Seen"</span>
                </div>
                <ul>{view.rows.into_iter().map(|row| view! { <TrackingRow row=row /> }).collect_view()}</ul>
            </div>
            <Pager shown=shown total=total rows=u64::from(PAGE_ROWS) more=more />
        }
        .into_any()
    };
    view! {
        <header class="page-head">
            <h1>"Watchlist"</h1>
            <p class="page-summary number">{summary}</p>
        </header>
        {bar}
        {list}
    }
    .into_any()
}

/// `14 tracked · 3 at target · 5 fell`: what is zero is not said.
fn summary(view: &WatchlistView) -> String {
    let count = |word: &str| view.filters.iter().find(|filter| filter.word == word).map_or(0, |filter| filter.count);
    let part = |count: u64, words: &str| (count > 0).then(|| format!("{count} {words}"));
    let needs = count("needs-me");
    let parts = [
        part(view.tracked, "tracked"),
        part(count("target"), "at target"),
        part(count("fell"), "fell"),
        part(needs, if needs == 1 { "needs you" } else { "need you" }),
    ];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

fn filter_bar(view: &WatchlistView, asked: &Asked) -> AnyView {
    let chosen = if view.filters.iter().any(|filter| filter.word == asked.show) { asked.show.clone() } else { "all".into() };
    let sort = asked.sort.clone();
    let links = view.filters.iter().map(|filter| {
        let is_chosen = filter.word == chosen;
        view! {
            <a
                class="filter"
                href=format!("/?show={}&sort={}", filter.word, sort)
                aria-current=is_chosen.then_some("true")
                data-state=(filter.count == 0).then_some("none")
            >
                {filter.label.clone()}
                " "
                <span class="filter-count number">{filter.count.to_string()}</span>
            </a>
        }
    });
    let links = links.collect_view();
    let sort = asked.sort.clone();
    let option = move |word: &'static str, label: &'static str| {
        let is_chosen = word == sort.as_str();
        view! {
            <option value=word selected=is_chosen>
                {label}
            </option>
        }
    };
    view! {
        <div class="filter-bar">
            <nav class="filters" aria-label="Filter">
                {links}
            </nav>
            <form class="sort" method="get" action="/">
                <input type="hidden" name="show" value=chosen />
                <label for="sort">"Sort"</label>
                <select id="sort" name="sort" data-sends="">
                    {option("", "Largest fall")}
                    {option("price", "Lowest price")}
                    {option("name", "Name")}
                    {option("newest", "Newest")}
                </select>
                <button type="submit" class="button without-script" data-kind="plain">
                    "Apply"
                </button>
            </form>
        </div>
    }
    .into_any()
}

fn no_match() -> AnyView {
    view! {
        <PageState icon="filter" title="No product matches" text="No product matches this filter.">
            <a class="button" data-kind="plain" href="/">
                "Show all"
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
            title="Nothing tracked yet"
            text="Paste a product's link, and Plummet watches its price and tells you when it falls."
            is_heading=true
        >
            <form class="paste" method="get" action="/add">
                <label class="visually-hidden" for="paste">
                    "Link of a product"
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
                    <span class="button-label">"Track"</span>
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
            <p class="notice-text">{format!("Removed {}.", removed.name)}</p>
            <form method="post" action=Track::url()>
                <input type="hidden" name="product_url" value=removed.url />
                <input type="hidden" name="target_price" value=target />
                <input type="hidden" name="percentage_drop" value=percent />
                <input type="hidden" name="email" value="on" />
                <button type="submit" class="button" data-kind="plain">
                    "Undo"
                </button>
            </form>
        </div>
    }
    .into_any()
}
