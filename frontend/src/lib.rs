//! Makes the islands of a page live in the browser, nothing else.

// Its islands are exported by name; the linker must not think that nothing of it is used.
use app as _;
use wasm_bindgen::prelude::wasm_bindgen;

/// Prepares the runtime; the page's script then calls the function of each island that it finds.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    leptos::mount::hydrate_islands();
}
