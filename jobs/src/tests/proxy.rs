//! Real proxies on loopback ports, that count what goes through them and can refuse.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio_rustls::TlsAcceptor;

/// What a proxy speaks.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Speaks {
    Http,
    Socks5,
}

#[derive(Default)]
struct Seen {
    credentials: Option<(String, String)>,
    /// Destinations that it was asked for, as they were named.
    destinations: Vec<String>,
    refused: usize,
    has_no_way: bool,
}

/// A running proxy; it ends with the test's runtime, or when it is told to.
pub(super) struct TestProxy {
    address: SocketAddr,
    speaks: Speaks,
    tls: Option<TlsAcceptor>,
    seen: Arc<Mutex<Seen>>,
    serving: Mutex<Option<JoinHandle<()>>>,
}

impl TestProxy {
    pub(super) async fn start(speaks: Speaks) -> Self {
        TestProxy::start_with(speaks, None).await
    }

    pub(super) async fn start_with(speaks: Speaks, tls: Option<TlsAcceptor>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let proxy = TestProxy { address, speaks, tls, seen: Arc::default(), serving: Mutex::default() };
        proxy.serve(listener);
        proxy
    }

    /// Wants this user and password from now on.
    pub(super) fn require(&self, user: &str, password: &str) {
        self.seen.lock().unwrap().credentials = Some((user.to_owned(), password.to_owned()));
    }

    /// Answers that it has no connection to any shop.
    pub(super) fn lose_its_way(&self) {
        self.seen.lock().unwrap().has_no_way = true;
    }

    /// Stops answering: connections are refused.
    pub(super) async fn stop(&self) {
        let serving = self.serving.lock().unwrap().take().expect("it runs");
        serving.abort();
        let _ = serving.await;
    }

    /// Answers again, at the same address.
    pub(super) async fn start_again(&self) {
        self.serve(TcpListener::bind(self.address).await.unwrap());
    }

    pub(super) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Its URL with this scheme and `user:password@`, or nothing, before the address.
    pub(super) fn url(&self, scheme: &str, credentials: &str) -> String {
        format!("{scheme}://{credentials}{}", self.address)
    }

    /// Where it was asked to connect to, as it was named.
    pub(super) fn destinations(&self) -> Vec<String> {
        self.seen.lock().unwrap().destinations.clone()
    }

    pub(super) fn used(&self) -> usize {
        self.destinations().len()
    }

    pub(super) fn refused(&self) -> usize {
        self.seen.lock().unwrap().refused
    }

    fn serve(&self, listener: TcpListener) {
        let (speaks, tls, seen) = (self.speaks, self.tls.clone(), self.seen.clone());
        let serving = tokio::spawn(async move {
            // Its connections end with it.
            let mut open = tokio::task::JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, seen) = (tls.clone(), seen.clone());
                open.spawn(async move {
                    match tls {
                        None => converse(stream, speaks, &seen).await,
                        Some(tls) => converse(tls.accept(stream).await.ok()?, speaks, &seen).await,
                    }
                });
            }
        });
        *self.serving.lock().unwrap() = Some(serving);
    }
}

async fn converse(stream: impl AsyncRead + AsyncWrite + Unpin, speaks: Speaks, seen: &Mutex<Seen>) -> Option<()> {
    match speaks {
        Speaks::Http => http(stream, seen).await,
        Speaks::Socks5 => socks5(stream, seen).await,
    }
}

async fn http(mut client: impl AsyncRead + AsyncWrite + Unpin, seen: &Mutex<Seen>) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(client.read_u8().await.ok()?);
    }
    let head = String::from_utf8(head).ok()?;
    let auth =
        head.lines().find_map(|line| line.strip_prefix("Proxy-Authorization: ").or(line.strip_prefix("proxy-authorization: ")));
    let wanted = seen.lock().unwrap().credentials.clone();
    let wanted = wanted.map(|(user, password)| format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))));
    if wanted.is_some() && auth != wanted.as_deref() {
        seen.lock().unwrap().refused += 1;
        let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n";
        client.write_all(refusal.as_bytes()).await.ok()?;
        return None;
    }
    let mut request = head.lines().next()?.split(' ');
    let (method, target) = (request.next()?, request.next()?);
    let authority = match method {
        "CONNECT" => target,
        _ => target.strip_prefix("http://")?.split('/').next()?,
    };
    let Some(mut shop) = connect(authority, seen).await else {
        client.write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await.ok()?;
        return None;
    };
    if method == "CONNECT" {
        client.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").await.ok()?;
    } else {
        let path = &target["http://".len() + authority.len()..];
        let passed_on = head.lines().skip(1).filter(|line| !line.to_ascii_lowercase().starts_with("proxy-") && !line.is_empty());
        let passed_on: Vec<&str> = passed_on.collect();
        let request = format!("{method} {path} HTTP/1.1\r\n{}\r\nConnection: close\r\n\r\n", passed_on.join("\r\n"));
        shop.write_all(request.as_bytes()).await.ok()?;
    }
    copy_bidirectional(&mut client, &mut shop).await.ok().map(|_| ())
}

async fn socks5(mut client: impl AsyncRead + AsyncWrite + Unpin, seen: &Mutex<Seen>) -> Option<()> {
    let (_, methods) = (client.read_u8().await.ok()?, client.read_u8().await.ok()?);
    let mut offered = vec![0; usize::from(methods)];
    client.read_exact(&mut offered).await.ok()?;
    let wanted = seen.lock().unwrap().credentials.clone();
    match wanted {
        None => client.write_all(&[5, 0]).await.ok()?,
        Some(_) if !offered.contains(&2) => {
            seen.lock().unwrap().refused += 1;
            client.write_all(&[5, 255]).await.ok()?;
            return None;
        }
        Some((user, password)) => {
            client.write_all(&[5, 2]).await.ok()?;
            client.read_u8().await.ok()?;
            let given = (text(&mut client).await?, text(&mut client).await?);
            let is_right = given == (user, password);
            client.write_all(&[1, u8::from(!is_right)]).await.ok()?;
            if !is_right {
                seen.lock().unwrap().refused += 1;
                return None;
            }
        }
    }
    let mut request = [0; 4];
    client.read_exact(&mut request).await.ok()?;
    let host = match request[3] {
        1 => {
            let mut address = [0; 4];
            client.read_exact(&mut address).await.ok()?;
            std::net::Ipv4Addr::from(address).to_string()
        }
        3 => text(&mut client).await?,
        _ => return None,
    };
    let port = client.read_u16().await.ok()?;
    let shop = connect(&format!("{host}:{port}"), seen).await;
    client.write_all(&[5, if shop.is_some() { 0 } else { 4 }, 0, 1, 0, 0, 0, 0, 0, 0]).await.ok()?;
    copy_bidirectional(&mut client, &mut shop?).await.ok().map(|_| ())
}

async fn text(client: &mut (impl AsyncRead + Unpin)) -> Option<String> {
    let mut text = vec![0; usize::from(client.read_u8().await.ok()?)];
    client.read_exact(&mut text).await.ok()?;
    String::from_utf8(text).ok()
}

/// Connects to a port of this machine, whatever the name.
async fn connect(authority: &str, seen: &Mutex<Seen>) -> Option<TcpStream> {
    seen.lock().unwrap().destinations.push(authority.to_owned());
    if seen.lock().unwrap().has_no_way {
        return None;
    }
    let port: u16 = authority.rsplit_once(':')?.1.parse().ok()?;
    TcpStream::connect(("127.0.0.1", port)).await.ok()
}
