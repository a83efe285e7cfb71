//! The `plummet` program: commands, configuration, router, HTTP API.

// Pages are one deep type; the compiler must be allowed to look at all of it.
#![recursion_limit = "512"]

pub mod cli;
mod commands;
pub mod config;
pub mod demo_shop;
pub mod program;
pub mod rest;
pub mod simulate;
pub mod web;
