//! A store before another one, that keeps what it reads and forgets what it writes.

use std::sync::Arc;

use domain::check::CheckRecord;
use domain::history::PriceRun;
use domain::offer::{Evidence, ProductFacts};
use domain::{Platform, ProductId, ProductState, Timestamp};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::windows::{day_of, hour_of, window};
use super::{Cache, Cached, Entry, Leave};
use crate::Store;
use crate::error::Result;
use crate::model::{KeptEvidence, Owned, RecentRuns};

/// Histories with more runs than this are read from the database each time: they are many bytes, and few.
const MOST_RUNS: usize = 2_000;

/// A store before another one: see [`super`].
pub struct CachedStore {
    pub(super) store: Arc<dyn Store>,
    cache: Arc<dyn Cache>,
}

/// What a product is, as it is kept: apart from its state, because a check mostly leaves it as it is.
#[derive(Serialize, Deserialize)]
struct KeptFacts {
    platform: Platform,
    external_id: String,
    url: String,
    host: String,
    facts: ProductFacts,
}

impl CachedStore {
    /// A store that keeps in `cache` what it reads from `store`.
    pub fn new(store: Arc<dyn Store>, cache: Arc<dyn Cache>) -> Self {
        CachedStore { store, cache }
    }

    pub(super) async fn product(&self, id: ProductId) -> Result<Option<ProductState>> {
        let mut known = self.cache.read(&[(id, Entry::Facts), (id, Entry::Current)]).await;
        let (current, facts) = (known.pop(), known.pop());
        let kept = |cached: &Option<Cached>| cached.as_ref().and_then(|cached| cached.value.clone());
        if let Some((facts, current)) = kept(&facts).zip(kept(&current))
            && let Some((facts, current)) = decoded::<KeptFacts>(&facts).zip(decoded::<ProductState>(&current))
        {
            let KeptFacts { platform, external_id, url, host, facts } = facts;
            return Ok(Some(ProductState { platform, external_id, url, host, facts, ..current }));
        }
        let Some(found) = self.store.find_product(id).await? else { return Ok(None) };
        let of_facts = KeptFacts {
            platform: found.platform,
            external_id: found.external_id.clone(),
            url: found.url.clone(),
            host: found.host.clone(),
            facts: found.facts.clone(),
        };
        let nothing = ProductFacts::default();
        let of_current =
            ProductState { external_id: String::new(), url: String::new(), host: String::new(), facts: nothing, ..found.clone() };
        self.keep(id, Entry::Facts, facts.and_then(|facts| facts.leave), &of_facts).await;
        self.keep(id, Entry::Current, current.and_then(|current| current.leave), &of_current).await;
        Ok(Some(found))
    }

    pub(super) async fn evidence(&self, id: ProductId) -> Result<Option<KeptEvidence>> {
        let known = self.cache.read(&[(id, Entry::Evidence)]).await.pop();
        if let Some(value) = known.as_ref().and_then(|known| known.value.as_deref())
            && let Some((at, outcome, evidence)) = decoded::<(Timestamp, String, Vec<Evidence>)>(value)
        {
            return Ok(Some(KeptEvidence { at, outcome, evidence }));
        }
        let Some(found) = self.store.find_evidence(id).await? else { return Ok(None) };
        let leave = known.and_then(|known| known.leave);
        self.keep(id, Entry::Evidence, leave, &(found.at, &found.outcome, &found.evidence)).await;
        Ok(Some(found))
    }

    pub(super) async fn runs(&self, id: ProductId, from: Timestamp, to: Timestamp) -> Result<Vec<PriceRun>> {
        let entry = Entry::Runs { from: hour_of(from) };
        let known = self.cache.read(&[(id, entry)]).await.pop();
        if let Some(runs) = known.as_ref().and_then(|known| known.value.as_deref()).and_then(decoded) {
            return Ok(window(runs, from, to));
        }
        let Some(leave) = known.and_then(|known| known.leave) else { return self.store.price_runs(id, from, to).await };
        let end_of_time = Timestamp::from_micros(i64::MAX);
        let runs = self.store.price_runs(id, hour_of(from), end_of_time).await?;
        if runs.len() <= MOST_RUNS {
            self.keep(id, entry, Some(leave), &runs).await;
        }
        Ok(window(runs, from, to))
    }

    pub(super) async fn recent(&self, ids: &[ProductId], from: Timestamp, most: u32) -> Result<Vec<RecentRuns>> {
        let entry = Entry::Recent { from: day_of(from), most };
        let wanted: Vec<_> = ids.iter().map(|id| (*id, entry)).collect();
        let known = self.cache.read(&wanted).await;
        let mut found: Vec<Option<Vec<PriceRun>>> = known.iter().map(|known| known.value.as_deref().and_then(decoded)).collect();
        let missing: Vec<usize> = (0..ids.len()).filter(|at| found[*at].is_none()).collect();
        let missing_ids: Vec<ProductId> = missing.iter().map(|at| ids[*at]).collect();
        let read = self.store.recent_runs(&missing_ids, day_of(from), most).await?;
        let keeping = missing
            .iter()
            .zip(&read)
            .map(|(at, of_product)| self.keep(of_product.product_id, entry, known[*at].leave.clone(), &of_product.runs));
        futures::future::join_all(keeping).await;
        for (at, of_product) in missing.into_iter().zip(read) {
            found[at] = Some(of_product.runs);
        }
        let end_of_time = Timestamp::from_micros(i64::MAX);
        let recent = |(id, runs): (&ProductId, Option<Vec<PriceRun>>)| RecentRuns {
            product_id: *id,
            runs: window(runs.unwrap_or_default(), from, end_of_time),
        };
        Ok(ids.iter().zip(found).map(recent).collect())
    }

    /// Everything about these products is forgotten around a write, whatever becomes of it. So a worker whose record was refused
    /// reads what it is to decide from in the database.
    pub(super) async fn writing<T>(&self, products: Vec<ProductId>, write: impl Future<Output = T>) -> T {
        if products.is_empty() {
            return write.await;
        }
        let mut end = End { cache: self.cache.clone(), products };
        self.cache.begin_write(&end.products).await;
        let written = write.await;
        let products = std::mem::take(&mut end.products);
        self.cache.end_write(&products).await;
        written
    }

    /// A write of a tracking changes how many its product has.
    pub(super) async fn product_of(&self, which: Owned) -> Result<Vec<ProductId>> {
        Ok(self.store.find_tracking(which).await?.map(|tracked| tracked.product.id).into_iter().collect())
    }

    async fn keep(&self, product: ProductId, entry: Entry, leave: Option<Leave>, value: &impl Serialize) {
        let Some(leave) = leave else { return };
        if let Ok(value) = serde_json::to_vec(value) {
            self.cache.put(product, entry, &leave, value).await;
        }
    }
}

pub(super) fn products_of(records: &[CheckRecord]) -> Vec<ProductId> {
    records.iter().map(|record| record.product_id).collect()
}

/// What cannot be read was written by another version.
fn decoded<T: DeserializeOwned>(value: &[u8]) -> Option<T> {
    serde_json::from_slice(value).ok()
}

/// Ends a write that its caller no longer waits for: nobody knows whether it happened.
struct End {
    cache: Arc<dyn Cache>,
    products: Vec<ProductId>,
}

impl Drop for End {
    fn drop(&mut self) {
        if self.products.is_empty() {
            return;
        }
        let (cache, products) = (self.cache.clone(), std::mem::take(&mut self.products));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { cache.end_write(&products).await });
        }
    }
}
