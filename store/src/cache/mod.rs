//! What was read lately is kept near at hand: facts of a product for an hour, its current price and recent history for ten minutes.
//!
//! [`CachedStore`] is a [`crate::Store`] before another one. It is given to all who read *and* to all who write, in every process:
//! a write through it takes what it changes out of the cache in the same step, so that everybody sees it at once. Workers may use
//! it like everybody: what they decide from is never read from the cache.
//!
//! [`InProcessCache`] is for a single process; several share a [`RedisCache`]. A cache that does not answer makes reads slower,
//! and nothing else.

mod cached_store;
mod channels;
mod in_process;
mod late;
mod lists;
mod port;
mod redis;
mod windows;

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use domain::{ProductId, Timestamp};

pub use cached_store::CachedStore;
pub use in_process::InProcessCache;
pub use redis::RedisCache;

/// Something that is kept about a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Entry {
    /// What it is: name, picture, link.
    Facts,
    /// Evidence of the last reading worth keeping.
    Evidence,
    /// Price, stock, and how its checks went.
    Current,
    /// Price runs from a time on.
    Runs {
        /// From when.
        from: Timestamp,
    },
    /// The newest price runs from a time on.
    Recent {
        /// From when.
        from: Timestamp,
        /// At most so many.
        most: u32,
    },
}

impl Entry {
    /// How long it is good for, if nothing is written meanwhile.
    pub fn lifetime(self) -> Duration {
        match self {
            Entry::Facts | Entry::Evidence => Duration::from_secs(3_600),
            Entry::Current | Entry::Runs { .. } | Entry::Recent { .. } => Duration::from_secs(600),
        }
    }

    /// A word of its own for each.
    fn word(self) -> String {
        match self {
            Entry::Facts => "facts".to_owned(),
            Entry::Evidence => "evidence".to_owned(),
            Entry::Current => "current".to_owned(),
            Entry::Runs { from } => format!("runs:{}", from.as_micros()),
            Entry::Recent { from, most } => format!("recent:{}:{most}", from.as_micros()),
        }
    }
}

/// What a cache knows.
#[derive(Clone, Debug)]
pub struct Cached {
    /// The value.
    pub value: Option<Arc<[u8]>>,
    /// Without a value: leave to put the one that is read from the database now. `None` while the product is being written.
    pub leave: Option<Leave>,
}

/// Leave to put what is read from now on. It ends with the next write of the product: what was read before is not put after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leave(String);

impl Cached {
    /// Nothing is known, and nothing is to be put.
    fn unknown() -> Self {
        Cached { value: None, leave: None }
    }
}

/// Keeps bytes about products.
#[async_trait]
pub trait Cache: Send + Sync + 'static {
    /// What is known, in the order asked for.
    async fn read(&self, wanted: &[(ProductId, Entry)]) -> Vec<Cached>;

    /// Keeps a value that was read from the database after leave was given for it.
    async fn put(&self, product: ProductId, entry: Entry, leave: &Leave, value: Vec<u8>);

    /// These products are about to be written: from now on nothing that is read is kept.
    async fn begin_write(&self, products: &[ProductId]);

    /// They are written, or not: nothing of before is known any more.
    async fn end_write(&self, products: &[ProductId]);
}
