//! Connections to the mail server.
//!
//! lettre's own pool leaves the kernel to collect small packets, which costs 44 ms a mail where the server delays its
//! acknowledgements: 23 mails a second on a connection. So the connections are opened here, with that switched off, and handed to
//! lettre, which speaks SMTP over them.

use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use lettre::Message;
use lettre::transport::smtp::authentication::Mechanism;
use lettre::transport::smtp::client::{AsyncSmtpConnection, AsyncTokioStream, TlsParameters};
use lettre::transport::smtp::extension::{ClientId, Extension};
use rustls::pki_types::ServerName;
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::Semaphore;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use super::smtp_url::{SmtpServer, SmtpTls};

/// Longest time for a connection, and for a message.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Connections at once. Servers count them: Postfix and Exim allow 50 and 20 of one client by default.
const MAX_CONNECTIONS: usize = 16;
/// Messages of one connection: servers end longer ones.
const MAX_MESSAGES: u32 = 100;
/// A connection that rested so long is asked whether it is still there; one that rested longer is not used.
const ASK_AFTER: Duration = Duration::from_secs(3);
const FORGET_AFTER: Duration = Duration::from_secs(30);

/// Why a message was not handed over.
#[derive(Debug, thiserror::Error)]
pub(super) enum PoolError {
    #[error("no answer in time")]
    TimedOut,
    #[error("no connection")]
    Connect(#[source] std::io::Error),
    #[error("no TLS")]
    Tls(#[source] anyhow::Error),
    #[error("the server refused user and password")]
    Credentials(#[source] lettre::transport::smtp::Error),
    #[error(transparent)]
    Smtp(#[from] lettre::transport::smtp::Error),
}

/// Connections to one server.
pub(super) struct Pool {
    server: SmtpServer,
    hello: ClientId,
    tls: TlsConnector,
    idle: Mutex<Vec<Idle>>,
    room: Semaphore,
}

struct Idle {
    connection: AsyncSmtpConnection,
    since: Instant,
    messages: u32,
}

impl Pool {
    /// Opens no connection yet.
    pub(super) fn new(server: SmtpServer) -> anyhow::Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
        let config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_root_certificates(roots)
            .with_no_client_auth();
        let hello = server.hello.clone().map_or_else(ClientId::default, ClientId::Domain);
        let (idle, room) = (Mutex::default(), Semaphore::new(MAX_CONNECTIONS));
        Ok(Pool { server, hello, tls: TlsConnector::from(Arc::new(config)), idle, room })
    }

    /// Hands a message over.
    pub(super) async fn send(&self, mail: &Message) -> Result<(), PoolError> {
        let _room = self.room.acquire().await;
        let (mut connection, messages) = match self.rested().await {
            Some(rested) => (rested.connection, rested.messages),
            None => (tokio::time::timeout(TIMEOUT, self.connect()).await.map_err(|_| PoolError::TimedOut)??, 0),
        };
        // What is dropped in the middle of a message is never used again.
        let sent = tokio::time::timeout(TIMEOUT, connection.send(mail.envelope(), &mail.formatted())).await;
        sent.map_err(|_| PoolError::TimedOut)??;
        if messages + 1 < MAX_MESSAGES && !connection.has_broken() {
            self.lock().push(Idle { connection, since: Instant::now(), messages: messages + 1 });
        } else {
            let _ = tokio::time::timeout(Duration::from_secs(1), connection.quit()).await;
        }
        Ok(())
    }

    /// The connection that was used last, if it is still there.
    async fn rested(&self) -> Option<Idle> {
        loop {
            let mut idle = {
                let mut all = self.lock();
                all.retain(|idle| idle.since.elapsed() < FORGET_AFTER);
                all.pop()?
            };
            if idle.since.elapsed() < ASK_AFTER {
                return Some(idle);
            }
            if tokio::time::timeout(Duration::from_secs(2), idle.connection.test_connected()).await == Ok(true) {
                return Some(idle);
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, PoolError> {
        let server = &self.server;
        let tcp = TcpStream::connect((server.host.as_str(), server.port)).await.map_err(PoolError::Connect)?;
        tcp.set_nodelay(true).map_err(PoolError::Connect)?;
        let stream: Box<dyn AsyncTokioStream> = if server.tls == SmtpTls::Wrapped {
            let name = ServerName::try_from(server.host.clone()).map_err(|error| PoolError::Tls(error.into()))?;
            Box::new(Wrapped(self.tls.connect(name, tcp).await.map_err(|error| PoolError::Tls(error.into()))?))
        } else {
            Box::new(tcp)
        };
        let mut connection = AsyncSmtpConnection::connect_with_transport(stream, &self.hello).await?;
        let upgrades = match server.tls {
            SmtpTls::Required => true,
            SmtpTls::Opportunistic => connection.server_info().supports_feature(Extension::StartTls),
            SmtpTls::None | SmtpTls::Wrapped => false,
        };
        if upgrades {
            let parameters = TlsParameters::new(server.host.clone()).map_err(|error| PoolError::Tls(error.into()))?;
            connection.starttls(parameters, &self.hello).await.map_err(|error| PoolError::Tls(error.into()))?;
        }
        if let Some(credentials) = &server.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await.map_err(|error| match error.status() {
                Some(_) => PoolError::Credentials(error),
                None => PoolError::Smtp(error),
            })?;
        }
        Ok(connection)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// TLS from the first byte, for lettre.
#[derive(Debug)]
struct Wrapped(TlsStream<TcpStream>);

impl AsyncTokioStream for Wrapped {
    fn peer_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.get_ref().0.peer_addr()
    }
}

impl AsyncRead for Wrapped {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wrapped {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<std::io::Result<usize>> {
        Pin::new(&mut self.0).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<std::io::Result<()>> {
        Pin::new(&mut self.0).poll_shutdown(cx)
    }
}
