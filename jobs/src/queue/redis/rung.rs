//! Products that were rung for lately. When Redis has lost its data, their jobs are lost, and they need not wait for the end of
//! their leases.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use domain::ProductId;

/// What this process rang for within a lease.
#[derive(Debug)]
pub(super) struct Rung {
    lease: Duration,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    rung: VecDeque<(Instant, Vec<ProductId>)>,
    lost: Vec<ProductId>,
}

impl Rung {
    pub(super) fn new(lease: Duration) -> Self {
        Rung { lease, state: Mutex::default() }
    }

    /// A job for these products was pushed.
    pub(super) fn rang(&self, products: Vec<ProductId>) {
        let mut state = self.state();
        while state.rung.front().is_some_and(|(at, _)| at.elapsed() > self.lease) {
            state.rung.pop_front();
        }
        state.rung.push_back((Instant::now(), products));
    }

    /// Redis has lost all jobs. Some of these were run already: their leases have ended, and giving them back does nothing.
    pub(super) fn all_lost(&self) {
        let mut state = self.state();
        let lost: Vec<ProductId> = std::mem::take(&mut state.rung)
            .into_iter()
            .filter(|(at, _)| at.elapsed() <= self.lease)
            .flat_map(|(_, ids)| ids)
            .collect();
        state.lost.extend(lost);
    }

    pub(super) fn take_lost(&self) -> Vec<ProductId> {
        std::mem::take(&mut self.state().lost)
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
