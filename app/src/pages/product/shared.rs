//! A shared product: what anybody sees who has the link.

use leptos::prelude::*;
use leptos_meta::{Meta, Title};
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::api::history::HistoryView;
use crate::api::sharing::{SharedView, find_shared};
use crate::components::frame::Mark;
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::price_chart::PriceChart;
use crate::components::price_text::Price;
use crate::components::run_table::RunTable;
use crate::context::{fill, t};

fn load(show: fn(SharedView) -> AnyView) -> AnyView {
    let token = use_params_map().get_untracked().get_str("token").unwrap_or_default().to_owned();
    let range = use_query_map().get_untracked().get_str("range").unwrap_or_default().to_owned();
    loaded(move || find_shared(token.clone(), range.clone()), true, show)
}

/// The page behind a link.
#[component]
pub fn SharedPage() -> impl IntoView {
    view! {
        <Meta name="robots" content="noindex" />
        <div class="shared-page">
            <p class="shared-mark">
                <Mark />
                <span>"Plummet"</span>
            </p>
            {load(page)}
        </div>
    }
}

fn page(view: SharedView) -> AnyView {
    let title = match &view.price {
        Some(price) => format!("{} {}", price.text, view.name),
        None => view.name.clone(),
    };
    let stock = (!view.availability.is_empty()).then(|| format!(" · {}", view.availability));
    let track = format!("/add?url={}", crate::api::text::query_value(&view.url));
    view! {
        <Title text=title.clone() />
        <Meta property="og:title" content=title />
        <Meta property="og:description" content=view.history.caption.clone() />
        <header class="shared-head">
            <h1>{view.name}</h1>
            <p class="product-facts">{view.shop}{stock}</p>
            <p class="product-price">
                <Price price=view.price is_held=view.is_held />
            </p>
        </header>
        <section class="card" aria-label=t("Price history")>
            {chart(view.history)}
        </section>
        <p class="shared-actions">
            <a class="button" data-kind="primary" href=track>
                {t("Track this yourself")}
            </a>
            <a class="button" data-kind="plain" href=view.url rel="noopener noreferrer nofollow" target="_blank">
                {t("Open shop")}
                <Icon name="external" />
            </a>
        </p>
    }
    .into_any()
}

fn chart(view: HistoryView) -> AnyView {
    let Some(plot) = view.plot else { return view! { <p class="history-none">{view.words.none}</p> }.into_any() };
    let ranges = view.ranges.into_iter().map(|range| {
        view! {
            <a href=format!("?range={}", range.word) aria-current=range.is_current.then_some("true")>
                {range.label}
            </a>
        }
    });
    view! {
        <div class="history">
            <nav class="range-switch" aria-label=view.words.range.clone()>
                {ranges.collect_view()}
            </nav>
            <PriceChart plot=plot caption=view.caption words=view.words.clone() choose_target=None />
            <RunTable runs=view.runs words=view.words csv=String::new() />
        </div>
    }
    .into_any()
}

/// The chart alone, for another site's page.
#[component]
pub fn EmbeddedPage() -> impl IntoView {
    view! {
        <Meta name="robots" content="noindex" />
        <div class="embedded-page">{load(embedded)}</div>
    }
}

fn embedded(view: SharedView) -> AnyView {
    let name = view.name;
    let price = view.price.map(|price| price.text).unwrap_or_default();
    let chart = view.history.plot.map(|plot| {
        let words = view.history.words;
        view! { <PriceChart plot=plot caption=view.history.caption words=words choose_target=None /> }
    });
    view! {
        <Title text=name.clone() />
        <h1 class="embedded-title">
            {name.clone()} " " <span class="number">{price}</span>
        </h1>
        {chart}
        <p class="embedded-source">{fill("Watched by {name}", &[("name", &"Plummet")])}</p>
    }
    .into_any()
}
