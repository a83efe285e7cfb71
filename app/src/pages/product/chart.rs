//! The chart with its ranges and its table.

use leptos::prelude::*;
use leptos::server::Resource;

use crate::api::error::ApiError;
use crate::api::history::{HistoryView, RangeView};
use crate::components::loaded::loaded;
use crate::components::price_chart::PriceChart;
use crate::components::run_table::RunTable;

/// The history of a product, as soon as it is there.
pub fn chart(past: Resource<Result<HistoryView, ApiError>>) -> AnyView {
    view! {
        <section class="history" aria-labelledby="history-title">
            <h2 id="history-title" class="visually-hidden">
                "Price history"
            </h2>
            {loaded(past, 3, false, content)}
        </section>
    }
    .into_any()
}

fn content(view: HistoryView) -> AnyView {
    let Some(plot) = view.plot else {
        return view! { <p class="history-none">"The history starts with the first price. You may leave this page."</p> }
            .into_any();
    };
    let is_young = view.ranges.len() == 1 && view.total < 2;
    view! {
        {range_switch(view.ranges)}
        <PriceChart plot=plot caption=view.caption />
        {is_young.then(|| view! { <p class="history-none">"History starts today: the line grows with every check."</p> })}
        <RunTable runs=view.runs total=view.total />
    }
    .into_any()
}

/// Links, so that a range can be shared and works without scripts. A single range is no choice.
fn range_switch(ranges: Vec<RangeView>) -> AnyView {
    if ranges.len() < 2 {
        return ().into_any();
    }
    let links = ranges.into_iter().map(|range| {
        view! {
            <a href=format!("?range={}", range.word) aria-current=range.is_current.then_some("true") data-noscroll="true">
                {range.label}
            </a>
        }
    });
    view! {
        <nav class="range-switch" aria-label="Range">
            {links.collect_view()}
        </nav>
    }
    .into_any()
}
