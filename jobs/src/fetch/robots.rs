//! robots.txt (RFC 9309), read once a day for each origin.
//!
//! A missing file allows everything. So does one that cannot be fetched, for ten minutes: Plummet opens single pages that people
//! name, a few a day, and must not lose them for a shop's broken file.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::future::Cache;
use reqwest::Client;
use texting_robots::Robot;
use url::Url;

use super::body::read_body;
use super::client::AGENT;

/// What is read of a file: the standard asks for at least 500 KiB.
const MAX_BYTES: usize = 512 * 1024;
const TIMEOUT: Duration = Duration::from_secs(5);
const KEPT: Duration = Duration::from_secs(24 * 3_600);
const KEPT_UNREACHED: Duration = Duration::from_secs(600);

/// The rules of every origin that was asked lately.
#[derive(Clone, Debug)]
pub(super) struct RobotsCache(Cache<String, Arc<Rules>>);

#[derive(Debug)]
struct Rules {
    robot: Option<Robot>,
    expires: Instant,
}

impl RobotsCache {
    pub(super) fn new() -> Self {
        RobotsCache(Cache::builder().max_capacity(10_000).time_to_live(KEPT).build())
    }

    /// Whether the origin lets Plummet open this page. Asked by many at once, the file is fetched once.
    pub(super) async fn allows(&self, client: &Client, url: &Url) -> bool {
        let origin = url.origin().ascii_serialization();
        let rules = self
            .0
            .entry(origin)
            .or_insert_with_if(fetch(client, url), |rules| rules.expires <= Instant::now())
            .await
            .into_value();
        rules.robot.as_ref().is_none_or(|robot| robot.allowed(url.as_str()))
    }
}

async fn fetch(client: &Client, url: &Url) -> Arc<Rules> {
    let read = tokio::time::timeout(TIMEOUT, read(client, url)).await;
    let (robot, kept) = match read {
        Ok(Some(File::Rules(robot))) => (Some(robot), KEPT),
        Ok(Some(File::Missing)) => (None, KEPT),
        Ok(None) | Err(_) => (None, KEPT_UNREACHED),
    };
    Arc::new(Rules { robot, expires: Instant::now() + kept })
}

enum File {
    Rules(Robot),
    Missing,
}

/// `None` if the file could not be read now. A redirect is not followed: few shops have one, and each hop would need the guard.
async fn read(client: &Client, url: &Url) -> Option<File> {
    let response = client.get(url.join("/robots.txt").ok()?).send().await.ok()?;
    let status = response.status();
    if status.is_server_error() {
        return None;
    }
    if !status.is_success() {
        return Some(File::Missing);
    }
    let host = url.host_str()?.to_owned();
    // A file over the limit counts as one that cannot be fetched.
    let text = read_body(response, &host, MAX_BYTES).await.ok()?;
    Robot::new(AGENT, &text).ok().map(File::Rules)
}
