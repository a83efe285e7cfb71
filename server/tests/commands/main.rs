//! The program as people run it: its commands, what they print, and how they end.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod pages;
mod program;
mod scaled;
mod start;
