//! Opening connections: guarded, directly or through a proxy, within a time.
//!
//! The guard sits here, where the address is known that is really connected to. Through a proxy it cannot: the proxy connects. So the
//! name is resolved here, too, and a private address is refused, whoever resolves it in the end; a `socks5://` proxy is then told
//! that very address, the others the name, because many of them choose their way out by it or refuse bare addresses.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use hyper::Uri;
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::guard::{self, Leave, Refused};
use super::tunnel::{Destination, connect_http, connect_socks};
use super::wire::{Kind, Stream, Wire};
use crate::hosts::HostPatterns;
use crate::proxies::{ProxyScheme, ProxyUrl};

/// Longest time for a connection: to a proxy, through it, TLS.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(8);
/// Longest time for the connection to the proxy itself: what takes longer is the proxy's fault.
const PROXY_TIMEOUT: Duration = Duration::from_secs(5);
/// Pause before the next address of a name is tried beside the last (RFC 8305 §8).
const NEXT_ADDRESS: Duration = Duration::from_millis(250);
/// Addresses of a name that are tried.
const MAX_ADDRESSES: usize = 6;

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConnectError {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("unknown host")]
    UnknownHost,
    #[error("no connection in time")]
    TimedOut,
    #[error("no connection")]
    Unreachable,
    #[error("no TLS with the shop")]
    Tls(#[source] std::io::Error),
    #[error("the proxy: {0}")]
    Proxy(#[from] ProxyFault),
}

/// What is wrong with a proxy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxyFault {
    /// It does not answer at its address.
    #[error("it does not answer at its address; start it, or correct the address")]
    Unreachable,
    /// It ended the connection before it answered.
    #[error("it ends the connection without an answer; look into its log")]
    Lost,
    /// It wants another user and password.
    #[error("it does not accept its user and password; save the right ones")]
    Credentials,
    /// What answers speaks another protocol.
    #[error("what answers is no proxy of this kind; correct its scheme or port")]
    NoProxy,
    /// It works, but has no connection to this shop.
    #[error("it has no connection to the shop")]
    NoWay,
}

impl ProxyFault {
    /// Whether no shop can be reached through it.
    pub(crate) fn is_of_the_proxy(self) -> bool {
        match self {
            ProxyFault::Unreachable | ProxyFault::Lost | ProxyFault::Credentials | ProxyFault::NoProxy => true,
            ProxyFault::NoWay => false,
        }
    }
}

/// What the connections of all clients share.
#[derive(Clone, Debug)]
pub(super) struct Net {
    pub(super) tls: Arc<ClientConfig>,
    /// The same, without the protocols of shops: a proxy is spoken to by HTTP/1.1.
    pub(super) tls_to_proxy: Arc<ClientConfig>,
    pub(super) allowed: Arc<HostPatterns>,
}

/// Opens the connections of one client.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    net: Net,
    proxy: Option<Arc<ProxyUrl>>,
}

/// Where a connection leads.
struct Target {
    /// IPv6 addresses without brackets.
    host: String,
    port: u16,
    is_tls: bool,
}

impl Connector {
    pub(super) fn new(net: Net, proxy: Option<Arc<ProxyUrl>>) -> Self {
        Connector { net, proxy }
    }

    async fn connect(&self, uri: &Uri) -> Result<Wire, ConnectError> {
        let target = Target::of(uri)?;
        let leave = self.leave(&target)?;
        let Some(proxy) = &self.proxy else {
            let addresses = guard::resolve(&target.host, target.port, leave).await?;
            let stream = dial(&addresses).await.map_err(|_| ConnectError::Unreachable)?;
            return self.secure(stream, &target).await;
        };
        let addresses = guard::resolve_for_proxy(&target.host, target.port, leave).await?;
        let stream = self.open_proxy(proxy).await?;
        match proxy.scheme() {
            ProxyScheme::Http | ProxyScheme::Https => self.through_http(stream, proxy, &target).await,
            ProxyScheme::Socks5 => {
                let address = addresses.first().ok_or(ConnectError::UnknownHost)?.ip();
                self.through_socks(stream, proxy, &target, Destination::Address(address)).await
            }
            ProxyScheme::Socks5h => match target.host.parse() {
                Ok(address) => self.through_socks(stream, proxy, &target, Destination::Address(address)).await,
                Err(_) => self.through_socks(stream, proxy, &target, Destination::Name(&target.host)).await,
            },
        }
    }

    /// Whether an HTTP proxy itself refuses our credentials, asked for a tunnel to the URL's host that is not used.
    pub(super) async fn is_refused_by_proxy(&self, uri: &Uri) -> bool {
        let asked = async {
            let target = Target::of(uri)?;
            let proxy = self.proxy.as_ref().ok_or(ConnectError::Unreachable)?;
            guard::resolve_for_proxy(&target.host, target.port, self.leave(&target)?).await?;
            let mut stream = self.open_proxy(proxy).await?;
            connect_http(&mut stream, &target.authority(), proxy.credentials()).await?;
            Ok(())
        };
        let asked = tokio::time::timeout(PROXY_TIMEOUT, asked).await;
        matches!(asked, Ok(Err(ConnectError::Proxy(ProxyFault::Credentials))))
    }

    /// A connection to the proxy itself, secured if its scheme says so.
    async fn open_proxy(&self, proxy: &ProxyUrl) -> Result<Box<dyn Stream>, ProxyFault> {
        let tcp = dial_proxy(proxy).await?;
        if proxy.scheme() != ProxyScheme::Https {
            return Ok(Box::new(tcp));
        }
        match tokio::time::timeout(PROXY_TIMEOUT, handshake(&self.net.tls_to_proxy, proxy.host(), tcp)).await {
            Ok(Ok(stream)) => Ok(Box::new(stream)),
            Ok(Err(_)) | Err(_) => Err(ProxyFault::NoProxy),
        }
    }

    fn leave(&self, target: &Target) -> Result<Leave, Refused> {
        guard::check_host(&target.host, target.port, &self.net.allowed)
    }

    async fn through_http(&self, mut stream: impl Stream, proxy: &ProxyUrl, target: &Target) -> Result<Wire, ConnectError> {
        if !target.is_tls {
            return Ok(Wire::new(stream, Kind::ToProxy));
        }
        connect_http(&mut stream, &target.authority(), proxy.credentials()).await?;
        self.secure(stream, target).await
    }

    async fn through_socks(
        &self,
        mut stream: impl Stream,
        proxy: &ProxyUrl,
        target: &Target,
        destination: Destination<'_>,
    ) -> Result<Wire, ConnectError> {
        connect_socks(&mut stream, destination, target.port, proxy.credentials()).await?;
        self.secure(stream, target).await
    }

    /// Adds TLS, where the shop wants it.
    async fn secure(&self, stream: impl Stream, target: &Target) -> Result<Wire, ConnectError> {
        if !target.is_tls {
            return Ok(Wire::new(stream, Kind::Http1));
        }
        let stream = handshake(&self.net.tls, &target.host, stream).await.map_err(ConnectError::Tls)?;
        let kind = if stream.get_ref().1.alpn_protocol() == Some(b"h2") { Kind::Http2 } else { Kind::Http1 };
        Ok(Wire::new(stream, kind))
    }
}

impl tower::Service<Uri> for Connector {
    type Response = TokioIo<Wire>;
    type Error = ConnectError;
    type Future = Pin<Box<dyn Future<Output = Result<Self::Response, ConnectError>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), ConnectError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connector = self.clone();
        Box::pin(async move {
            match tokio::time::timeout(CONNECT_TIMEOUT, connector.connect(&uri)).await {
                Ok(wire) => wire.map(TokioIo::new),
                Err(_) => Err(ConnectError::TimedOut),
            }
        })
    }
}

impl Target {
    fn of(uri: &Uri) -> Result<Self, ConnectError> {
        let is_tls = uri.scheme() == Some(&hyper::http::uri::Scheme::HTTPS);
        let host = uri.host().ok_or(Refused::NoHost)?;
        let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host).to_owned();
        Ok(Target { host, port: uri.port_u16().unwrap_or(if is_tls { 443 } else { 80 }), is_tls })
    }

    fn authority(&self) -> String {
        let Target { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }
}

/// Connects to a proxy, whose address is the operator's own and may be private.
async fn dial_proxy(proxy: &ProxyUrl) -> Result<TcpStream, ProxyFault> {
    let dialled = async {
        let addresses =
            guard::resolve(proxy.host(), proxy.port(), Leave::AnyAddress).await.map_err(|_| ProxyFault::Unreachable)?;
        dial(&addresses).await.map_err(|_| ProxyFault::Unreachable)
    };
    tokio::time::timeout(PROXY_TIMEOUT, dialled).await.unwrap_or(Err(ProxyFault::Unreachable))
}

/// Connects to the first address that answers; each is given a moment before the next is tried beside it.
async fn dial(addresses: &[SocketAddr]) -> std::io::Result<TcpStream> {
    let attempts = addresses.iter().take(MAX_ADDRESSES).zip(0_u32..).map(|(address, turn)| async move {
        if turn > 0 {
            tokio::time::sleep(NEXT_ADDRESS * turn).await;
        }
        TcpStream::connect(address).await
    });
    let mut attempts: FuturesUnordered<_> = attempts.collect();
    let mut failed = std::io::Error::from(std::io::ErrorKind::AddrNotAvailable);
    while let Some(attempt) = attempts.next().await {
        match attempt {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

async fn handshake<T: Stream>(tls: &Arc<ClientConfig>, host: &str, stream: T) -> std::io::Result<TlsStream<T>> {
    let name = ServerName::try_from(host.to_owned()).map_err(std::io::Error::other)?;
    TlsConnector::from(tls.clone()).connect(name, stream).await
}
