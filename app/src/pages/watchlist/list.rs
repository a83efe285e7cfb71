//! The watchlist: what moved, what needs me.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Form;
use leptos_router::hooks::use_query_map;

use crate::api::error::ApiError;
use crate::api::tracking::{RemovedView, Track, find_removed};
use crate::api::watchlist::{PAGE_ROWS, WatchlistView, list_trackings};
use crate::components::icon::Icon;
use crate::components::live::Live;
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
    let query = use_query_map();
    let asked = Memo::new(move |_| {
        let query = query.read();
        let word = |name| query.get_str(name).unwrap_or_default().to_owned();
        Asked { show: word("show"), sort: word("sort"), page: word("page").parse().unwrap_or(1) }
    });
    let removed_id = Memo::new(move |_| query.read().get_str("removed").unwrap_or_default().to_owned());
    let list = Resource::new(move || asked.get(), |asked| list_trackings(asked.show, asked.sort, asked.page));
    let removed = Resource::new(
        move || removed_id.get(),
        |id| async move { if id.is_empty() { Ok(None) } else { find_removed(id).await } },
    );
    view! {
        <Title text="Watchlist" />
        <Live seconds=15 />
        {undo(removed, move |name| query.read_untracked().get_str(name).unwrap_or_default().to_owned())}
        {loaded(list, 6, true, move |view| content(view, asked.get_untracked()))}
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
    let rows = view.rows.clone();
    view! {
        <header class="page-head">
            <h1 tabindex="-1">"Watchlist"</h1>
            <p class="page-summary number">{summary}</p>
        </header>
        {filter_bar(&view, &asked)}
        {if rows.is_empty() {
            view! {
                <PageState icon="filter" title="No product matches" text="No product matches this filter.">
                    <a class="button" data-kind="plain" href="/">
                        "Show all"
                    </a>
                </PageState>
            }
                .into_any()
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
                    <ul>{rows.into_iter().map(|row| view! { <TrackingRow row=row /> }).collect_view()}</ul>
                </div>
                <Pager shown=shown total=total rows=u64::from(PAGE_ROWS) more=more />
            }
                .into_any()
        }}
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
        view! { <option value=word selected=is_chosen>{label}</option> }
    };
    view! {
        <div class="filter-bar">
            <nav class="filters" aria-label="Filter">
                {links}
            </nav>
            <Form method="get" action="/" attr:class="sort">
                <input type="hidden" name="show" value=chosen />
                <label for="sort">"Sort"</label>
                <select id="sort" name="sort">
                    {option("", "Largest fall")} {option("price", "Lowest price")} {option("name", "Name")} {option("newest", "Newest")}
                </select>
                <button type="submit" class="button" data-kind="plain">
                    "Apply"
                </button>
            </Form>
        </div>
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
                <input id="paste" name="url" type="text" inputmode="url" placeholder="https://shop.example/product" autocomplete="off" />
                <button type="submit" class="button" data-kind="primary">
                    "Track"
                </button>
            </form>
        </PageState>
    }
    .into_any()
}

/// "Removed Sony WH-1000XM5. [Undo]": stays until the page is left.
fn undo(
    removed: Resource<Result<Option<RemovedView>, ApiError>>,
    query: impl Fn(&'static str) -> String + Clone + Send + Sync + 'static,
) -> AnyView {
    let track = ServerAction::<Track>::new();
    view! {
        <Transition>
            {move || {
                let query = query.clone();
                Suspend::new(async move {
                    let removed = removed.await.ok().flatten()?;
                    Some(
                        view! {
                            <div class="notice" data-tone="info" role="status">
                                <Icon name="info" />
                                <p class="notice-text">{format!("Removed {}.", removed.name)}</p>
                                <ActionForm action=track>
                                    <input type="hidden" name="product_url" value=removed.url />
                                    <input type="hidden" name="target_price" value=query("target") />
                                    <input type="hidden" name="percentage_drop" value=query("percent") />
                                    <input type="hidden" name="email" value="on" />
                                    <button type="submit" class="button" data-kind="plain">
                                        "Undo"
                                    </button>
                                </ActionForm>
                            </div>
                        },
                    )
                })
            }}
        </Transition>
    }
    .into_any()
}
