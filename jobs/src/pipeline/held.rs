//! Products that are leased to this process, from the claim to the record.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ProductId;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    Queued,
    Running,
}

/// Products that are leased to this process: what bounds the claiming, and what is given back at a stop.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<HashMap<ProductId, Stage>>);

impl Held {
    /// They were claimed and wait for a worker.
    pub(crate) fn claimed(&self, products: impl IntoIterator<Item = ProductId>) {
        let mut held = self.lock();
        for product in products {
            held.entry(product).or_insert(Stage::Queued);
        }
    }

    /// Those of them that no other run of the same job is at work on.
    pub(crate) fn begin(&self, products: &[ProductId]) -> Vec<ProductId> {
        let mut held = self.lock();
        products.iter().copied().filter(|product| held.insert(*product, Stage::Running) != Some(Stage::Running)).collect()
    }

    /// They are recorded or given back.
    pub(crate) fn end(&self, products: impl IntoIterator<Item = ProductId>) {
        let mut held = self.lock();
        for product in products {
            held.remove(&product);
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().len()
    }

    /// All of them, to be given back.
    pub(crate) fn take_all(&self) -> Vec<ProductId> {
        self.lock().drain().map(|(product, _)| product).collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<ProductId, Stage>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
