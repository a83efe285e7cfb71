//! The cache of a single process.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use async_trait::async_trait;
use domain::ProductId;

use super::{Cache, Cached, Entry, Leave};

/// Most bytes that are kept.
const CAPACITY: u64 = 64 << 20;
/// Entries that are kept about one product: windows of its history.
const MOST_ENTRIES: usize = 16;
/// Products share this many counters of writes: with a write of another one, leave may end too early, which costs one read.
const COUNTERS: usize = 256;

/// The cache of a single process.
#[derive(Debug)]
pub struct InProcessCache {
    products: moka::sync::Cache<ProductId, Known>,
    writes: Vec<Mutex<u64>>,
}

/// What is known about one product, each until its time.
type Known = Arc<HashMap<Entry, (Instant, Arc<[u8]>)>>;

impl InProcessCache {
    /// An empty one.
    pub fn new() -> Self {
        let size = |_: &ProductId, known: &Known| -> u32 {
            let bytes: usize = known.values().map(|(_, value)| value.len() + 64).sum();
            u32::try_from(bytes + 128).unwrap_or(u32::MAX)
        };
        let longest = Entry::Facts.lifetime();
        InProcessCache {
            products: moka::sync::Cache::builder().max_capacity(CAPACITY).weigher(size).time_to_idle(longest).build(),
            writes: (0..COUNTERS).map(|_| Mutex::default()).collect(),
        }
    }

    fn writes(&self, product: ProductId) -> MutexGuard<'_, u64> {
        let index = usize::from(product.0.as_bytes()[15]) % self.writes.len();
        self.writes[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn forget(&self, products: &[ProductId]) {
        for product in products {
            let mut writes = self.writes(*product);
            *writes += 1;
            self.products.invalidate(product);
        }
    }
}

impl Default for InProcessCache {
    fn default() -> Self {
        InProcessCache::new()
    }
}

#[async_trait]
impl Cache for InProcessCache {
    async fn read(&self, wanted: &[(ProductId, Entry)]) -> Vec<Cached> {
        let now = Instant::now();
        let read = |(product, entry): &(ProductId, Entry)| {
            let known = self.products.get(product);
            match known.and_then(|known| known.get(entry).filter(|(until, _)| now < *until).map(|(_, value)| value.clone())) {
                Some(value) => Cached { value: Some(value), leave: None },
                None => Cached { value: None, leave: Some(Leave(self.writes(*product).to_string())) },
            }
        };
        wanted.iter().map(read).collect()
    }

    async fn put(&self, product: ProductId, entry: Entry, leave: &Leave, value: Vec<u8>) {
        // Held until it is put: a write comes before, and leave has ended, or after, and takes it out again.
        let writes = self.writes(product);
        if writes.to_string() != leave.0 {
            return;
        }
        let now = Instant::now();
        let mut known = self.products.get(&product).map(Arc::unwrap_or_clone).unwrap_or_default();
        known.retain(|_, (until, _)| now < *until);
        if known.len() >= MOST_ENTRIES {
            known.retain(|entry, _| matches!(entry, Entry::Facts | Entry::Evidence | Entry::Current));
        }
        known.insert(entry, (now + entry.lifetime(), value.into()));
        self.products.insert(product, Arc::new(known));
    }

    async fn begin_write(&self, products: &[ProductId]) {
        self.forget(products);
    }

    async fn end_write(&self, products: &[ProductId]) {
        self.forget(products);
    }
}
