//! The program as people run it: its commands, what they print, and how they end.

mod pages;
mod program;
mod start;
