//! The chart with its ranges and its table. Its ranges are links; hydrated, they fetch only the history.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::api::history::{HistoryView, RangeView, history};
use crate::components::price_chart::PriceChart;
use crate::components::run_table::RunTable;

/// The history of a product.
#[island]
pub fn PriceHistory(
    /// The product's id.
    product_id: String,
    /// The history as the page has it.
    view: HistoryView,
) -> impl IntoView {
    let view = RwSignal::new(view);
    let is_busy = RwSignal::new(false);
    let id = StoredValue::new(product_id);
    let choose = Callback::new(move |word: String| {
        is_busy.set(true);
        spawn_local(async move {
            let link = format!("?range={word}");
            match history(id.get_value(), word).await {
                Ok(next) => {
                    // The address names what is shown, so that it can be kept and shared.
                    if let Ok(past) = window().history() {
                        let _ = past.replace_state_with_url(&leptos::wasm_bindgen::JsValue::NULL, "", Some(&link));
                    }
                    view.set(next);
                }
                // Whatever it is, the page itself says it.
                Err(_) => _ = window().location().set_href(&link),
            }
            is_busy.set(false);
        });
    });
    view! {
        <div class="history" aria-busy=move || is_busy.get().then_some("true")>
            {move || content(view.get(), choose)}
        </div>
    }
}

fn content(view: HistoryView, choose: Callback<String>) -> AnyView {
    let Some(plot) = view.plot else {
        return view! { <p class="history-none">"The history starts with the first price. You may leave this page."</p> }
            .into_any();
    };
    let is_young = view.total < 2;
    view! {
        {range_switch(view.ranges, choose)}
        <PriceChart plot=plot caption=view.caption />
        {is_young.then(|| view! { <p class="history-none">"The history has just begun: the line grows with every check."</p> })}
        <RunTable runs=view.runs total=view.total csv=view.csv />
    }
    .into_any()
}

/// Links, so that a range can be shared and works without scripts. A single range is no choice.
fn range_switch(ranges: Vec<RangeView>, choose: Callback<String>) -> AnyView {
    if ranges.len() < 2 {
        return ().into_any();
    }
    let links = ranges.into_iter().map(|range| {
        let href = format!("?range={}", range.word);
        let word = range.word;
        let click = move |event: MouseEvent| {
            // With a key held down it opens elsewhere, as any link does.
            if !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key()) {
                event.prevent_default();
                choose.run(word.clone());
            }
        };
        view! {
            <a href=href aria-current=range.is_current.then_some("true") on:click=click>
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
