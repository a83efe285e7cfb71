//! The chart with its ranges and its table. Its ranges are links; hydrated, they fetch only the history.

use leptos::ev::MouseEvent;
use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::HtmlInputElement;

use crate::api::history::{HistoryView, HistoryWords, RangeView, history};
use crate::api::tracking::set_target;
use crate::components::chart_picture::save_picture;
use crate::components::price_chart::PriceChart;
use crate::components::run_table::RunTable;

/// What the part of the chart may ask for.
#[derive(Clone, Copy)]
struct Asks {
    range: Callback<String>,
    target: Callback<i64>,
}

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
    let range = Callback::new(move |word: String| {
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
    let target = Callback::new(move |minor: i64| {
        let (tracking, word, currency) = view.with_untracked(|view| (view.tracking_id.clone(), shown(view), currency(view)));
        let Some(tracking) = tracking else { return };
        is_busy.set(true);
        spawn_local(async move {
            match set_target(tracking, minor, currency).await {
                Ok(typed) => {
                    type_target(&typed);
                    if let Ok(next) = history(id.get_value(), word).await {
                        view.set(next);
                    }
                }
                Err(_) => _ = window().location().reload(),
            }
            is_busy.set(false);
        });
    });
    view! {
        <div class="history" aria-busy=move || is_busy.get().then_some("true")>
            {move || content(view.get(), Asks { range, target })}
        </div>
    }
}

/// The word of what is shown.
fn shown(view: &HistoryView) -> String {
    if let Some((from, to)) = &view.days {
        return format!("{from}..{to}");
    }
    view.ranges.iter().find(|range| range.is_current).map(|range| range.word.clone()).unwrap_or_default()
}

fn currency(view: &HistoryView) -> String {
    view.plot.as_ref().map(|plot| plot.currency.clone()).unwrap_or_default()
}

/// The field of the rules says the same as the line.
fn type_target(typed: &str) {
    let field = document().get_element_by_id("target_price");
    if let Some(field) = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok()) {
        field.set_value(typed);
    }
}

fn content(view: HistoryView, asks: Asks) -> AnyView {
    let Some(plot) = view.plot else {
        return view! { <p class="history-none">{view.words.none}</p> }.into_any();
    };
    let is_young = view.total < 2;
    let words = view.words;
    let choose_target = view.tracking_id.is_some().then_some(asks.target);
    let young = is_young.then(|| view! { <p class="history-none">{words.young.clone()}</p> });
    view! {
        <div class="history-bar">
            {range_switch(view.ranges, &words, asks.range)} {days(view.days, &words)}
            {picture(view.name, view.caption.clone(), &words)}
        </div>
        <PriceChart plot=plot caption=view.caption words=words.clone() choose_target=choose_target />
        {young}
        <RunTable runs=view.runs words=words csv=view.csv />
    }
    .into_any()
}

/// Links, so that a range can be shared and works without scripts. A single range is no choice.
fn range_switch(ranges: Vec<RangeView>, words: &HistoryWords, choose: Callback<String>) -> AnyView {
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
        <nav class="range-switch" aria-label=words.range.clone()>
            {links.collect_view()}
        </nav>
    }
    .into_any()
}

/// Two days, as a form that needs no script.
fn days(days: Option<(String, String)>, words: &HistoryWords) -> AnyView {
    let is_open = days.is_some();
    let (from, to) = days.unwrap_or_default();
    view! {
        <details class="days" open=is_open>
            <summary>{words.days.clone()}</summary>
            <form method="get">
                <label>{words.from.clone()} <input type="date" name="from" value=from required=true /></label>
                <label>{words.to.clone()} <input type="date" name="to" value=to required=true /></label>
                <button type="submit" class="button" data-kind="plain">
                    {words.show.clone()}
                </button>
            </form>
        </details>
    }
    .into_any()
}

/// The button that saves the chart as a picture. It shows when there is a canvas to save.
fn picture(name: String, caption: String, words: &HistoryWords) -> AnyView {
    let save = move |_: MouseEvent| save_picture(&name, &caption);
    view! {
        <button type="button" class="button chart-picture" data-kind="quiet" on:click=save>
            {words.png.clone()}
        </button>
    }
    .into_any()
}
