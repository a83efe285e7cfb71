//! Above the list: what there is to see, and what of it is shown.

use leptos::prelude::*;

use super::asked::Asked;
use crate::api::watchlist::WatchlistView;
use crate::components::icon::Icon;
use crate::context::{fill, t};

/// `14 tracked · 3 at target · 5 fell`: what is zero is not said.
pub fn summary(view: &WatchlistView) -> String {
    let count = |word: &str| view.filters.iter().find(|filter| filter.word == word).map_or(0, |filter| filter.count);
    let needs = count("needs-me");
    let parts = [
        (view.tracked, fill("{count} tracked", &[("count", &view.tracked)])),
        (count("target"), fill("{count} at target", &[("count", &count("target"))])),
        (count("fell"), fill("{count} fell", &[("count", &count("fell"))])),
        (needs, if needs == 1 { t("1 needs you").into() } else { fill("{count} need you", &[("count", &needs)]) }),
    ];
    let said: Vec<String> = parts.into_iter().filter(|(count, _)| *count > 0).map(|(_, text)| text).collect();
    said.join(" · ")
}

/// Filters as links with their counts; words, shop and order as a form that needs no script.
pub fn filter_bar(view: &WatchlistView, asked: &Asked) -> AnyView {
    let chosen = if view.filters.iter().any(|filter| filter.word == asked.show) { asked.show.clone() } else { "all".into() };
    let links = view.filters.iter().map(|filter| {
        let is_chosen = filter.word == chosen;
        view! {
            <a
                class="filter"
                href=asked.link_with(&filter.word)
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
    view! {
        <div class="filter-bar">
            <nav class="filters" aria-label=t("Filter") data-part="filters">
                {links}
            </nav>
            {form(view, asked, chosen)}
        </div>
    }
    .into_any()
}

fn form(view: &WatchlistView, asked: &Asked, chosen: String) -> AnyView {
    let option = |word: &'static str, label: &'static str| {
        let is_chosen = word == asked.sort.as_str();
        view! {
            <option value=word selected=is_chosen>
                {label}
            </option>
        }
    };
    let orders = [
        option("", t("Largest fall")),
        option("price", t("Lowest price")),
        option("name", t("Name")),
        option("newest", t("Newest")),
    ];
    let shops = (view.shops.len() > 1).then(|| {
        let shops = view.shops.iter().map(|(shop, count)| {
            let is_chosen = *shop == asked.shop;
            view! {
                <option value=shop.clone() selected=is_chosen>
                    {format!("{shop} ({count})")}
                </option>
            }
        });
        view! {
            <label class="visually-hidden" for="shop">
                {t("Shop")}
            </label>
            <select id="shop" name="shop" data-sends="">
                <option value="">{t("All shops")}</option>
                {shops.collect_view()}
            </select>
        }
    });
    let show = (chosen != "all").then(|| view! { <input type="hidden" name="show" value=chosen /> });
    view! {
        <form class="narrow" method="get" action="/" role="search">
            {show}
            <div class="narrow-words">
                <Icon name="search" />
                <label class="visually-hidden" for="words">
                    {t("Words in the name or the link")}
                </label>
                <input
                    id="words"
                    name="q"
                    type="search"
                    value=asked.words.clone()
                    placeholder=t("Find in the list")
                    autocomplete="off"
                    maxlength="200"
                    data-instant="list summary filters"
                />
            </div>
            {shops}
            <label class="visually-hidden" for="sort">
                {t("Sort")}
            </label>
            <select id="sort" name="sort" data-sends="">
                {orders.collect_view()}
            </select>
            <button type="submit" class="button without-script" data-kind="plain">
                {t("Apply")}
            </button>
        </form>
    }
    .into_any()
}
