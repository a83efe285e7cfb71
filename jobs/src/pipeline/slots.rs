//! How many requests run at once: in all, and to one shop.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::limiter::Route;

/// Requests to one shop at once.
const PER_ROUTE: usize = 4;
/// Shops that are remembered before the idle ones are forgotten.
const MANY_ROUTES: usize = 1_024;

/// The slots of all requests.
#[derive(Debug)]
pub(crate) struct Slots {
    all: Arc<Semaphore>,
    by_route: Mutex<HashMap<Arc<str>, Weak<Semaphore>>>,
}

/// A place among the requests that run at once; freed when it is dropped.
#[derive(Debug)]
pub(crate) struct Slot {
    _route: Option<OwnedSemaphorePermit>,
    _all: OwnedSemaphorePermit,
}

impl Slots {
    pub(crate) fn new(workers: usize) -> Self {
        Slots { all: Arc::new(Semaphore::new(workers.max(1))), by_route: Mutex::default() }
    }

    /// Waits for a place: first at the shop, so that who waits for a slow one holds nobody else up.
    pub(crate) async fn enter(&self, route: &Route) -> Slot {
        let at_route = match route.per_hour {
            Some(_) => Some(acquire(self.of_route(route)).await),
            None => None,
        };
        Slot { _route: at_route, _all: acquire(self.all.clone()).await }
    }

    fn of_route(&self, route: &Route) -> Arc<Semaphore> {
        let mut by_route = self.by_route.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = by_route.get(&route.key).and_then(Weak::upgrade) {
            return known;
        }
        if by_route.len() > MANY_ROUTES {
            by_route.retain(|_, slots| slots.strong_count() > 0);
        }
        let new = Arc::new(Semaphore::new(PER_ROUTE));
        by_route.insert(route.key.clone(), Arc::downgrade(&new));
        new
    }
}

/// The permit keeps its semaphore alive, so a route is remembered while somebody is in it.
async fn acquire(semaphore: Arc<Semaphore>) -> OwnedSemaphorePermit {
    semaphore.acquire_owned().await.expect("this semaphore is never closed")
}
