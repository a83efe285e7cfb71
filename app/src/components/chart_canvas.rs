//! The canvas of ECharts over the drawing.

use leptos::html::Div;
use leptos::prelude::*;

use crate::api::history::PlotView;
use crate::context::asset_paths;

/// The id by which charming finds the element.
pub(super) const CANVAS_ID: &str = "chart-canvas";

/// An empty box until the figure comes near; then the library is loaded and draws, and the drawing below fades out.
#[component]
pub fn ChartCanvas(
    /// What to draw.
    plot: PlotView,
    /// The part of time that is shown; follows the slider.
    window: RwSignal<(i64, i64)>,
) -> impl IntoView {
    let place = NodeRef::<Div>::new();
    let library = asset_paths().charts;
    canvas::draw_when_near(place, plot, window, library);
    view! { <div id=CANVAS_ID class="chart-canvas" aria-hidden="true" node_ref=place></div> }
}

#[cfg(not(feature = "hydrate"))]
mod canvas {
    use super::*;

    /// The server draws the SVG only.
    pub fn draw_when_near(_place: NodeRef<Div>, _plot: PlotView, _window: RwSignal<(i64, i64)>, _library: String) {}
}

#[cfg(feature = "hydrate")]
mod canvas {
    use charming::component::{Axis, DataZoom, DataZoomType, FilterMode, Grid};
    use charming::datatype::{CompositeValue, DataPoint};
    use charming::element::{AxisLabel, AxisLine, AxisTick, AxisType, Color, ItemStyle, LineStyle, LineStyleType};
    use charming::element::{MarkArea, MarkAreaData, SplitLine, Step, Symbol};
    use charming::series::{Line, Scatter};
    use charming::{Chart, WasmRenderer};
    use wasm_bindgen::closure::Closure;
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::{Element, HtmlElement, IntersectionObserver, IntersectionObserverInit};

    use super::*;
    use crate::api::history::{BandView, TickView, ticks_between};
    use crate::components::plot_scale::is_wide;
    use crate::components::price_chart::BELL;

    /// From this width on a slider under the chart chooses the part that is shown.
    const TABLET: f64 = 768.0;
    /// Height kept free below the plot: the times; with the slider, both. The stylesheet keeps the same.
    const BELOW: i64 = 28;
    const BELOW_WITH_SLIDER: i64 = 68;

    /// Draws when the box comes within 200 px of what is seen, and frees the canvas when the page is left.
    pub fn draw_when_near(place: NodeRef<Div>, plot: PlotView, window: RwSignal<(i64, i64)>, library: String) {
        if library.is_empty() {
            return;
        }
        let plot = StoredValue::new(plot);
        Effect::new(move |_| {
            let Some(element) = place.get() else { return };
            let element: HtmlElement = element.unchecked_into();
            if saves_data() {
                return;
            }
            let library = library.clone();
            let target = element.clone();
            let near = Closure::<dyn FnMut(js_sys::Array, IntersectionObserver)>::new(
                move |seen: js_sys::Array, observer: IntersectionObserver| {
                    let is_near = seen.iter().any(|entry| get(&entry, "isIntersecting").is_truthy());
                    if is_near {
                        observer.disconnect();
                        load(&library, &target, plot, window);
                    }
                },
            );
            let options = IntersectionObserverInit::new();
            options.set_root_margin("200px");
            let observer = IntersectionObserver::new_with_options(near.as_ref().unchecked_ref(), &options);
            if let Ok(observer) = &observer {
                observer.observe(&element);
            }
            let kept = StoredValue::new_local((near, observer.ok(), element));
            on_cleanup(move || {
                kept.with_value(|(_, observer, element)| {
                    if let Some(observer) = observer {
                        observer.disconnect();
                    }
                    call(&["plummetCharts", "dispose"], &[element.into()]);
                });
            });
        });
    }

    /// Loads the library once a page, then draws.
    fn load(library: &str, element: &HtmlElement, plot: StoredValue<PlotView>, window: RwSignal<(i64, i64)>) {
        if get(&leptos::prelude::window().into(), "plummetCharts").is_object() {
            return draw(element, plot, window);
        }
        let Ok(script) = document().create_element("script") else { return };
        let _ = script.set_attribute("type", "module");
        let _ = script.set_attribute("src", library);
        let element = element.clone();
        let loaded = Closure::once_into_js(move || draw(&element, plot, window));
        let _ = script.add_event_listener_with_callback("load", loaded.unchecked_ref());
        if let Some(body) = document().body() {
            let _ = body.append_child(&script);
        }
    }

    fn draw(element: &HtmlElement, plot: StoredValue<PlotView>, window: RwSignal<(i64, i64)>) {
        let colours = call(&["plummetCharts", "theme"], &[element.into()]);
        let Some(chart) = plot.try_with_value(|plot| chart(plot, &colours)) else { return };
        if WasmRenderer::new_opt(None, None).render(CANVAS_ID, &chart).is_err() {
            return;
        }
        plot.with_value(|plot| label(element, &plot.time_ticks));
        let labelled = element.clone();
        let told = Closure::<dyn FnMut(f64, f64)>::new(move |from: f64, to: f64| {
            let _ = window.try_set((from as i64, to as i64));
            label_soon(&labelled, window);
        });
        call(&["plummetCharts", "onZoom"], &[element.into(), told.into_js_value()]);
        // The drawing below fades where the canvas now draws the same.
        if let Some(figure) = element.closest(".chart-box").ok().flatten() {
            let figure: Element = figure;
            let _ = figure.set_attribute("data-state", "canvas");
        }
    }

    /// Writes the times on the axis: the reader's own midnights and months come from the server.
    fn label(element: &HtmlElement, ticks: &[TickView]) {
        let pairs = ticks.iter().map(|tick| js_sys::Array::of2(&(tick.at as f64).into(), &tick.text.as_str().into()));
        let pairs: js_sys::Array = pairs.collect();
        call(&["plummetCharts", "ticks"], &[element.into(), pairs.into()]);
    }

    /// Asks for the times of the part that is shown, once the slider rests.
    fn label_soon(element: &HtmlElement, window: RwSignal<(i64, i64)>) {
        let Some(asked) = window.try_get_untracked() else { return };
        let element = element.clone();
        let ask = move || {
            if window.try_get_untracked() != Some(asked) {
                return;
            }
            leptos::task::spawn_local(async move {
                if let Ok(ticks) = ticks_between(asked.0, asked.1).await
                    && window.try_get_untracked() == Some(asked)
                {
                    label(&element, &ticks);
                }
            });
        };
        set_timeout(ask, std::time::Duration::from_millis(150));
    }

    /// The option. Prices, levels and the target stay in the drawing, which the slider does not move.
    fn chart(plot: &PlotView, colours: &JsValue) -> Chart {
        let colour = |name: &str| Color::Value(get(colours, name).as_string().unwrap_or_default());
        let has_slider =
            leptos::prelude::window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|w| w >= TABLET);
        let below = if has_slider { BELOW_WITH_SLIDER } else { BELOW };
        let ticks = AxisLabel::new().formatter("@date").color(colour("muted")).font_size(12.0).distance(8.0);
        let ticks = plot.time_ticks.iter().fold(ticks, |label, tick| label.custom_values(tick.at as f64));
        let hidden = || AxisLine::new().show(false);
        let mut chart = Chart::new()
            .animation(false)
            .grid(Grid::new().left(0_i64).right(64_i64).top(16_i64).bottom(below).contain_label(false))
            .x_axis(
                Axis::new()
                    .type_(AxisType::Time)
                    .min(plot.from as f64)
                    .max(plot.to as f64)
                    .axis_label(ticks)
                    .axis_line(hidden())
                    .axis_tick(AxisTick::new().show(false))
                    .split_line(SplitLine::new().show(false)),
            )
            .y_axis(
                Axis::new()
                    .type_(AxisType::Value)
                    .position("right")
                    .min(plot.low as f64)
                    .max(plot.high as f64)
                    .axis_label(AxisLabel::new().show(false))
                    .split_line(SplitLine::new().show(false)),
            );
        if has_slider {
            chart = chart.data_zoom(slider(colours));
        }
        for is_sold_out in [true, false] {
            chart = chart.series(bands(plot, is_sold_out, colour("muted")));
        }
        let stroke = LineStyle::new().color(colour("line-1")).width(2.0);
        chart = chart.series(line("price", points(plot)).line_style(stroke.clone()));
        if let Some(minor) = plot.steps.last().and_then(|step| step.minor).filter(|_| plot.is_fresh) {
            let rest = vec![point(plot.seen, Some(minor)), point(plot.to, Some(minor))];
            chart = chart.series(line("rest", rest).line_style(stroke.type_(LineStyleType::Dotted)));
            chart = chart.series(dot("now", plot.to, minor, "circle", 9.0, colour("line-1")));
        }
        if !plot.told.is_empty() {
            let bells = plot.told.iter().map(|(at, minor)| point(*at, Some(*minor))).collect();
            let style = ItemStyle::new().color(colour("accent"));
            let bell = Symbol::Custom(format!("path://{BELL}"));
            let series = Scatter::new().name("told").symbol(bell).symbol_size(14.0);
            chart = chart.series(series.item_style(style).data(bells));
        }
        if let Some((at, minor)) = plot.suspect {
            chart = chart.series(dot("suspect", at, minor, "emptyDiamond", 11.0, colour("warning")));
        }
        chart
    }

    fn slider(colours: &JsValue) -> DataZoom {
        let colour = |name: &str| Color::Value(get(colours, name).as_string().unwrap_or_default());
        DataZoom::new()
            .type_(DataZoomType::Slider)
            .filter_mode(FilterMode::None)
            .left(8_i64)
            .right(72_i64)
            .bottom(4_i64)
            .background_color("transparent")
            .border_color(colour("border"))
            .brush_select(false)
    }

    /// A line of steps: after a point without a price it goes on at the next.
    fn line(name: &str, points: Vec<DataPoint>) -> Line {
        let line = Line::new().name(name).step(Step::End).connect_nulls(false).show_symbol(false).silent(true);
        line.data(points)
    }

    fn points(plot: &PlotView) -> Vec<DataPoint> {
        let mut points: Vec<DataPoint> = plot.steps.iter().map(|step| point(step.at, step.minor)).collect();
        if let Some(minor) = plot.steps.last().and_then(|step| step.minor) {
            points.push(point(plot.seen, Some(minor)));
        }
        points
    }

    fn point(at: i64, minor: Option<i64>) -> DataPoint {
        let place: Vec<CompositeValue> = vec![(at as f64).into(), minor.map(|minor| minor as f64).into()];
        DataPoint::Value(CompositeValue::Array(place))
    }

    fn dot(name: &str, at: i64, minor: i64, symbol: &str, size: f64, colour: Color) -> Scatter {
        let symbol = if symbol == "circle" { Symbol::Circle } else { Symbol::Custom(symbol.into()) };
        let style = ItemStyle::new().color(colour);
        Scatter::new().name(name).symbol(symbol).symbol_size(size).item_style(style).data(vec![point(at, Some(minor))])
    }

    /// The bands of one kind: an empty line with its own fill.
    fn bands(plot: &PlotView, is_sold_out: bool, colour: Color) -> Line {
        let edge =
            |at: i64| MarkAreaData::new().x_axis(String::from(js_sys::Date::new(&JsValue::from_f64(at as f64)).to_iso_string()));
        let areas = plot.bands.iter().filter(|band| band.is_sold_out == is_sold_out);
        let areas: Vec<_> = areas.map(|band| (named(plot, band, edge(band.from)), edge(band.to))).collect();
        let opacity = if is_sold_out { 0.16 } else { 0.07 };
        let label = charming::element::Label::new().color(colour.clone()).font_size(12.0);
        let style = ItemStyle::new().color(colour).opacity(opacity);
        let name = if is_sold_out { "sold out" } else { "not checked" };
        line(name, Vec::new()).mark_area(MarkArea::new().silent(true).item_style(style).label(label).data(areas))
    }

    /// A band says what it is if the word fits into it.
    fn named(plot: &PlotView, band: &BandView, edge: MarkAreaData) -> MarkAreaData {
        if is_wide(plot, band) { edge.name(band.label.clone()) } else { edge.name("") }
    }

    /// Whoever saves data keeps the drawing.
    fn saves_data() -> bool {
        let navigator = get(&leptos::prelude::window().into(), "navigator");
        get(&get(&navigator, "connection"), "saveData").is_truthy()
    }

    fn get(of: &JsValue, name: &str) -> JsValue {
        js_sys::Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED)
    }

    /// Calls a function of the page, named from the window down.
    fn call(names: &[&str], arguments: &[JsValue]) -> JsValue {
        let mut this = JsValue::UNDEFINED;
        let mut here: JsValue = leptos::prelude::window().into();
        for name in names {
            this = std::mem::replace(&mut here, JsValue::UNDEFINED);
            here = get(&this, name);
        }
        let list: js_sys::Array = arguments.iter().collect();
        here.dyn_ref::<js_sys::Function>().and_then(|call| call.apply(&this, &list).ok()).unwrap_or(JsValue::UNDEFINED)
    }
}
