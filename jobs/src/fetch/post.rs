//! Sending small requests to where people want to be told: guarded as fetching is, within a time, and never redirected. Where a
//! request with somebody's message ends up is its owner's choice, not the choice of whoever answers.

use std::time::Duration;

use domain::Timestamp;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper::header::{HeaderMap, HeaderValue, LOCATION, USER_AGENT};
use hyper::{Method, Request, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use url::Url;

use super::client::Clients;
use super::connector::Connector;
use super::error::FetchError;
use super::guard::check_url;
use super::retry_after::read_retry_after;
use crate::hosts::HostPatterns;

/// Longest time for a request and its answer.
const DEADLINE: Duration = Duration::from_secs(15);
const KEPT_OPEN: Duration = Duration::from_secs(60);
const MAX_KEPT_OPEN: usize = 16;
/// As much of an answer as is read: the sentence that says why.
const MAX_ANSWER_BYTES: usize = 16 * 1024;

/// Sends requests to people's own services. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Poster {
    client: Client<Connector, Full<Bytes>>,
    clients: Clients,
}

/// What a service answered.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// When it wants to be asked again.
    pub(crate) retry_at: Option<Timestamp>,
    /// Where it would like the request to go.
    pub(crate) location: Option<String>,
    /// The beginning of what it says.
    pub(crate) body: String,
}

impl Poster {
    pub(crate) fn new(clients: Clients) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT_OPEN)
            .pool_max_idle_per_host(MAX_KEPT_OPEN)
            .build(Connector::new(clients.net(), None));
        Poster { client, clients }
    }

    /// Hosts that may have private addresses.
    pub(crate) fn allowed(&self) -> &HostPatterns {
        self.clients.allowed()
    }

    /// Whether the URL may be asked at all, as far as its text says.
    pub(crate) fn check(&self, url: &Url) -> Result<(), FetchError> {
        check_url(url, self.allowed())?;
        Ok(())
    }

    /// Posts a body.
    pub(crate) async fn post(
        &self,
        url: &Url,
        mut headers: HeaderMap,
        body: Bytes,
        now: Timestamp,
    ) -> Result<Answer, FetchError> {
        let host = url.host_str().unwrap_or_default();
        self.check(url)?;
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("Plummet/", env!("CARGO_PKG_VERSION"))));
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = url.as_str().parse::<Uri>().map_err(|_| FetchError::no_link(url.as_str()))?;
        *request.headers_mut() = headers;
        let answered = async {
            let response = self.client.request(request).await.map_err(|error| FetchError::from_client(&error, host))?;
            let (parts, body) = response.into_parts();
            let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
            let said = Limited::new(body, MAX_ANSWER_BYTES).collect().await.map(http_body_util::Collected::to_bytes);
            Ok(Answer {
                status: parts.status.as_u16(),
                retry_at: read_retry_after(&parts.headers, now),
                location: parts.headers.get(LOCATION).and_then(text),
                // What it answered counts, also where the sentence about it is lost.
                body: String::from_utf8_lossy(&said.unwrap_or_default()).into_owned(),
            })
        };
        tokio::time::timeout(DEADLINE, answered).await.unwrap_or_else(|_| Err(FetchError::timeout(host)))
    }
}
