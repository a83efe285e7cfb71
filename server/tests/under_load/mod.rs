//! Real programs under load, and the books that must balance whatever is done to them.
//!
//! The demo shop lives in the test's own process and goes on. Its prices move, every product is checked every few seconds, and alerts
//! fire over the whole time. What a program acknowledged is read from its log: a line for each check that it calls recorded.

pub mod books;
pub mod load;
pub mod program;
