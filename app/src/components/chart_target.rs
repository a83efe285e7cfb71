//! The handle of the target's line: dragged or moved by keys, it chooses another target.

use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

use super::plot_scale::{amount, minor_at, y_percent};
use crate::api::history::PlotView;

/// A slider on the price axis. It appears with the scripts; the field of the rules is the way without it.
#[component]
pub fn ChartTarget(
    /// What is drawn.
    plot: PlotView,
    /// What it is called.
    label: String,
    /// How it is used.
    hint: String,
    /// Takes the target that was chosen.
    choose: Callback<i64>,
) -> impl IntoView {
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let Some(target) = plot.target.clone() else { return ().into_any() };
    let saved = target.minor;
    let (low, high) = (plot.low, plot.high);
    let texts = StoredValue::new((label, hint));
    let plot = StoredValue::new(plot);
    let at = RwSignal::new(saved);
    let is_held = RwSignal::new(false);
    let track = NodeRef::<Div>::new();
    let place = move || plot.with_value(|plot| y_percent(plot, at.get()));
    let text = move || plot.with_value(|plot| amount(plot, at.get()));
    let save = move || {
        if at.get_untracked() != saved {
            choose.run(at.get_untracked());
        }
    };
    let grab = move |event: PointerEvent| {
        event.prevent_default();
        if let Some(track) = track.get_untracked() {
            let _ = track.set_pointer_capture(event.pointer_id());
            is_held.set(true);
        }
    };
    let drag = move |event: PointerEvent| {
        let (true, Some(track)) = (is_held.get_untracked(), track.get_untracked()) else { return };
        // The track holds the pointer: the place is counted from its top.
        let (from_top, height) = (i64::from(event.offset_y()), i64::from(track.client_height()));
        at.set(plot.with_value(|plot| minor_at(plot, from_top, height)));
    };
    let let_go = move |_: PointerEvent| {
        if is_held.get_untracked() {
            is_held.set(false);
            save();
        }
    };
    let press = move |event: KeyboardEvent| {
        let step = (saved / 100).max(1);
        let next = match event.key().as_str() {
            "ArrowUp" | "ArrowRight" => at.get_untracked() + step,
            "ArrowDown" | "ArrowLeft" => at.get_untracked() - step,
            "PageUp" => at.get_untracked() + 5 * step,
            "PageDown" => at.get_untracked() - 5 * step,
            "Escape" => saved,
            "Enter" => {
                event.prevent_default();
                return save();
            }
            _ => return,
        };
        event.prevent_default();
        at.set(next.clamp(low.max(1), high));
    };
    let handle = move || {
        let (label, hint) = texts.get_value();
        view! {
            <div class="chart-target-track" node_ref=track on:pointermove=drag on:pointerup=let_go on:pointercancel=let_go>
                <div
                    class="chart-handle"
                    role="slider"
                    tabindex="0"
                    aria-orientation="vertical"
                    aria-label=label
                    title=hint
                    aria-valuemin=low.to_string()
                    aria-valuemax=high.to_string()
                    aria-valuenow=move || at.get().to_string()
                    aria-valuetext=text
                    data-state=move || (at.get() != saved).then_some("moved")
                    style:inset-block-start=place
                    on:pointerdown=grab
                    on:keydown=press
                >
                    <span class="chart-handle-text number">{text}</span>
                </div>
            </div>
        }
    };
    (move || is_alive.get().then(handle)).into_any()
}
