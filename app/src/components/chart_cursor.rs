//! Reading the chart at one time, by pointer or keyboard, over drawing and canvas alike.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use leptos::web_sys::Element;

use super::plot_scale::step_at;
use crate::api::history::PlotView;

/// A month, in milliseconds: a page of the keyboard.
const MONTH: i64 = 30 * 24 * 60 * 60 * 1_000;

/// A slider over the plot: one line of words, a hair line, a dot. It appears with the scripts: without them it could not move.
#[component]
pub fn ChartCursor(
    /// What is drawn.
    plot: PlotView,
    /// The part of time that is shown.
    window: RwSignal<(i64, i64)>,
    /// What it is called.
    label: String,
) -> impl IntoView {
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let plot = StoredValue::new(plot);
    let label = StoredValue::new(label);
    let last = plot.with_value(|plot| plot.steps.len().saturating_sub(1));
    // The time that is pointed at; none while nobody points.
    let at = RwSignal::new(None::<i64>);
    let step = Memo::new(move |_| at.get().map_or(last, |at| plot.with_value(|plot| step_at(plot, at))));
    let text = move || plot.with_value(|plot| plot.steps.get(step.get()).map(|step| step.text.clone()).unwrap_or_default());
    let point = move |event: PointerEvent| {
        let Some(target) = event.current_target() else { return };
        let Ok(element) = target.dyn_into::<Element>() else { return };
        let width = i64::from(element.client_width()).max(1);
        let (from, to) = window.get_untracked();
        at.set(Some(from + (to - from) * i64::from(event.offset_x()).clamp(0, width) / width));
    };
    let press = move |event: KeyboardEvent| {
        let now = step.get_untracked();
        let time = |index: usize| plot.with_value(|plot| plot.steps.get(index).map(|step| step.at));
        let here = at.get_untracked().or_else(|| time(now)).unwrap_or_default();
        let next = match event.key().as_str() {
            "ArrowLeft" | "ArrowDown" => time(now.saturating_sub(1)),
            "ArrowRight" | "ArrowUp" => time((now + 1).min(last)),
            "PageUp" => Some(here - MONTH),
            "PageDown" => Some(here + MONTH),
            "Home" => time(0),
            "End" => time(last),
            "Escape" => None,
            _ => return,
        };
        event.prevent_default();
        let bounds = plot.with_value(|plot| (plot.from, plot.to));
        at.set(next.map(|at| at.clamp(bounds.0, bounds.1)));
    };
    // Where the hair line stands: a share of the window, on a grid of hundredths.
    let place = move || {
        let (from, to) = window.get();
        let share = at.get().map(|at| (at - from) * 10_000 / (to - from).max(1));
        share.filter(|share| (0..=10_000).contains(share)).map(|share| format!("{}.{:02}%", share / 100, share % 100))
    };
    let slider = move || {
        view! {
            <p class="chart-readout number" aria-hidden="true">
                {text}
            </p>
            <div
                class="chart-cursor"
                role="slider"
                tabindex="0"
                aria-label=label.get_value()
                aria-valuemin="0"
                aria-valuemax=last.to_string()
                aria-valuenow=move || step.get().to_string()
                aria-valuetext=text
                on:pointermove=point
                on:pointerdown=point
                on:pointerleave=move |_| at.set(None)
                on:keydown=press
            >
                <svg aria-hidden="true">
                    {move || {
                        place().map(|x| view! { <line class="chart-hair" x1=x.clone() x2=x y1="0" y2="100%" /> })
                    }}
                </svg>
            </div>
        }
    };
    move || is_alive.get().then(slider)
}
