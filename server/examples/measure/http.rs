//! The plainest HTTP client: one connection a request.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Fetches a page as the holder of a session; gives the time from connecting to the last byte, and the body's size.
pub async fn get(address: &str, path: &str, session: &str) -> anyhow::Result<(Duration, usize)> {
    let began = Instant::now();
    let mut stream = TcpStream::connect(address).await?;
    stream.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nCookie: plummet_session={session}\r\nAccept: text/html\r\nConnection: close\r\n\r\n"
    );
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    let took = began.elapsed();
    let head = String::from_utf8_lossy(&answer[..answer.len().min(200)]).into_owned();
    ensure!(head.starts_with("HTTP/1.1 200"), "{path}: {}", head.lines().next().context("no answer")?);
    Ok((took, answer.len()))
}
