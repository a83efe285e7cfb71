//! The HTTP clients: one for direct requests and one for each proxy, all with one TLS configuration (made afresh, it costs 6 ms and
//! 148 kB).
//!
//! Built on hyper's own client, not on a larger one: at pages of 10 kB that took nearly twice the processor time, and it hides why a
//! proxy failed.

use std::sync::Arc;
use std::time::Duration;

use http_body_util::Empty;
use hyper::body::{Bytes, Incoming};
use hyper::header::{HeaderMap, HeaderValue, PROXY_AUTHORIZATION};
use hyper::{Request, Response, Uri};
use hyper_util::client::legacy::Client;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::{ClientConfig, RootCertStore};
use url::Url;

use super::connector::{Connector, Net};
use super::error::FetchError;
use super::guard::{self, check_host};
use super::tunnel::basic_auth;
use crate::hosts::HostPatterns;
use crate::proxies::{ProxyScheme, ProxyUrl};

/// Longest silence of a shop.
pub(super) const READ_TIMEOUT: Duration = Duration::from_secs(10);
/// Connections that are kept open after use, and how many to one shop. Shops with a budget are asked by four at once; the operator's
/// own by as many as there are workers.
const KEPT_OPEN: Duration = Duration::from_secs(60);
const MAX_KEPT_OPEN: usize = 64;
/// Largest head of an answer.
const MAX_HEAD_BYTES: usize = 128 * 1024;

/// Makes clients.
#[derive(Clone, Debug)]
pub(crate) struct Clients(Net);

/// A client: one way out. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct HttpClient {
    client: Client<Connector, Empty<Bytes>>,
    net: Net,
    proxy: Option<Arc<ProxyUrl>>,
    /// For requests that the proxy reads itself; the others have it in their tunnel's request.
    proxy_auth: Option<HeaderValue>,
}

impl Clients {
    /// Clients that trust the web's certificate authorities.
    pub(crate) fn new(allowed: HostPatterns) -> anyhow::Result<Self> {
        Clients::trusting(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() }, allowed)
    }

    pub(crate) fn trusting(roots: RootCertStore, allowed: HostPatterns) -> anyhow::Result<Self> {
        let tls_to_proxy = tls_config(roots)?;
        let mut tls = tls_to_proxy.clone();
        tls.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Clients(Net { tls: Arc::new(tls), tls_to_proxy: Arc::new(tls_to_proxy), allowed: Arc::new(allowed) }))
    }

    pub(super) fn net(&self) -> Net {
        self.0.clone()
    }

    pub(super) fn allowed(&self) -> &HostPatterns {
        &self.0.allowed
    }

    /// A client for direct requests.
    pub(crate) fn direct(&self) -> HttpClient {
        HttpClient::new(self.0.clone(), None)
    }

    /// A client whose requests go through a proxy.
    pub(crate) fn through(&self, proxy: &ProxyUrl) -> HttpClient {
        HttpClient::new(self.0.clone(), Some(Arc::new(proxy.clone())))
    }
}

impl HttpClient {
    fn new(net: Net, proxy: Option<Arc<ProxyUrl>>) -> Self {
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(KEPT_OPEN)
            .pool_max_idle_per_host(MAX_KEPT_OPEN)
            .http1_max_buf_size(MAX_HEAD_BYTES)
            .build(Connector::new(net.clone(), proxy.clone()));
        let reads_requests = |proxy: &&Arc<ProxyUrl>| matches!(proxy.scheme(), ProxyScheme::Http | ProxyScheme::Https);
        let proxy_auth = proxy.as_ref().filter(reads_requests).and_then(|proxy| proxy.credentials()).map(|credentials| {
            let mut value = HeaderValue::try_from(basic_auth(credentials)).expect("base64 is a header's value");
            value.set_sensitive(true);
            value
        });
        HttpClient { client, net, proxy, proxy_auth }
    }

    /// Sends a request.
    pub(super) async fn get(&self, url: &Url, mut headers: HeaderMap) -> Result<Response<Incoming>, FetchError> {
        let host = url.host_str().unwrap_or_default();
        let uri: Uri = url.as_str().parse().map_err(|_| FetchError::no_link(url.as_str()))?;
        if url.scheme() == "http" && self.proxy_reads_requests() {
            // The proxy resolves the name anew at each such request, so it is looked at each time, not at each connection.
            self.check_name(url).await.map_err(|error| FetchError::from_connect(&error, host))?;
            if let Some(auth) = &self.proxy_auth {
                headers.insert(PROXY_AUTHORIZATION, auth.clone());
            }
        }
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        match tokio::time::timeout(READ_TIMEOUT, self.client.request(request)).await {
            Ok(answer) => answer.map_err(|error| FetchError::from_client(&error, host)),
            Err(_) => Err(FetchError::timeout(host)),
        }
    }

    /// Whether plain requests go to the proxy as they are, not through a tunnel.
    pub(super) fn proxy_reads_requests(&self) -> bool {
        self.proxy.as_ref().is_some_and(|proxy| matches!(proxy.scheme(), ProxyScheme::Http | ProxyScheme::Https))
    }

    /// Asks the proxy itself whether it takes our credentials. A plain answer that says so may be the shop's.
    pub(super) async fn proxy_refuses_credentials(&self, url: &Url) -> bool {
        let Ok(uri) = url.as_str().parse() else { return false };
        Connector::new(self.net.clone(), self.proxy.clone()).is_refused_by_proxy(&uri).await
    }

    async fn check_name(&self, url: &Url) -> Result<(), super::connector::ConnectError> {
        let host = url.host_str().unwrap_or_default();
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
        let port = url.port_or_known_default().unwrap_or(80);
        let leave = check_host(host, port, &self.net.allowed)?;
        guard::resolve_for_proxy(host, port, leave).await.map(|_| ())
    }
}

fn tls_config(roots: RootCertStore) -> anyhow::Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}
