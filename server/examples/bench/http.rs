//! The barest HTTP client: one connection, one request after another.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A connection that is kept alive.
pub struct Connection {
    stream: TcpStream,
    host: String,
    /// Lines of the head that every request has.
    headers: String,
    answer: Vec<u8>,
}

/// How a request went.
pub struct Answer {
    pub status: u16,
    /// From sending the request to the last byte of the answer.
    pub took: Duration,
    /// Of head and body, as they went over the wire.
    pub bytes: usize,
}

impl Connection {
    /// Connects to a port of this machine; `host` is whom requests name.
    pub async fn open(port: u16, host: &str, headers: &str) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(("127.0.0.1", port)).await?;
        stream.set_nodelay(true)?;
        Ok(Connection { stream, host: host.to_owned(), headers: headers.to_owned(), answer: Vec::with_capacity(1 << 19) })
    }

    pub async fn get(&mut self, path: &str) -> anyhow::Result<Answer> {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {}\r\n{}\r\n", self.host, self.headers);
        self.answer.clear();
        let began = Instant::now();
        self.stream.write_all(request.as_bytes()).await?;
        while !is_whole(&self.answer) {
            ensure!(self.stream.read_buf(&mut self.answer).await? > 0, "{path}: the connection ended early");
        }
        let (took, bytes) = (began.elapsed(), self.answer.len());
        let status = self.answer.get(9..12).and_then(|code| str::from_utf8(code).ok()).context("an answer without a status")?;
        Ok(Answer { status: status.parse()?, took, bytes })
    }

    /// The body of the last answer, which was not compressed.
    pub fn body(&self) -> std::borrow::Cow<'_, str> {
        let start = self.answer.windows(4).position(|four| four == b"\r\n\r\n").map_or(0, |end| end + 4);
        String::from_utf8_lossy(&self.answer[start..])
    }

    /// The same, where nothing but a page will do.
    pub async fn get_ok(&mut self, path: &str) -> anyhow::Result<Answer> {
        let answer = self.get(path).await?;
        ensure!(answer.status == 200, "{path}: {}", answer.status);
        Ok(answer)
    }
}

/// Whether head and body are there. Both servers write the names of headers in lower case.
fn is_whole(answer: &[u8]) -> bool {
    let Some(end) = answer.windows(4).position(|four| four == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&answer[..end]);
    let header = |name: &str| head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
    match header("content-length").and_then(|length| length.parse::<usize>().ok()) {
        Some(length) => answer.len() >= end + 4 + length,
        None => header("transfer-encoding").is_none() || answer.ends_with(b"\r\n0\r\n\r\n"),
    }
}
