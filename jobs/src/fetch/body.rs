//! Reading a body: bytes are counted before and after decompression, so that neither an endless nor a bomb-compressed one costs
//! more than its cap; and reading ends where the page's reader has enough.

use std::time::Duration;

use extract::{Progress, Stream};
use http_body_util::BodyExt;
use hyper::body::{Body as _, Bytes, Incoming};
use hyper::{Response, Version};

use super::client::READ_TIMEOUT;
use super::decoder::{DecodeError, Decoder, Encoding};
use super::error::FetchError;

/// Bodies up to this size are read whole: looking at them piece by piece would cost more than it saves.
const STREAM_FROM: usize = 32 * 1024;
/// How much of a packed body is unpacked before the reader is asked whether it has enough: about as much as above, unpacked.
const PACKED_STEP: usize = 8 * 1024;
/// What is still read, and thrown away, of a body that is not wanted any more, before its HTTP/1.1 connection is given up instead. A
/// new connection with TLS costs as much processor time as reading 1.5 MB, a plain one as 400 kB; but the bytes are the shop's, too.
const MAX_DRAINED: u64 = 256 * 1024;
const DRAIN_TIMEOUT: Duration = Duration::from_millis(500);

/// A body as far as it was read.
#[derive(Debug)]
pub enum Body {
    /// All of it.
    Whole(Bytes),
    /// It is in its page's reader.
    Streamed {
        /// The reader.
        stream: Box<Stream>,
        /// Whether it had enough before the end: it will not take long to finish.
        was_enough: bool,
    },
}

impl Body {
    /// The bytes of a body that is there whole.
    #[cfg(test)]
    pub(crate) fn whole(&self) -> &[u8] {
        match self {
            Body::Whole(bytes) => bytes,
            Body::Streamed { .. } => panic!("the body is in its reader"),
        }
    }
}

/// Reads a body of at most `most` bytes; a large one into the reader that `begin` makes for it, if it makes one.
pub(super) async fn read_body(
    response: Response<Incoming>,
    host: &str,
    most: usize,
    begin: impl FnOnce() -> Option<Stream>,
) -> Result<Body, FetchError> {
    let encoding = Encoding::of(response.headers()).ok_or_else(|| FetchError::broken_body(host))?;
    let mut raw = Raw::new(response, host, most)?;
    let Some(first) = raw.next().await? else { return Ok(Body::Whole(Bytes::new())) };
    if encoding == Encoding::Identity && raw.is_at_end() && first.len() < STREAM_FROM {
        return Ok(Body::Whole(first));
    }
    let fail = |error| match error {
        DecodeError::TooLarge => FetchError::too_large(host, most),
        DecodeError::Broken => FetchError::broken_body(host),
    };
    let mut decoder = Decoder::new(encoding, most).map_err(|_| FetchError::broken_body(host))?;
    let (mut begin, mut stream, mut piece) = (Some(begin), None, Some(first));
    while let Some(bytes) = piece {
        // A piece may hold the whole page: it is unpacked step by step, too.
        for step in bytes.chunks(if encoding == Encoding::Identity { STREAM_FROM } else { PACKED_STEP }) {
            decoder.push(step).map_err(fail)?;
            if decoder.body().len() >= STREAM_FROM
                && let Some(begin) = begin.take()
            {
                stream = begin().map(Box::new);
            }
            let Some(reader) = &mut stream else { continue };
            let progress = reader.push(decoder.body());
            decoder.forget_body();
            if progress == Progress::Enough {
                raw.drain().await;
                let stream = stream.expect("it has just been read into");
                return Ok(Body::Streamed { stream, was_enough: true });
            }
        }
        piece = raw.next().await?;
    }
    let rest = decoder.finish().map_err(fail)?;
    let Some(mut stream) = stream else { return Ok(Body::Whole(rest.into())) };
    let was_enough = stream.push(&rest) == Progress::Enough;
    Ok(Body::Streamed { stream, was_enough })
}

/// The body as it comes, counted.
struct Raw<'a> {
    body: Incoming,
    host: &'a str,
    most: usize,
    /// Bytes that may still come.
    left: usize,
    is_http1: bool,
}

impl<'a> Raw<'a> {
    fn new(response: Response<Incoming>, host: &'a str, most: usize) -> Result<Self, FetchError> {
        let is_http1 = response.version() != Version::HTTP_2;
        let body = response.into_body();
        if body.size_hint().lower() > most as u64 {
            return Err(FetchError::too_large(host, most));
        }
        Ok(Raw { body, host, most, left: most, is_http1 })
    }

    /// The next piece that is not empty; `None` at the end.
    async fn next(&mut self) -> Result<Option<Bytes>, FetchError> {
        loop {
            let frame = match tokio::time::timeout(READ_TIMEOUT, self.body.frame()).await {
                Ok(None) => return Ok(None),
                Ok(Some(Ok(frame))) => frame,
                Ok(Some(Err(_))) => return Err(FetchError::lost(self.host)),
                Err(_) => return Err(FetchError::timeout(self.host)),
            };
            // Trailers say nothing that is needed.
            let Some(piece) = frame.into_data().ok().filter(|piece| !piece.is_empty()) else { continue };
            self.left = self.left.checked_sub(piece.len()).ok_or_else(|| FetchError::too_large(self.host, self.most))?;
            return Ok(Some(piece));
        }
    }

    fn is_at_end(&self) -> bool {
        self.body.is_end_stream()
    }

    /// Reads the rest and throws it away, if it is little and comes soon, so that the connection can be used again. A stream of
    /// HTTP/2 is only a part of its connection: it is ended.
    async fn drain(mut self) {
        if !self.is_http1 || self.body.size_hint().lower() > MAX_DRAINED {
            return;
        }
        let drained = async {
            let mut left = MAX_DRAINED;
            while let Some(Ok(frame)) = self.body.frame().await {
                let length = frame.data_ref().map_or(0, Bytes::len) as u64;
                let Some(less) = left.checked_sub(length) else { return };
                left = less;
            }
        };
        // Too late: the connection is given up with the body.
        let _ = tokio::time::timeout(DRAIN_TIMEOUT, drained).await;
    }
}
