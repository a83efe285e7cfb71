//! The HTTP clients: one TLS configuration, made once, shared by all (a client made afresh costs 6 ms and 148 kB).

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, ACCEPT_ENCODING, ACCEPT_LANGUAGE, HeaderMap, HeaderValue, UPGRADE_INSECURE_REQUESTS, USER_AGENT};
use rustls::{ClientConfig, RootCertStore};

use super::guard::{Leave, Resolver};

/// The name in User-Agent and robots.txt.
pub(super) const AGENT: &str = "Plummet";
/// Says who asks, in the form that shops' servers expect of a browser-like program.
const AGENT_LINE: &str = concat!(
    "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Plummet/",
    env!("CARGO_PKG_VERSION"),
    ") Chrome/140.0.0.0 Safari/537.36"
);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
const READ_TIMEOUT: Duration = Duration::from_secs(10);

/// A client for each kind of leave.
#[derive(Clone, Debug)]
pub(super) struct Clients {
    guarded: reqwest::Client,
    open: reqwest::Client,
}

impl Clients {
    /// Clients that trust the web's certificate authorities.
    pub(super) fn new() -> anyhow::Result<Self> {
        Clients::trusting(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() })
    }

    pub(super) fn trusting(roots: RootCertStore) -> anyhow::Result<Self> {
        let tls = tls_config(roots)?;
        Ok(Clients { guarded: client(&tls, Leave::PublicOnly)?, open: client(&tls, Leave::AnyAddress)? })
    }

    pub(super) fn with(&self, leave: Leave) -> &reqwest::Client {
        match leave {
            Leave::PublicOnly => &self.guarded,
            Leave::AnyAddress => &self.open,
        }
    }
}

fn tls_config(roots: RootCertStore) -> anyhow::Result<ClientConfig> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
    let mut config = config.with_root_certificates(roots).with_no_client_auth();
    // A preconfigured backend brings its own ALPN; without it every shop would get HTTP/1.1.
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(config)
}

fn client(tls: &ClientConfig, leave: Leave) -> reqwest::Result<reqwest::Client> {
    reqwest::Client::builder()
        .tls_backend_preconfigured(tls.clone())
        .dns_resolver(Arc::new(Resolver(leave)))
        // A proxy of the environment would resolve names itself, past the guard.
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        // Bodies are decompressed by `body`, which counts the bytes on both sides.
        .no_gzip()
        .no_brotli()
        .no_zstd()
        .no_deflate()
        .connect_timeout(CONNECT_TIMEOUT)
        .read_timeout(READ_TIMEOUT)
        .pool_idle_timeout(Duration::from_secs(60))
        .pool_max_idle_per_host(8)
        .default_headers(headers())
        .build()
}

/// What a browser would send with a page view, in its order.
fn headers() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT_LINE));
    headers.insert(ACCEPT, HeaderValue::from_static("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("gzip, deflate, br, zstd"));
    headers.insert(UPGRADE_INSECURE_REQUESTS, HeaderValue::from_static("1"));
    headers
}

/// The language of a host's marketplace, so that a shop answers as it does at home, whatever the address of this machine.
pub(super) fn accept_language(host: &str) -> (reqwest::header::HeaderName, HeaderValue) {
    let ending = host.rsplit_once('.').map_or("", |(_, ending)| ending);
    let value = match ending {
        "de" => "de-DE,de;q=0.9,en;q=0.5",
        "at" => "de-AT,de;q=0.9,en;q=0.5",
        "ch" => "de-CH,de;q=0.9,fr;q=0.7,en;q=0.5",
        "fr" => "fr-FR,fr;q=0.9,en;q=0.5",
        "it" => "it-IT,it;q=0.9,en;q=0.5",
        "es" => "es-ES,es;q=0.9,en;q=0.5",
        "nl" => "nl-NL,nl;q=0.9,en;q=0.5",
        "pl" => "pl-PL,pl;q=0.9,en;q=0.5",
        "se" => "sv-SE,sv;q=0.9,en;q=0.5",
        "jp" => "ja-JP,ja;q=0.9,en;q=0.5",
        "br" => "pt-BR,pt;q=0.9,en;q=0.5",
        "uk" => "en-GB,en;q=0.9",
        "in" => "en-IN,en;q=0.9",
        "au" => "en-AU,en;q=0.9",
        "ca" => "en-CA,en;q=0.9",
        _ => "en-US,en;q=0.9",
    };
    (ACCEPT_LANGUAGE, HeaderValue::from_static(value))
}
