//! `plummet check URL`: one check, without a database.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::{ProductUrl, Reading};
use jobs::{Clock, Jobs, JobsConfig, Role, SecretKey};
use serde_json::json;
use store::sqlite::SqliteStore;

use super::Ended;
use crate::config::Config;

/// Reads a page as the workers would, and prints what was read.
pub async fn run(config: Config, url: &str) -> anyhow::Result<Ended> {
    let product = ProductUrl::parse(url)?;
    // The workers want a store; an empty one gives them nothing to do, and the real one is left alone.
    let folder = tempfile::tempdir()?;
    let store = Arc::new(SqliteStore::open(&folder.path().join("empty.db")).await?);
    let nowhere = SocketAddr::from(([127, 0, 0, 1], 0));
    let settings = config.jobs(Role::All, nowhere, SecretKey::new(SecretKey::draw()));
    let alone = JobsConfig { redis_url: None, ..settings };
    let jobs = Jobs::start(alone, store, Clock::System).await?;
    let preview = jobs.preview(&product).await;
    jobs.stop(Duration::from_secs(1)).await;
    let answer = json!({
        "product_id": preview.product.product_id(),
        "product": preview.product,
        "reading": preview.reading,
        "started_at": preview.started_at,
        "took_ms": u64::try_from(preview.took.as_millis()).unwrap_or(u64::MAX),
    });
    println!("{}", serde_json::to_string_pretty(&answer)?);
    Ok(ended(&preview.reading))
}

/// Whether something sure was read.
pub fn ended(reading: &Reading) -> Ended {
    match reading {
        Reading::Offer(_) | Reading::OutOfStock { .. } => Ended::Done,
        Reading::Failed { .. } => Ended::NothingSure,
    }
}
