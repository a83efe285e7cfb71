//! The engines that the suite runs on.

use std::sync::Arc;

use async_trait::async_trait;
use store::Store;
use store::sqlite::SqliteStore;

/// One database, empty at first.
#[async_trait]
pub trait Engine: Send + Sync {
    /// An empty database.
    fn new() -> Self
    where
        Self: Sized;

    /// Opens it; again and again gives the same data.
    async fn open(&self) -> Arc<dyn Store>;
}

/// SQLite in a temporary folder.
pub struct Sqlite(tempfile::TempDir);

#[async_trait]
impl Engine for Sqlite {
    fn new() -> Self {
        Sqlite(tempfile::tempdir().expect("a temporary folder"))
    }

    async fn open(&self) -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&self.0.path().join("plummet.db")).await.expect("it opens"))
    }
}
