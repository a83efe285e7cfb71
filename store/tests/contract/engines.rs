//! The engines that the suite runs on.

use std::sync::Arc;

use async_trait::async_trait;
use store::Store;
use store::cache::{CachedStore, RedisCache};
use store::postgres::{PostgresOptions, PostgresStore};
use store::redis::RedisLink;
use store::sqlite::SqliteStore;

/// One database, empty at first.
#[async_trait]
pub trait Engine: Send + Sync {
    /// An empty database.
    async fn new() -> Self
    where
        Self: Sized;

    /// Opens it; again and again gives the same data.
    async fn open(&self) -> Arc<dyn Store>;
}

/// SQLite in a temporary folder.
pub struct Sqlite(tempfile::TempDir);

#[async_trait]
impl Engine for Sqlite {
    async fn new() -> Self {
        Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.0.path().join("plummet.db")).await.expect("it opens"))
    }
}

/// PostgreSQL, a database of its own on a server that the tests share.
pub struct Postgres(PostgresOptions);

#[async_trait]
impl Engine for Postgres {
    async fn new() -> Self {
        let url = testbed::shared_postgres().await.into();
        Postgres(PostgresOptions { url, replica_url: None, max_connections: 6 })
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open(&self.0).await.expect("it opens"))
    }
}

/// The same with the statements for tables that are spread over servers, as on Citus.
pub struct Sharded(Postgres);

#[async_trait]
impl Engine for Sharded {
    async fn new() -> Self {
        Sharded(Postgres::new().await)
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(PostgresStore::open_sharded(&self.0.0).await.expect("it opens"))
    }
}

/// PostgreSQL behind a cache in Redis, as many processes have it.
pub struct Cached(Postgres, RedisLink);

#[async_trait]
impl Engine for Cached {
    async fn new() -> Self {
        let redis = testbed::shared_redis().await.into();
        Cached(Postgres::new().await, RedisLink::connect(&redis).await.expect("the shared Redis answers"))
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(CachedStore::new(self.0.open().await, Arc::new(RedisCache::new(self.1.clone()))))
    }
}
