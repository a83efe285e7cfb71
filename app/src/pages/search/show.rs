//! Search over all known products.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::search::{PAGE_PRODUCTS, SearchView, search};
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::components::pager::Pager;
use crate::components::product_row::ProductRow;
use crate::components::submit::Submit;

const PLATFORMS: [(&str, &str); 5] =
    [("", "All shops"), ("amazon", "Amazon"), ("ebay", "eBay"), ("walmart", "Walmart"), ("generic", "Other shops")];

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    query: String,
    platform: String,
    page: u32,
}

/// Search.
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let word = |name| query.get_str(name).unwrap_or_default().to_owned();
    let asked = Asked { query: word("q"), platform: word("platform"), page: word("page").parse().unwrap_or(1) };
    let load = {
        let asked = asked.clone();
        move || search(asked.query.clone(), asked.platform.clone(), asked.page)
    };
    view! {
        <Title text="Search" />
        <header class="page-head">
            <h1>"Search"</h1>
        </header>
        {form(&asked)}
        {loaded(load, false, move |view| content(view, asked.clone()))}
    }
}

fn form(asked: &Asked) -> AnyView {
    let platforms = PLATFORMS.map(|(word, label)| {
        view! {
            <option value=word selected=asked.platform == word>
                {label}
            </option>
        }
    });
    view! {
        <form class="search-form" method="get" action="/search" role="search">
            <label class="visually-hidden" for="q">
                "Words in the name, the shop or the link"
            </label>
            <Icon name="search" />
            <input id="q" name="q" type="search" value=asked.query.clone() autocomplete="off" placeholder="Name or shop" maxlength="200" />
            <label class="visually-hidden" for="platform">
                "Shops"
            </label>
            <select id="platform" name="platform">
                {platforms.collect_view()}
            </select>
            <Submit label="Search" />
        </form>
    }
    .into_any()
}

fn content(view: SearchView, asked: Asked) -> AnyView {
    if asked.query.trim().is_empty() {
        let text = "Search among the products that are known here. A new one is added by its link.";
        return view! { <PageState icon="search" title="What are you looking for?" text=text /> }.into_any();
    }
    if view.products.is_empty() {
        let text = format!("Nothing known for “{}”. Try fewer words, or paste the product's link.", asked.query.trim());
        return view! {
            <PageState icon="search" title="Nothing found" text=text>
                <a class="button" data-kind="plain" href="/add">
                    "Add a product"
                </a>
            </PageState>
        }
        .into_any();
    }
    let shown = view.products.len() as u64;
    let more = format!("/search?q={}&platform={}&page={}", url_part(&asked.query), asked.platform, asked.page.max(1) + 1);
    view! {
        <ul class="product-list">
            {view.products.into_iter().map(|product| view! { <ProductRow product=product /> }).collect_view()}
        </ul>
        <Pager shown=shown total=view.total rows=u64::from(PAGE_PRODUCTS) more=more />
    }
    .into_any()
}

/// What a query's value may not hold as it is.
fn url_part(text: &str) -> String {
    text.replace('%', "%25").replace('&', "%26").replace('#', "%23").replace('+', "%2B").replace(' ', "+")
}
