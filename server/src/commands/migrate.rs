//! `plummet migrate`: makes the database or brings it up to date.

use jobs::Role;
use store::postgres::PostgresStore;

use super::Ended;
use crate::config::{Config, DatabaseConfig};
use crate::program;

/// Migrates and ends. On PostgreSQL it may run beside running programs, and distributes the tables where Citus is there.
pub async fn run(config: &Config) -> anyhow::Result<Ended> {
    match &config.database {
        DatabaseConfig::Sqlite(_) => program::open(config, Role::All).await?.store.close().await,
        DatabaseConfig::Postgres { url, .. } => PostgresStore::migrate(url).await?,
    }
    println!("the database `{}` is up to date", config.database.shown());
    Ok(Ended::Done)
}
