//! Reading a body: bytes are counted before and after decompression, so that neither an endless nor a bomb-compressed one costs
//! more than its cap.

use std::io;

use async_compression::tokio::bufread::{BrotliDecoder, DeflateDecoder, GzipDecoder, ZlibDecoder, ZstdDecoder};
use domain::FailureKind;
use futures::TryStreamExt;
use reqwest::Response;
use reqwest::header::{CONTENT_ENCODING, HeaderMap};
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncRead, AsyncReadExt, BufReader};
use tokio_util::io::StreamReader;

use super::error::FetchError;

/// The only encodings asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Identity,
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

/// Reads the whole body, decompressed, of at most `most` bytes.
pub(super) async fn read_body(response: Response, host: &str, most: usize) -> Result<Vec<u8>, FetchError> {
    let broken = || FetchError::new(FailureKind::Unreadable, format!("{host} sent a broken body; Plummet tries again later"));
    let encoding = encoding(response.headers()).ok_or_else(broken)?;
    if response.content_length().is_some_and(|length| length > most as u64) {
        return Err(FetchError::too_large(host, most));
    }
    let stream = response.bytes_stream().map_err(io::Error::other);
    // One byte more than allowed tells "too large" from "just fits".
    let raw = Counted { inner: StreamReader::new(stream), left: most as u64 + 1 };
    let mut body = Vec::new();
    let decoded = decoder(encoding, raw).await.map_err(|error| from_io(&error, host, most))?;
    decoded.take(most as u64 + 1).read_to_end(&mut body).await.map_err(|error| from_io(&error, host, most))?;
    if body.len() > most {
        return Err(FetchError::too_large(host, most));
    }
    Ok(body)
}

fn from_io(error: &io::Error, host: &str, most: usize) -> FetchError {
    let inner = error.get_ref();
    if inner.is_some_and(|inner| inner.is::<TooLong>()) {
        return FetchError::too_large(host, most);
    }
    match inner.and_then(|inner| inner.downcast_ref::<reqwest::Error>()) {
        Some(error) => FetchError::from_client(error, host),
        None => FetchError::new(FailureKind::Unreadable, format!("{host} sent a broken body; Plummet tries again later")),
    }
}

/// `None` for an encoding that was not asked for, or several on top of each other.
fn encoding(headers: &HeaderMap) -> Option<Encoding> {
    let mut values = headers.get_all(CONTENT_ENCODING).iter();
    let Some(value) = values.next() else { return Some(Encoding::Identity) };
    if values.next().is_some() {
        return None;
    }
    match value.to_str().ok()?.trim().to_ascii_lowercase().as_str() {
        "" | "identity" => Some(Encoding::Identity),
        "gzip" | "x-gzip" => Some(Encoding::Gzip),
        "deflate" => Some(Encoding::Deflate),
        "br" => Some(Encoding::Brotli),
        "zstd" => Some(Encoding::Zstd),
        _ => None,
    }
}

async fn decoder(
    encoding: Encoding,
    raw: impl AsyncRead + Send + Unpin + 'static,
) -> io::Result<Box<dyn AsyncRead + Send + Unpin>> {
    let mut raw = BufReader::new(raw);
    Ok(match encoding {
        Encoding::Identity => Box::new(raw),
        Encoding::Gzip => {
            let mut decoder = GzipDecoder::new(raw);
            decoder.multiple_members(true);
            Box::new(decoder)
        }
        // `deflate` is zlib by the standard and raw by some servers; zlib begins with a checked header (RFC 1950 §2.2).
        Encoding::Deflate if is_zlib(&mut raw).await? => Box::new(ZlibDecoder::new(raw)),
        Encoding::Deflate => Box::new(DeflateDecoder::new(raw)),
        Encoding::Brotli => Box::new(BrotliDecoder::new(raw)),
        Encoding::Zstd => Box::new(ZstdDecoder::new(raw)),
    })
}

async fn is_zlib(raw: &mut (impl AsyncBufRead + Unpin)) -> io::Result<bool> {
    let begin = raw.fill_buf().await?;
    Ok(match begin {
        [first, second, ..] => first & 0x0f == 8 && (u16::from(*first) << 8 | u16::from(*second)) % 31 == 0,
        _ => false,
    })
}

/// Fails when more than `left` bytes come.
struct Counted<R> {
    inner: R,
    left: u64,
}

#[derive(Debug, thiserror::Error)]
#[error("too long")]
struct TooLong;

impl<R: AsyncRead + Unpin> AsyncRead for Counted<R> {
    fn poll_read(
        mut self: std::pin::Pin<&mut Self>,
        cx: &mut std::task::Context<'_>,
        buffer: &mut tokio::io::ReadBuf<'_>,
    ) -> std::task::Poll<io::Result<()>> {
        let before = buffer.filled().len();
        std::task::ready!(std::pin::Pin::new(&mut self.inner).poll_read(cx, buffer))?;
        let read = (buffer.filled().len() - before) as u64;
        let Some(left) = self.left.checked_sub(read).filter(|left| *left > 0) else {
            return std::task::Poll::Ready(Err(io::Error::other(TooLong)));
        };
        self.left = left;
        std::task::Poll::Ready(Ok(()))
    }
}
