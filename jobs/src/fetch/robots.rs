//! robots.txt (RFC 9309), read once a day for each origin.
//!
//! A missing file allows everything. So does one that cannot be fetched, for ten minutes: Plummet opens single pages that people
//! name, a few a day, and must not lose them for a shop's broken file.

use std::sync::Arc;
use std::time::{Duration, Instant};

use moka::future::Cache;
use texting_robots::Robot;
use url::{Position, Url};

use super::body::{Body, read_body};
use super::client::HttpClient;
use super::error::FetchError;
use super::headers::{AGENT, honest};

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

    /// Whether the origin lets Plummet open this page. Asked by many at once, the file is fetched once. It is asked for by the way of
    /// the page, and under Plummet's name. Fails where the proxy does: nothing is known of the shop then.
    pub(super) async fn allows(&self, client: &HttpClient, url: &Url) -> Result<bool, FetchError> {
        // A URL without credentials begins with its origin.
        let origin = &url[..Position::BeforePath];
        let rules = match self.0.get(origin).await {
            Some(rules) if rules.expires > Instant::now() => rules,
            known => {
                if known.is_some() {
                    self.0.invalidate(origin).await;
                }
                let fetched = self.0.try_get_with_by_ref(origin, fetch(client, url)).await;
                fetched.map_err(|error: Arc<FetchError>| (*error).clone())?
            }
        };
        Ok(rules.robot.as_ref().is_none_or(|robot| robot.allowed(url.as_str())))
    }
}

async fn fetch(client: &HttpClient, url: &Url) -> Result<Arc<Rules>, FetchError> {
    let (robot, kept) = match tokio::time::timeout(TIMEOUT, read(client, url)).await {
        Ok(Ok(File::Rules(robot))) => (Some(robot), KEPT),
        Ok(Ok(File::Missing)) => (None, KEPT),
        Ok(Err(error)) if error.proxy_fault.is_some() => return Err(error),
        Ok(Err(_) | Ok(File::Broken)) | Err(_) => (None, KEPT_UNREACHED),
    };
    Ok(Arc::new(Rules { robot, expires: Instant::now() + kept }))
}

enum File {
    Rules(Robot),
    Missing,
    Broken,
}

/// A redirect is not followed: few shops have one, and each hop would need the guard.
async fn read(client: &HttpClient, url: &Url) -> Result<File, FetchError> {
    let Ok(file) = url.join("/robots.txt") else { return Ok(File::Missing) };
    let host = url.host_str().unwrap_or_default();
    let response = client.get(&file, honest(host)).await?;
    let status = response.status();
    if status.is_server_error() {
        return Ok(File::Broken);
    }
    if !status.is_success() {
        return Ok(File::Missing);
    }
    // A file over the limit counts as one that cannot be fetched.
    Ok(match read_body(response, host, MAX_BYTES, || None).await? {
        Body::Whole(text) => Robot::new(AGENT, &text).map_or(File::Broken, File::Rules),
        Body::Streamed { .. } => File::Broken,
    })
}
