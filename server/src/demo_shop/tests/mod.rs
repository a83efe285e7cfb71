//! The shop over a socket, and its pages as the extractor reads them.

mod reading;
mod serving;
