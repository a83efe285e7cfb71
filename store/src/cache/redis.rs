//! The cache of many processes: a hash a product in Redis.
//!
//! Beside the values a hash has a word: who finds no value gets the word, reads the database, and puts the value if the word is
//! still the same. A write puts another word, which nobody gets, before it begins, and removes the hash when it has ended. So
//! what was read before a write is never put after it; also not when Redis lost everything meanwhile. A process that dies between
//! its write and its end leaves a hash that lasts for ten seconds.

use std::sync::{Arc, LazyLock};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use async_trait::async_trait;
use domain::ProductId;
use futures::future::{join_all, try_join_all};
use redis::{cmd, pipe};

use super::late::Late;
use super::{Cache, Cached, Entry, Leave};
use crate::redis::{LuaScript, RedisLink};

/// In all keys: another one whenever values are written in another form, so that programs of different age do not read each
/// other's.
const SCHEMA: &str = "plummet:cache:1";
/// Longest time that a read waits for Redis.
const PATIENCE: Duration = Duration::from_millis(250);
/// A word that is no leave.
const WRITING: &str = "w";
/// How long a hash lasts whose write was begun and not ended, in milliseconds.
const WRITE_LASTS: u64 = 10_000;
/// Pause before Redis is told again.
const TELL_AGAIN: Duration = Duration::from_millis(300);
/// Products that are told at once.
const AT_ONCE: usize = 1_000;

static OPEN: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("open.lua")));
static PUT: LazyLock<LuaScript> = LazyLock::new(|| LuaScript::new(include_str!("put.lua")));

/// The cache of many processes.
#[derive(Clone, Debug)]
pub struct RedisCache {
    link: RedisLink,
    late: Arc<Late>,
}

impl RedisCache {
    /// The cache in this Redis.
    pub fn new(link: RedisLink) -> Self {
        RedisCache { link, late: Arc::default() }
    }

    async fn find(&self, wanted: &[(ProductId, Entry)]) -> Option<Vec<Option<Vec<u8>>>> {
        let ask = |link: RedisLink| async move {
            if link.is_cluster() {
                let each = wanted.iter().map(|(product, entry)| {
                    let mut link = link.clone();
                    async move { cmd("HGET").arg(key_of(*product)).arg(entry.word()).query_async(&mut link).await }
                });
                return try_join_all(each).await;
            }
            let mut all = pipe();
            for (product, entry) in wanted {
                all.cmd("HGET").arg(key_of(*product)).arg(entry.word());
            }
            all.query_async(&mut link.clone()).await
        };
        self.link.quick(PATIENCE, ask).await.ok()
    }

    /// Leave for what was not found.
    async fn open(&self, product: ProductId) -> Option<Leave> {
        let word = format!("{:016x}", rand::random::<u64>());
        let arguments = [word, longest().to_string()];
        let ask = |mut link| async move { OPEN.run::<Option<String>>(&mut link, &[key_of(product)], &arguments).await };
        let found = self.link.quick(PATIENCE, ask).await.ok()??;
        (found != WRITING).then_some(Leave(found))
    }

    /// Removes hashes.
    async fn forget(&self, products: &[ProductId]) -> bool {
        let ask = |link: RedisLink| async move {
            if link.is_cluster() {
                let each = products.iter().map(|product| {
                    let mut link = link.clone();
                    async move { cmd("DEL").arg(key_of(*product)).query_async::<()>(&mut link).await }
                });
                return try_join_all(each).await.map(|_| ());
            }
            let keys: Vec<String> = products.iter().map(|product| key_of(*product)).collect();
            cmd("DEL").arg(keys).query_async(&mut link.clone()).await
        };
        self.link.quick(PATIENCE, ask).await.is_ok()
    }

    /// Tells Redis again until it is told.
    async fn tell_the_late(self) {
        loop {
            tokio::time::sleep(TELL_AGAIN).await;
            let some = self.late.some(AT_ONCE);
            if some.is_empty() {
                return;
            }
            if self.forget(&some.iter().map(|(product, _)| *product).collect::<Vec<_>>()).await {
                self.late.told(&some);
            }
        }
    }
}

#[async_trait]
impl Cache for RedisCache {
    async fn read(&self, wanted: &[(ProductId, Entry)]) -> Vec<Cached> {
        let Some(found) = self.find(wanted).await else { return vec![Cached::unknown(); wanted.len()] };
        let now = now();
        let each = wanted.iter().zip(found).map(|((product, _), found)| async move {
            if self.late.has(*product) {
                return Cached::unknown();
            }
            match found.as_deref().and_then(|kept| value_of(kept, now)) {
                Some(value) => Cached { value: Some(value.into()), leave: None },
                None => Cached { value: None, leave: self.open(*product).await },
            }
        });
        join_all(each).await
    }

    async fn put(&self, product: ProductId, entry: Entry, leave: &Leave, value: Vec<u8>) {
        let lifetime = u64::try_from(entry.lifetime().as_millis()).unwrap_or(0);
        let arguments = [
            leave.0.clone().into_bytes(),
            entry.word().into_bytes(),
            kept(&value, now() + lifetime),
            longest().to_string().into_bytes(),
        ];
        // Without an answer the next read tries again.
        let ask = |mut link| async move { PUT.run::<u32>(&mut link, &[key_of(product)], &arguments).await };
        let _ = self.link.quick(PATIENCE, ask).await;
    }

    async fn begin_write(&self, products: &[ProductId]) {
        let ask = |link: RedisLink| async move {
            let mark = |all: &mut redis::Pipeline, product: &ProductId| {
                let key = key_of(*product);
                all.cmd("HSET").arg(&key).arg("word").arg(WRITING).ignore().cmd("PEXPIRE").arg(key).arg(WRITE_LASTS).ignore();
            };
            if link.is_cluster() {
                let each = products.iter().map(|product| {
                    let mut link = link.clone();
                    async move {
                        let mut both = pipe();
                        mark(&mut both, product);
                        both.query_async::<()>(&mut link).await
                    }
                });
                return try_join_all(each).await.map(|_| ());
            }
            let mut all = pipe();
            products.iter().for_each(|product| mark(&mut all, product));
            all.query_async(&mut link.clone()).await
        };
        // Without an answer the end of the write is told later, again and again.
        let _ = self.link.quick(PATIENCE, ask).await;
    }

    async fn end_write(&self, products: &[ProductId]) {
        if !self.forget(products).await && self.late.add(products) {
            tokio::spawn(self.clone().tell_the_late());
        }
    }
}

fn key_of(product: ProductId) -> String {
    format!("{SCHEMA}:{}", product.0.simple())
}

/// How long the longest entry lasts, in milliseconds: then Redis forgets the product.
fn longest() -> u64 {
    u64::try_from(Entry::Facts.lifetime().as_millis()).unwrap_or(0)
}

/// A value with the time of its end before it: entries of one hash do not end together.
fn kept(value: &[u8], until: u64) -> Vec<u8> {
    [until.to_be_bytes().as_slice(), value].concat()
}

fn value_of(kept: &[u8], now: u64) -> Option<&[u8]> {
    let (until, value) = kept.split_first_chunk()?;
    (now < u64::from_be_bytes(*until)).then_some(value)
}

/// Milliseconds since 1970.
fn now() -> u64 {
    u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_millis()).unwrap_or(0)
}
