//! Search over all known products.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::search::{PAGE_PRODUCTS, SearchView, search};
use crate::api::text::query_value;
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::components::pager::Pager;
use crate::components::product_row::ProductRow;
use crate::components::submit::Submit;
use crate::context::{fill, t};

/// Platforms that are offered as a filter; their names are the same in every language.
const PLATFORMS: [(&str, &str); 4] = [("amazon", "Amazon"), ("ebay", "eBay"), ("walmart", "Walmart"), ("shopify", "Shopify")];

/// What is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asked {
    query: String,
    platform: String,
    sort: String,
    page: u32,
}

/// Search.
#[component]
pub fn SearchPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let word = |name| query.get_str(name).unwrap_or_default().to_owned();
    let asked =
        Asked { query: word("q"), platform: word("platform"), sort: word("sort"), page: word("page").parse().unwrap_or(1) };
    let load = {
        let asked = asked.clone();
        move || search(asked.query.clone(), asked.platform.clone(), asked.sort.clone(), asked.page)
    };
    view! {
        <Title text=t("Search") />
        <header class="page-head">
            <h1>{t("Search")}</h1>
        </header>
        {form(&asked)}
        <div class="live" data-part="found">{loaded(load, false, move |view| content(view, asked.clone()))}</div>
    }
}

fn form(asked: &Asked) -> AnyView {
    let option = |word: &'static str, label: &'static str, chosen: &str| {
        view! {
            <option value=word selected=word == chosen>
                {label}
            </option>
        }
    };
    let platforms = PLATFORMS.map(|(word, label)| option(word, label, &asked.platform)).collect_view();
    let all = option("", t("All shops"), &asked.platform);
    let others = option("generic", t("Other shops"), &asked.platform);
    let sorts = [("", t("Best match")), ("price", t("Lowest price")), ("fall", t("Largest fall"))];
    let sorts = sorts.map(|(word, label)| option(word, label, &asked.sort)).collect_view();
    view! {
        <form class="search-form" method="get" action="/search" role="search">
            <label class="visually-hidden" for="q">
                {t("Words in the name, the shop or the link")}
            </label>
            <Icon name="search" />
            <input
                id="q"
                name="q"
                type="search"
                value=asked.query.clone()
                autocomplete="off"
                placeholder=t("Name or shop")
                maxlength="200"
                data-instant="found"
            />
            <label class="visually-hidden" for="platform">
                {t("Shops")}
            </label>
            <select id="platform" name="platform" data-sends="">
                {all}
                {platforms}
                {others}
            </select>
            <label class="visually-hidden" for="sort">
                {t("Sort")}
            </label>
            <select id="sort" name="sort" data-sends="">
                {sorts}
            </select>
            <Submit label=t("Search") />
        </form>
    }
    .into_any()
}

fn content(view: SearchView, asked: Asked) -> AnyView {
    if asked.query.trim().is_empty() {
        let text = t("Search among the products that are known here. A new one is added by its link.");
        return view! { <PageState icon="search" title=t("What are you looking for?") text=text /> }.into_any();
    }
    if view.products.is_empty() {
        let text =
            fill("Nothing known for “{words}”. Try fewer words, or paste the product's link.", &[("words", &asked.query.trim())]);
        return view! {
            <PageState icon="search" title=t("Nothing found") text=text>
                <a class="button" data-kind="plain" href="/add">
                    {t("Add a product")}
                </a>
            </PageState>
        }
        .into_any();
    }
    let shown = view.products.len() as u64;
    let (words, page) = (query_value(&asked.query), asked.page.max(1) + 1);
    let more = format!("/search?q={words}&platform={}&sort={}&page={page}", asked.platform, asked.sort);
    view! {
        <ul class="product-list">
            {view.products.into_iter().map(|product| view! { <ProductRow product=product /> }).collect_view()}
        </ul>
        <Pager shown=shown total=view.total rows=u64::from(PAGE_PRODUCTS) more=more />
    }
    .into_any()
}
