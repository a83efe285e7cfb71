//! Products whose writes Redis was not told of: they are told again until it is, and until then nobody here believes it.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use domain::ProductId;

use super::Entry;

/// Products whose writes Redis was not told of.
#[derive(Debug, Default)]
pub(super) struct Late(Mutex<HashMap<ProductId, Instant>>);

impl Late {
    /// Redis was not told. True if nobody is at work on it yet.
    pub(super) fn add(&self, products: &[ProductId]) -> bool {
        let mut late = self.late();
        let first = late.is_empty();
        let now = Instant::now();
        late.extend(products.iter().map(|product| (*product, now)));
        first && !late.is_empty()
    }

    pub(super) fn has(&self, product: ProductId) -> bool {
        self.late().contains_key(&product)
    }

    /// Some that are to be told. What is so long ago that nothing older is kept anywhere is forgotten.
    pub(super) fn some(&self, most: usize) -> Vec<(ProductId, Instant)> {
        let mut late = self.late();
        let longest = Entry::Facts.lifetime();
        late.retain(|_, at| at.elapsed() < longest);
        late.iter().take(most).map(|(product, at)| (*product, *at)).collect()
    }

    /// They are told, unless they were written again meanwhile.
    pub(super) fn told(&self, told: &[(ProductId, Instant)]) {
        let mut late = self.late();
        for (product, at) in told {
            if late.get(product) == Some(at) {
                late.remove(product);
            }
        }
    }

    fn late(&self) -> MutexGuard<'_, HashMap<ProductId, Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
