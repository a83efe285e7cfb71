//! The chart as a picture to keep.

/// Saves the chart with its name and sentence above it. Does nothing where no chart was drawn by scripts.
#[cfg(feature = "hydrate")]
pub fn save_picture(name: &str, caption: &str) {
    use wasm_bindgen::{JsCast, JsValue};

    let get = |of: &JsValue, name: &str| js_sys::Reflect::get(of, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let charts = get(&leptos::prelude::window().into(), "plummetCharts");
    let Some(element) = leptos::prelude::document().get_element_by_id(super::chart_canvas::CANVAS_ID) else { return };
    if let Some(poster) = get(&charts, "poster").dyn_ref::<js_sys::Function>() {
        let _ = poster.call3(&charts, &element, &name.into(), &caption.into());
    }
}

/// The server saves nothing.
#[cfg(not(feature = "hydrate"))]
pub fn save_picture(_name: &str, _caption: &str) {}
