//! Fetching a page: guarded at every hop, within one deadline, with a capped body.

mod body;
mod client;
mod error;
mod guard;
mod retry_after;
mod robots;

use domain::{FailureKind, Timestamp};
use reqwest::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
use reqwest::{Response, StatusCode};
use url::Url;

pub use error::FetchError;

use crate::config::FetchConfig;
use crate::hosts::HostPatterns;
use crate::limiter::Permit;
use client::Clients;
use guard::check_url;
use retry_after::read_retry_after;
use robots::RobotsCache;

/// Redirects that are followed.
const MAX_HOPS: usize = 5;

/// Opens shops' pages.
#[derive(Clone, Debug)]
pub struct Fetcher {
    config: FetchConfig,
    allowed: HostPatterns,
    clients: Clients,
    robots: RobotsCache,
}

/// HTTP validators of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a shop answered.
#[derive(Clone, Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every answer is a page")]
pub enum Answer {
    /// A page, of whatever status.
    Page(FetchedPage),
    /// 304: as it was when the validators were given.
    Unchanged,
}

/// A page as it came.
#[derive(Clone, Debug)]
pub struct FetchedPage {
    /// Where it was found, after all redirects.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The body, decompressed.
    pub body: Vec<u8>,
    /// For the next request.
    pub validators: Validators,
    /// The shop asks for no request before then.
    pub retry_at: Option<Timestamp>,
}

impl Fetcher {
    /// A fetcher; opens no connection yet.
    pub fn new(config: &FetchConfig) -> anyhow::Result<Self> {
        Ok(Fetcher {
            allowed: HostPatterns::parse(&config.allow_hosts)?,
            config: config.clone(),
            clients: Clients::new()?,
            robots: RobotsCache::new(),
        })
    }

    /// A fetcher that trusts a test's certificate.
    #[cfg(test)]
    pub(crate) fn trusting(config: &FetchConfig, roots: rustls::RootCertStore) -> anyhow::Result<Self> {
        Ok(Fetcher { clients: Clients::trusting(roots)?, ..Fetcher::new(config)? })
    }

    /// Opens a page, with the validators of the last good answer. The permit is used up, whatever comes of it.
    pub async fn fetch(&self, url: &Url, known: &Validators, permit: Permit, now: Timestamp) -> Result<Answer, FetchError> {
        drop(permit);
        let host = url.host_str().unwrap_or_default();
        match tokio::time::timeout(self.config.deadline, self.follow(url, known, now)).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::timeout(host)),
        }
    }

    async fn follow(&self, url: &Url, known: &Validators, now: Timestamp) -> Result<Answer, FetchError> {
        let mut hop = url.clone();
        for _ in 0..=MAX_HOPS {
            let response = self.open(&hop, url, known).await?;
            match redirect_target(&hop, &response)? {
                Some(next) => hop = next,
                None => return self.read(hop, response, now).await,
            }
        }
        let host = url.host_str().unwrap_or_default();
        Err(FetchError::new(
            FailureKind::Unreachable,
            format!("{host} redirects in circles; open the link in a browser and paste its final address"),
        ))
    }

    /// Sends one request, if guard and robots.txt let it.
    async fn open(&self, hop: &Url, first: &Url, known: &Validators) -> Result<Response, FetchError> {
        let host = hop.host_str().unwrap_or_default();
        let client = self.clients.with(check_url(hop, &self.allowed)?);
        if self.config.obey_robots && !is_short_link(host) && !self.robots.allows(client, hop).await {
            let detail = format!("the robots.txt of {host} excludes this page; ask the shop, or check it yourself");
            return Err(FetchError::new(FailureKind::NotAllowed, detail));
        }
        let (name, language) = client::accept_language(host);
        let mut request = client.get(hop.clone()).header(name, language);
        // Validators belong to one page: after a redirect elsewhere they would say nothing.
        if hop.path() == first.path() && hop.query() == first.query() {
            for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)] {
                if let Some(value) = value {
                    request = request.header(name, value);
                }
            }
        }
        request.send().await.map_err(|error| FetchError::from_client(&error, host))
    }

    async fn read(&self, url: Url, response: Response, now: Timestamp) -> Result<Answer, FetchError> {
        let host = url.host_str().unwrap_or_default().to_owned();
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Unchanged);
        }
        let retry_at = read_retry_after(response.headers(), now);
        if status == StatusCode::TOO_MANY_REQUESTS {
            let detail = format!("{host} asks for fewer requests; Plummet waits and tries again");
            return Err(FetchError { kind: FailureKind::RateLimited, detail, retry_at });
        }
        let content_type = text_of(response.headers(), CONTENT_TYPE);
        if status.is_success() && content_type.as_deref().is_some_and(is_no_text) {
            let detail = format!("the link to {host} is a file, not a page; paste the product's page");
            return Err(FetchError::new(FailureKind::Unreadable, detail));
        }
        let validators =
            Validators { etag: text_of(response.headers(), ETAG), last_modified: text_of(response.headers(), LAST_MODIFIED) };
        let body = body::read_body(response, &host, self.config.max_body_bytes).await?;
        Ok(Answer::Page(FetchedPage { url, status: status.as_u16(), content_type, body, validators, retry_at }))
    }
}

/// Where a redirect leads; `None` if the answer is none.
fn redirect_target(hop: &Url, response: &Response) -> Result<Option<Url>, FetchError> {
    let redirects = matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(target) = response.headers().get(LOCATION).filter(|_| redirects) else { return Ok(None) };
    let next = target.to_str().ok().and_then(|target| hop.join(target).ok());
    let host = hop.host_str().unwrap_or_default();
    let broken = || {
        FetchError::new(
            FailureKind::Unreadable,
            format!("{host} redirects to something that is no link; paste the final address"),
        )
    };
    next.map(Some).ok_or_else(broken)
}

/// Hosts that only redirect to a platform's listings.
pub fn is_short_link(host: &str) -> bool {
    const HOSTS: &[&str] = &["a.co", "amzn.to", "amzn.eu", "amzn.asia", "amzn.com", "ebay.us", "ebay.to", "walmrt.us", "w-mt.co"];
    HOSTS.contains(&host)
}

fn is_no_text(content_type: &str) -> bool {
    let kind = content_type.trim_start().to_ascii_lowercase();
    ["image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/octet-stream"]
        .iter()
        .any(|no_text| kind.starts_with(no_text))
}

/// A header as text; none that is too long to be kept.
fn text_of(headers: &HeaderMap, name: HeaderName) -> Option<String> {
    headers.get(name)?.to_str().ok().filter(|text| text.len() <= 512).map(str::to_owned)
}
