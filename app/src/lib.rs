//! The pages of Plummet: what a person sees, on the server and, hydrated, in the browser.
//!
//! A page loads one view by a server function of [`api`], shows loading, error and empty by one component, and hands plain values
//! down to components. Every page reads and every form posts before WASM arrives.

// A view is one deep type; the compiler must be allowed to look at all of it.
#![recursion_limit = "512"]

pub mod api;
mod app;
mod components;
mod context;
mod pages;
mod routes;
mod shell;

pub use app::App;
pub use context::*;
pub use shell::*;
