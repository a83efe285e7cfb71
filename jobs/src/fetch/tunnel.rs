//! The two ways of asking a proxy for a connection: HTTP CONNECT (RFC 9110 §9.3.6) and SOCKS 5 (RFC 1928, RFC 1929).

use std::net::IpAddr;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::connector::ProxyFault;
use super::wire::Stream;
use crate::proxies::ProxyCredentials;

/// Longest answer to a CONNECT that is read.
const MAX_ANSWER: usize = 8 * 1024;

/// How long a SOCKS proxy may take to say hello.
const GREETING_TIMEOUT: Duration = Duration::from_secs(3);

/// What a SOCKS proxy is told to connect to.
#[derive(Clone, Copy, Debug)]
pub(super) enum Destination<'a> {
    Address(IpAddr),
    Name(&'a str),
}

/// The value of `Proxy-Authorization`.
pub(super) fn basic_auth(credentials: &ProxyCredentials) -> String {
    format!("Basic {}", STANDARD.encode(format!("{}:{}", credentials.user(), credentials.password())))
}

/// Asks an HTTP proxy for a tunnel to `authority` (`host:port`).
pub(super) async fn connect_http(
    stream: &mut impl Stream,
    authority: &str,
    credentials: Option<&ProxyCredentials>,
) -> Result<(), ProxyFault> {
    let mut request = format!("CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\nProxy-Connection: Keep-Alive\r\n");
    if let Some(credentials) = credentials {
        request.push_str(&format!("Proxy-Authorization: {}\r\n", basic_auth(credentials)));
    }
    request.push_str("\r\n");
    stream.write_all(request.as_bytes()).await.map_err(|_| ProxyFault::Lost)?;
    match status_of(&read_head(stream).await?) {
        Some(200..=299) => Ok(()),
        Some(407) => Err(ProxyFault::Credentials),
        Some(_) => Err(ProxyFault::NoWay),
        None => Err(ProxyFault::NoProxy),
    }
}

/// The head of the answer, up to its empty line. Byte by byte: what follows belongs to the tunnel.
async fn read_head(stream: &mut impl Stream) -> Result<Vec<u8>, ProxyFault> {
    let mut head = Vec::with_capacity(256);
    while !head.ends_with(b"\r\n\r\n") {
        if head.len() == MAX_ANSWER {
            return Err(ProxyFault::NoProxy);
        }
        head.push(stream.read_u8().await.map_err(|_| ProxyFault::Lost)?);
    }
    Ok(head)
}

fn status_of(head: &[u8]) -> Option<u16> {
    let rest = head.strip_prefix(b"HTTP/1.")?;
    std::str::from_utf8(rest.get(2..5)?).ok()?.parse().ok()
}

/// Asks a SOCKS 5 proxy for a connection.
pub(super) async fn connect_socks(
    stream: &mut impl Stream,
    destination: Destination<'_>,
    port: u16,
    credentials: Option<&ProxyCredentials>,
) -> Result<(), ProxyFault> {
    const NONE: u8 = 0;
    const PASSWORD: u8 = 2;
    let greeting: &[u8] = if credentials.is_some() { &[5, 2, NONE, PASSWORD] } else { &[5, 1, NONE] };
    // Nobody has to be asked for this answer: what does not give it is no such proxy.
    let greeted = tokio::time::timeout(GREETING_TIMEOUT, exchange::<2>(stream, greeting)).await;
    match (greeted.map_err(|_| ProxyFault::NoProxy)??, credentials) {
        ([5, NONE], _) => {}
        ([5, PASSWORD], Some(credentials)) => authenticate(stream, credentials).await?,
        ([5, _], _) => return Err(ProxyFault::Credentials),
        _ => return Err(ProxyFault::NoProxy),
    }
    let mut request = vec![5, 1, 0];
    match destination {
        Destination::Address(IpAddr::V4(address)) => {
            request.push(1);
            request.extend(address.octets());
        }
        Destination::Address(IpAddr::V6(address)) => {
            request.push(4);
            request.extend(address.octets());
        }
        Destination::Name(name) => {
            request.push(3);
            request.push(u8::try_from(name.len()).map_err(|_| ProxyFault::NoWay)?);
            request.extend(name.as_bytes());
        }
    }
    request.extend(port.to_be_bytes());
    let [version, reply, _, kind] = exchange::<4>(stream, &request).await?;
    if version != 5 {
        return Err(ProxyFault::NoProxy);
    }
    // "Connection not allowed by ruleset" and all that the proxy could not reach: it works, but not to this shop.
    if reply != 0 {
        return Err(ProxyFault::NoWay);
    }
    let bound = match kind {
        1 => 4,
        4 => 16,
        3 => usize::from(stream.read_u8().await.map_err(|_| ProxyFault::Lost)?),
        _ => return Err(ProxyFault::NoProxy),
    };
    let mut rest = vec![0; bound + 2];
    stream.read_exact(&mut rest).await.map_err(|_| ProxyFault::Lost)?;
    Ok(())
}

async fn authenticate(stream: &mut impl Stream, credentials: &ProxyCredentials) -> Result<(), ProxyFault> {
    let mut request = vec![1];
    for part in [credentials.user(), credentials.password()] {
        request.push(u8::try_from(part.len()).expect("credentials have at most 255 bytes each"));
        request.extend(part.as_bytes());
    }
    match exchange::<2>(stream, &request).await? {
        [_, 0] => Ok(()),
        _ => Err(ProxyFault::Credentials),
    }
}

async fn exchange<const N: usize>(stream: &mut impl Stream, request: &[u8]) -> Result<[u8; N], ProxyFault> {
    stream.write_all(request).await.map_err(|_| ProxyFault::Lost)?;
    let mut answer = [0; N];
    stream.read_exact(&mut answer).await.map_err(|_| ProxyFault::Lost)?;
    Ok(answer)
}
