//! The pages of Plummet: what a person sees, on the server and, hydrated, in the browser.
//!
//! A page loads one view by a server function of [`api`], says by one component what is empty or wrong, and hands plain values down
//! to components. Pages are HTML and forms are forms: they work before and without scripts. Only [`islands`] are hydrated, so that
//! the browser gets little WASM, and none of what a page is made of.

// A view is one deep type; the compiler must be allowed to look at all of it.
#![recursion_limit = "512"]

pub mod api;
mod app;
mod components;
mod context;
pub mod islands;
mod pages;
mod routes;
mod shell;

pub use app::App;
pub use context::*;
pub use shell::*;
