//! What lives in the browser: the only parts that are compiled to WASM. All other components are HTML of the server.

mod price_history;

pub use price_history::PriceHistory;
