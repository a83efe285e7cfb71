//! Products that are leased to this process, from the claim to the record.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use domain::ProductId;

/// Who holds a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Holder {
    /// The queue: nobody is at work on it yet.
    Queue,
    /// The run of this number.
    Run(u64),
}

/// Products that are leased to this process: what bounds the claiming, and what is given back at a stop.
#[derive(Debug, Default)]
pub(crate) struct Held(Mutex<Holders>);

#[derive(Debug, Default)]
struct Holders {
    by_product: HashMap<ProductId, Holder>,
    runs: u64,
}

/// The products that one run of a job works on, and no other run does.
#[derive(Debug)]
pub(crate) struct Run<'a> {
    held: &'a Held,
    number: u64,
    /// The products.
    pub(crate) products: Vec<ProductId>,
}

impl Held {
    /// They were claimed and wait for a worker.
    pub(crate) fn claimed(&self, products: impl IntoIterator<Item = ProductId>) {
        let mut holders = self.lock();
        for product in products {
            holders.by_product.entry(product).or_insert(Holder::Queue);
        }
    }

    /// They were given back before a worker had them.
    pub(crate) fn returned(&self, products: &[ProductId]) {
        let mut holders = self.lock();
        for product in products {
            if holders.by_product.get(product) == Some(&Holder::Queue) {
                holders.by_product.remove(product);
            }
        }
    }

    /// Begins a run with those of the products that no other run is at work on.
    pub(crate) fn begin(&self, products: &[ProductId]) -> Run<'_> {
        let mut holders = self.lock();
        holders.runs += 1;
        let number = holders.runs;
        let is_free = |product: &ProductId| !matches!(holders.by_product.get(product), Some(Holder::Run(_)));
        let products: Vec<_> = products.iter().copied().filter(is_free).collect();
        for product in &products {
            holders.by_product.insert(*product, Holder::Run(number));
        }
        Run { held: self, number, products }
    }

    pub(crate) fn holds(&self, product: ProductId) -> bool {
        self.lock().by_product.contains_key(&product)
    }

    pub(crate) fn len(&self) -> usize {
        self.lock().by_product.len()
    }

    /// All of them, to be given back.
    pub(crate) fn take_all(&self) -> Vec<ProductId> {
        self.lock().by_product.drain().map(|(product, _)| product).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Holders> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Run<'_> {
    /// This product is recorded: it may be claimed again while the run is at work on the others.
    pub(crate) fn done(&self, product: ProductId) {
        let mut holders = self.held.lock();
        if holders.by_product.get(&product) == Some(&Holder::Run(self.number)) {
            holders.by_product.remove(&product);
        }
    }

    /// The run is over: every product is recorded or given back, or its lease is left to end.
    pub(crate) fn end(self) {
        for product in &self.products {
            self.done(*product);
        }
    }
}
