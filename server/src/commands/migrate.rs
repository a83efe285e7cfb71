//! `plummet migrate`: makes the database or brings it up to date.

use super::Ended;
use crate::config::Config;
use crate::program;

/// Opens the database, which migrates it, and closes it again.
pub async fn run(config: &Config) -> anyhow::Result<Ended> {
    let store = program::open_alone(config).await?;
    store.close().await;
    println!("the database `{}` is up to date", config.data.database.display());
    Ok(Ended::Done)
}
