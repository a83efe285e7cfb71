//! Hydrates the islands of the pages in the browser, nothing else.

// The islands are exported by the crate that defines them.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Makes ready; the page's script then hands over each island that it finds.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
