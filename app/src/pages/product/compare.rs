//! The same thing in several shops, compared.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::api::compare::{CompareView, LineView, compare};
use crate::api::history::TickView;
use crate::components::loaded::loaded;
use crate::components::price_text::Price;
use crate::components::time_text::Time;
use crate::context::t;

/// One chart, then the shops.
#[component]
pub fn ComparePage() -> impl IntoView {
    let id = use_params_map().get_untracked().get_str("id").unwrap_or_default().to_owned();
    view! { <div class="compare-page">{loaded(move || compare(id.clone()), true, content)}</div> }
}

fn content(view: CompareView) -> AnyView {
    let others = (!view.others.is_empty()).then(|| {
        let names: Vec<String> = view.others.iter().map(|other| other.shop.clone()).collect();
        view! { <p class="compare-others">{t("Not drawn, in another currency:")}" "{names.join(", ")}</p> }
    });
    let rows = view.lines.iter().enumerate().map(|(index, line)| row(index, line)).collect_view();
    view! {
        <Title text=view.name.clone() />
        <header class="page-head">
            <h1>{view.name.clone()}</h1>
            <p class="page-summary">{view.sentence.clone()}</p>
        </header>
        <section class="card" aria-label=t("Price history")>
            {drawing(&view)}
        </section>
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("Shops")>
            <table class="data-table">
                <caption>{t("Shops, the cheapest first")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("Shop")}</th>
                        <th scope="col" class="num">
                            {t("Price")}
                        </th>
                        <th scope="col" class="num">
                            {t("More than the lowest")}
                        </th>
                        <th scope="col">{t("Stock")}</th>
                        <th scope="col">{t("Seen")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {others}
    }
    .into_any()
}

fn row(index: usize, line: &LineView) -> AnyView {
    let listing = line.listing.clone();
    view! {
        <tr>
            <th scope="row">
                <svg class="compare-key" data-line=(index + 1).to_string() aria-hidden="true">
                    <path d="M0 6H28" />
                </svg>
                " "
                <a href=format!("/products/{}", listing.product_id)>{listing.shop}</a>
            </th>
            <td class="num">
                <Price price=listing.price is_held=listing.is_held />
            </td>
            <td class="num">{line.more.clone()}</td>
            <td>{listing.availability}</td>
            <td>{listing.seen.map(|seen| view! { <Time time=seen /> })}</td>
        </tr>
    }
    .into_any()
}

fn percent(at: i64) -> String {
    format!("{}.{:02}%", at / 100, at % 100)
}

fn drawing(view: &CompareView) -> AnyView {
    let grid = |tick: &TickView| {
        let y = percent(tick.at);
        view! {
            <line class="chart-grid" x1="0" x2="100%" y1=y.clone() y2=y.clone() />
            <text class="chart-tick" x="100%" dx="8" y=y dy="4">
                {tick.text.clone()}
            </text>
        }
    };
    let time = |tick: &TickView| {
        view! {
            <text class="chart-tick chart-time" x=percent(tick.at) y="100%" dy="20">
                {tick.text.clone()}
            </text>
        }
    };
    let lines = view.lines.iter().enumerate().map(|(index, line)| {
        view! { <path class="compare-line" data-line=(index + 1).to_string() d=line.path.clone() /> }
    });
    view! {
        <div class="chart-box compare-box">
            <svg class="chart-drawing" aria-hidden="true">
                {view.prices.iter().map(grid).collect_view()} {view.times.iter().map(time).collect_view()}
                <svg viewBox="0 0 10000 1000" preserveAspectRatio="none" width="100%" height="100%">
                    {lines.collect_view()}
                </svg>
            </svg>
        </div>
    }
    .into_any()
}
