//! Settle and record: outcomes are gathered while the batch before is written, so that each transaction holds many.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::check::{CheckOutcome, CheckRecord};
use domain::judge::settle;
use domain::next_check::next_check;
use domain::{ProductId, ProductState};
use store::{PendingEvent, Store, StoreError};
use tokio::sync::{mpsc, oneshot};

use crate::clock::Clock;
use crate::metrics::{Count, Stage, count, timed};
use crate::paces::Paces;
use crate::queue::{Job, JobQueue};

/// Checks in one transaction at most.
const MAX_BATCH: usize = 512;
/// Attempts to write a batch while the database is busy.
const ATTEMPTS: u32 = 5;

/// What became of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Recorded {
    /// It is durable.
    Written,
    /// A newer one is recorded already.
    Older,
    /// The database did not take it; the product is checked again when its lease ends.
    Failed,
}

/// Where outcomes are handed in.
#[derive(Clone, Debug)]
pub(crate) struct Recorder(mpsc::Sender<Entry>);

#[derive(Debug)]
struct Entry {
    product: ProductState,
    outcome: CheckOutcome,
    done: oneshot::Sender<Recorded>,
}

impl Recorder {
    /// Starts the recorder on the current runtime. It ends when nobody can hand in anything any more.
    pub(crate) fn start(store: Arc<dyn Store>, queue: Arc<dyn JobQueue>, clock: Clock, paces: Paces) -> Self {
        let (sender, receiver) = mpsc::channel(4 * MAX_BATCH);
        tokio::spawn(Recording { store, queue, clock, paces }.run(receiver));
        Recorder(sender)
    }

    /// Hands in what a check of a product found; returns when it is durable, or why not.
    pub(crate) async fn record(&self, product: ProductState, outcome: CheckOutcome) -> Recorded {
        let (done, recorded) = oneshot::channel();
        if self.0.send(Entry { product, outcome, done }).await.is_err() {
            return Recorded::Failed;
        }
        recorded.await.unwrap_or(Recorded::Failed)
    }
}

struct Recording {
    store: Arc<dyn Store>,
    queue: Arc<dyn JobQueue>,
    clock: Clock,
    paces: Paces,
}

impl Recording {
    async fn run(self, mut receiver: mpsc::Receiver<Entry>) {
        let mut gathered = Vec::new();
        while !gathered.is_empty() || receiver.recv_many(&mut gathered, MAX_BATCH).await > 0 {
            // Two checks of one product cannot be in one batch: the second is settled against what the first has written.
            let mut seen = HashSet::new();
            let (batch, later) = gathered.drain(..).partition(|entry: &Entry| seen.insert(entry.outcome.product_id));
            gathered = later;
            self.record(batch).await;
        }
    }

    async fn record(&self, batch: Vec<Entry>) {
        let conflicts = self.write(batch).await;
        if conflicts.is_empty() {
            return;
        }
        let mut again = Vec::new();
        for entry in conflicts {
            match self.store.find_product(entry.outcome.product_id).await {
                Ok(Some(product)) => again.push(Entry { product, ..entry }),
                Ok(None) | Err(_) => tell(entry, Recorded::Failed),
            }
        }
        for entry in self.write(again).await {
            tracing::warn!(product.id = %entry.outcome.product_id, "a check met two newer ones; it is done again when its lease ends");
            tell(entry, Recorded::Failed);
        }
    }

    /// Settles and writes a batch. Returns the checks whose product was changed meanwhile.
    async fn write(&self, batch: Vec<Entry>) -> Vec<Entry> {
        let now = self.clock.now();
        let (mut entries, mut records, mut older) = (Vec::new(), Vec::new(), Vec::new());
        for entry in batch {
            let pace = self.paces.of(&entry.product);
            match settle(&entry.product, &entry.outcome, pace, now) {
                Some(record) => {
                    records.push(record);
                    entries.push(entry);
                }
                None => {
                    older.push((entry.outcome.product_id, next_check(&entry.product, None, 0, pace, now)));
                    tell(entry, Recorded::Older);
                }
            }
        }
        if !older.is_empty()
            && let Err(error) = self.store.defer(&older).await
        {
            tracing::warn!(%error, "leases were not given back; they end by themselves");
        }
        if records.is_empty() {
            return Vec::new();
        }
        let refused = match self.record_checks(&records).await {
            Ok(refused) => refused,
            Err(error) => {
                tracing::error!(%error, checks = records.len(), "checks were not recorded; they are done again when their leases end");
                entries.into_iter().for_each(|entry| tell(entry, Recorded::Failed));
                return Vec::new();
            }
        };
        let refused: HashSet<ProductId> = refused.into_iter().collect();
        let mut conflicts = Vec::new();
        for (entry, record) in entries.into_iter().zip(&records) {
            if refused.contains(&record.product_id) {
                conflicts.push(entry);
                continue;
            }
            acknowledge(record);
            self.ring(record).await;
            tell(entry, Recorded::Written);
        }
        conflicts
    }

    /// Writes, again and again while the database is busy: what was observed is not lost for a moment's lock.
    async fn record_checks(&self, records: &[CheckRecord]) -> store::Result<Vec<ProductId>> {
        let mut attempt = 1;
        loop {
            match timed(Stage::Record, self.store.record_checks(records)).await {
                Err(StoreError::Unavailable(reason)) if attempt < ATTEMPTS => {
                    tracing::warn!(reason, attempt, "the database is busy; writing the checks again");
                    tokio::time::sleep(Duration::from_millis(100 << attempt)).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    async fn ring(&self, record: &CheckRecord) {
        let Some(event) = &record.event else { return };
        let bell = Job::FanOut(PendingEvent { product_id: event.product_id, event_id: event.id });
        if let Err(error) = self.queue.push(bell).await {
            tracing::debug!(%error, "a bell was not rung; the sweeper rings it again");
        }
    }
}

/// One line for each durable check, for those who must compare what was acknowledged with what is stored.
fn acknowledge(record: &CheckRecord) {
    count(Count::Checks, record.outcome, 1);
    let price = record.new_run.as_ref().and_then(|run| run.price).map(|price| price.to_string());
    tracing::debug!(
        target: "plummet::recorded",
        { product.id = %record.product_id, check.at = %record.observed_at, check.outcome = record.outcome, check.price = price },
        "recorded"
    );
}

fn tell(entry: Entry, recorded: Recorded) {
    // Who handed it in may have stopped waiting.
    let _ = entry.done.send(recorded);
}
