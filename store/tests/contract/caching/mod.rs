//! What every cache must do, and a store behind it: each case runs on both by name. What only Redis goes through is in `outages`.

mod keeping;
mod outages;
mod reading;

use std::sync::Arc;

use store::Store;
use store::cache::{Cache, CachedStore, InProcessCache, RedisCache};
use store::redis::RedisLink;
use store::sqlite::SqliteStore;

/// A database, and two stores before it as two processes (or two parts of one) have them.
pub struct Bench {
    _folder: tempfile::TempDir,
    /// The database itself.
    pub behind: Arc<dyn Store>,
    pub cache: Arc<dyn Cache>,
    pub one: Arc<dyn Store>,
    pub other: Arc<dyn Store>,
}

impl Bench {
    /// Two stores with a cache each; for one process it is the same.
    pub async fn new(cache: Arc<dyn Cache>, of_other: Arc<dyn Cache>) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let behind: Arc<dyn Store> = Arc::new(SqliteStore::open(&folder.path().join("plummet.db")).await.expect("it opens"));
        let one: Arc<dyn Store> = Arc::new(CachedStore::new(behind.clone(), cache.clone()));
        let other: Arc<dyn Store> = Arc::new(CachedStore::new(behind.clone(), of_other));
        Bench { _folder: folder, behind, cache, one, other }
    }
}

async fn in_process() -> Bench {
    let cache = Arc::new(InProcessCache::new());
    Bench::new(cache.clone(), cache).await
}

async fn redis() -> Bench {
    let url = testbed::shared_redis().await;
    Bench::new(redis_cache(&url).await, redis_cache(&url).await).await
}

/// A cache as another process would have it.
pub async fn redis_cache(url: &str) -> Arc<dyn Cache> {
    Arc::new(RedisCache::new(RedisLink::connect(&url.to_owned().into()).await.unwrap()))
}

/// Runs every case on a cache.
macro_rules! contract {
    ($name:ident, $engine:path) => {
        mod $name {
            cases! { $engine;
                keeping: what_was_put_is_found_by_everybody, what_was_read_before_a_write_is_not_put_after_it,
                    what_was_read_during_a_write_is_gone_after_it, a_write_takes_every_entry_of_its_products_out,
                    a_write_that_nobody_waits_for_any_more_is_ended_all_the_same;
                reading: a_second_read_is_not_the_databases, a_write_through_one_is_seen_through_the_other_at_once,
                    nobody_reads_what_is_older_than_a_write_that_has_ended, windows_of_histories_are_those_of_the_database,
                    sparklines_are_those_of_the_database, what_is_not_there_is_looked_for_each_time,
                    a_refused_record_makes_its_product_fresh
            }
        }
    };
}

macro_rules! cases {
    ($engine:path; $($topic:ident: $($case:ident),+);+) => {
        $(mod $topic { $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let bench = $engine().await;
                crate::caching::$topic::$case(&bench).await;
            }
        )+ })+
    };
}

contract!(in_process, crate::caching::in_process);
contract!(redis, crate::caching::redis);
