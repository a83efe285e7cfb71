//! A connection to a shop, whatever it goes through.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use hyper_util::client::legacy::connect::{Connected, Connection};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// Anything that bytes go through: a socket, TLS over one, TLS through a proxy that is itself spoken to by TLS.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin + 'static {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin + 'static> Stream for T {}

/// A connection to a shop, and what the client must know of it.
pub(super) struct Wire {
    stream: Box<dyn Stream>,
    kind: Kind,
}

/// What is spoken over a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// HTTP/1.1 to the shop.
    Http1,
    /// HTTP/2 to the shop.
    Http2,
    /// HTTP/1.1 to a proxy, which is told the whole URL.
    ToProxy,
}

impl Wire {
    pub(super) fn new(stream: impl Stream, kind: Kind) -> Self {
        Wire { stream: Box::new(stream), kind }
    }
}

impl Connection for Wire {
    fn connected(&self) -> Connected {
        match self.kind {
            Kind::Http1 => Connected::new(),
            Kind::Http2 => Connected::new().negotiated_h2(),
            Kind::ToProxy => Connected::new().proxy(true),
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for Wire {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffers: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(cx, buffers)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }
}
