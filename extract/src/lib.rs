//! From a fetched page to a reading: a price that is surely right, a sure "out of stock", or a typed reason why not.
//!
//! Pure: no I/O, no clock, nothing async, and no panic on any input. A page goes down one straight path:
//! decode → classify by status → readers → classify by content → reconcile.
//!
//! Two ways in, one answer:
//!
//! - [`extract()`] reads a whole body: `extract(&Page { url, status, content_type, body }, &Pin::new(&product, currency))`.
//! - [`Stream`] reads while the body arrives, and says when the rest is not wanted:
//!
//! ```
//! # use extract::{Page, Pin, Progress, Stream};
//! # let product = domain::ProductUrl::parse("https://shop.example/lamp").unwrap();
//! # let chunks: Vec<&[u8]> = vec![b"<html>", b"</html>"];
//! let head = Page { url: &product.url, status: 200, content_type: Some("text/html"), body: &[] };
//! let mut stream = Stream::new(&head, &Pin::new(&product, None));
//! for chunk in chunks {
//!     if stream.push(chunk) == Progress::Enough {
//!         break; // stop reading and decompressing; the connection may be dropped
//!     }
//! }
//! let reading = stream.finish(); // may take milliseconds: not on a runtime's thread
//! # assert_eq!(reading.outcome(), "empty");
//! ```

mod availability;
mod candidate;
mod classify;
mod context;
mod decode;
mod document;
mod extract;
mod fast;
mod markup;
mod outline;
mod page;
pub mod price_text;
mod readers;
mod reconcile;
mod selector;
mod sight;
mod stream;
mod summary;
mod text;
mod visible;

pub use availability::{read_phrase, read_schema_word};
pub use extract::{Way, extract, extract_by};
pub use page::{MAX_BODY_BYTES, Page, Pin};
pub use selector::{MAX_SELECTOR_CHARS, Selector, SelectorError};
pub use stream::{Progress, Stream};
pub use summary::{Summary, summary};
