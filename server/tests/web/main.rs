//! The whole program but its process: the real router, workers and database, against the demo shop.

mod account;
mod api;
mod bad_input;
mod ownership;
mod pages;
mod support;
