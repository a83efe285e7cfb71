//! The commands, one file each.

pub mod check;
pub mod config;
pub mod demo;
pub mod extract;
pub mod migrate;
mod running;
pub mod serve;
pub mod setup_link;
pub mod simulate;
pub mod token;
pub mod user;
pub mod worker;

/// How a command ended, if it did not fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// It did what was asked.
    Done,
    /// It read a page and found nothing that it is sure of.
    NothingSure,
}
