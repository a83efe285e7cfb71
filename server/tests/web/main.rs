//! The whole program but its process: the real router, workers and database, against the demo shop.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod account;
mod api;
mod bad_input;
mod links;
mod ownership;
mod pages;
mod proxies;
mod support;
