//! Fetching a page: guarded at every hop, within one deadline, with a capped body, by the way that its permit names.

mod body;
mod client;
mod connector;
mod decoder;
mod error;
mod guard;
mod headers;
mod post;
mod retry_after;
mod robots;
mod tunnel;
mod wire;

use domain::{FailureKind, ProxyId, Timestamp};
use extract::{Page, Stream};
use hyper::body::Incoming;
use hyper::header::{CONTENT_TYPE, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, LOCATION};
use hyper::header::{HeaderValue, PROXY_AUTHENTICATE};
use hyper::{Response, StatusCode};
use url::Url;

pub use body::Body;
pub(crate) use client::{Clients, HttpClient};
pub use connector::ProxyFault;
pub use error::FetchError;
pub(crate) use post::{Answer as PostAnswer, Poster};

use crate::config::FetchConfig;
use crate::limiter::Permit;
use crate::proxies::ProxyPool;
use guard::check_url;
use retry_after::read_retry_after;
use robots::RobotsCache;

/// Redirects that are followed.
const MAX_HOPS: usize = 5;

/// Opens shops' pages.
#[derive(Clone, Debug)]
pub struct Fetcher {
    config: FetchConfig,
    clients: Clients,
    direct: HttpClient,
    /// `None` for a program that goes directly only.
    proxies: Option<ProxyPool>,
    robots: RobotsCache,
}

/// Makes the reader of a large page from its head, so that no more of it is fetched than the reader wants.
pub(crate) type BeginReader<'a> = &'a (dyn Fn(&Page<'_>) -> Option<Stream> + Sync);

/// HTTP validators of an answer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Validators {
    /// `ETag`.
    pub etag: Option<String>,
    /// `Last-Modified`.
    pub last_modified: Option<String>,
}

/// What a shop answered.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "nearly every answer is a page")]
pub enum Answer {
    /// A page, of whatever status.
    Page(FetchedPage),
    /// 304: as it was when the validators were given.
    Unchanged,
}

/// A page as it came.
#[derive(Debug)]
pub struct FetchedPage {
    /// Where it was found, after all redirects.
    pub url: Url,
    /// HTTP status.
    pub status: u16,
    /// The `Content-Type` header.
    pub content_type: Option<String>,
    /// The body, decompressed, as far as it was wanted.
    pub body: Body,
    /// For the next request.
    pub validators: Validators,
    /// The shop asks for no request before then.
    pub retry_at: Option<Timestamp>,
}

impl Fetcher {
    /// A fetcher; opens no connection yet.
    pub(crate) fn new(config: &FetchConfig, clients: Clients, proxies: Option<ProxyPool>) -> Self {
        Fetcher { config: config.clone(), direct: clients.direct(), clients, proxies, robots: RobotsCache::new() }
    }

    /// Opens a page, with the validators of the last good answer. The permit is used up, whatever comes of it.
    pub(crate) async fn fetch(
        &self,
        url: &Url,
        known: &Validators,
        permit: Permit,
        now: Timestamp,
        begin: BeginReader<'_>,
    ) -> Result<Answer, FetchError> {
        let host = url.host_str().unwrap_or_default();
        let way = Way::of(self, permit.route.proxy).ok_or_else(|| FetchError::of_proxy(ProxyFault::Unreachable, host))?;
        drop(permit);
        match tokio::time::timeout(self.config.deadline, self.follow(&way, url, known, now, begin)).await {
            Ok(answer) => answer,
            Err(_) => Err(FetchError::timeout(host)),
        }
    }

    async fn follow(
        &self,
        way: &Way,
        url: &Url,
        known: &Validators,
        now: Timestamp,
        begin: BeginReader<'_>,
    ) -> Result<Answer, FetchError> {
        let mut hop = url.clone();
        for _ in 0..=MAX_HOPS {
            let response = self.open(way, &hop, url, known, now).await?;
            match redirect_target(&hop, &response)? {
                Some(next) => hop = next,
                None => return self.read(hop, response, now, begin).await,
            }
        }
        let host = url.host_str().unwrap_or_default();
        Err(FetchError::new(
            FailureKind::Unreachable,
            format!("{host} redirects in circles; open the link in a browser and paste its final address"),
        ))
    }

    /// Sends one request, if guard and robots.txt let it.
    async fn open(
        &self,
        way: &Way,
        hop: &Url,
        first: &Url,
        known: &Validators,
        now: Timestamp,
    ) -> Result<Response<Incoming>, FetchError> {
        let host = hop.host_str().unwrap_or_default();
        check_url(hop, self.clients.allowed())?;
        if self.config.obey_robots && !is_short_link(host) && !self.robots.allows(&way.client, hop).await? {
            let detail = format!("the robots.txt of {host} excludes this page; ask the shop, or check it yourself");
            return Err(FetchError::new(FailureKind::NotAllowed, detail));
        }
        let mut headers = headers::headers(self.config.user_agent, way.proxy, hop, now);
        // Validators belong to one page: after a redirect elsewhere they would say nothing.
        if hop.path() == first.path() && hop.query() == first.query() {
            for (name, value) in [(IF_NONE_MATCH, &known.etag), (IF_MODIFIED_SINCE, &known.last_modified)] {
                if let Some(value) = value.as_deref().and_then(|value| HeaderValue::from_str(value).ok()) {
                    headers.insert(name, value);
                }
            }
        }
        let response = way.client.get(hop, headers).await?;
        // Of a plain request the proxy's own refusal looks as one of the shop, which anybody's shop may send.
        let may_be_the_proxys = response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED
            && response.headers().contains_key(PROXY_AUTHENTICATE)
            && hop.scheme() == "http"
            && way.client.proxy_reads_requests();
        if may_be_the_proxys && way.client.proxy_refuses_credentials(hop).await {
            return Err(FetchError::of_proxy(ProxyFault::Credentials, host));
        }
        Ok(response)
    }

    async fn read(
        &self,
        url: Url,
        response: Response<Incoming>,
        now: Timestamp,
        begin: BeginReader<'_>,
    ) -> Result<Answer, FetchError> {
        let host = url.host_str().unwrap_or_default();
        let status = response.status();
        if status == StatusCode::NOT_MODIFIED {
            return Ok(Answer::Unchanged);
        }
        let retry_at = read_retry_after(response.headers(), now);
        if status == StatusCode::TOO_MANY_REQUESTS {
            let detail = format!("{host} asks for fewer requests; Plummet waits and tries again");
            return Err(FetchError { retry_at, ..FetchError::new(FailureKind::RateLimited, detail) });
        }
        let content_type = text_of(response.headers(), CONTENT_TYPE);
        if status.is_success() && content_type.as_deref().is_some_and(is_no_text) {
            let detail = format!("the link to {host} is a file, not a page; paste the product's page");
            return Err(FetchError::new(FailureKind::Unreadable, detail));
        }
        let validators =
            Validators { etag: text_of(response.headers(), ETAG), last_modified: text_of(response.headers(), LAST_MODIFIED) };
        let status = status.as_u16();
        let head = Page { url: url.as_str(), status, content_type: content_type.as_deref(), body: &[] };
        let body = body::read_body(response, host, self.config.max_body_bytes, || begin(&head)).await?;
        Ok(Answer::Page(FetchedPage { url, status, content_type, body, validators, retry_at }))
    }
}

/// The way that a request goes, also where it is redirected to.
struct Way {
    client: HttpClient,
    proxy: Option<ProxyId>,
}

impl Way {
    /// `None` if the proxy is gone, or cannot be used any more.
    fn of(fetcher: &Fetcher, proxy: Option<ProxyId>) -> Option<Self> {
        let client = match proxy {
            None => fetcher.direct.clone(),
            Some(id) => fetcher.proxies.as_ref()?.find(id)?.way.as_ref().ok()?.clone(),
        };
        Some(Way { client, proxy })
    }
}

/// Where a redirect leads; `None` if the answer is none.
fn redirect_target(hop: &Url, response: &Response<Incoming>) -> Result<Option<Url>, FetchError> {
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
