//! Pages over TLS, as nearly every shop has them.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use domain::{FailureKind, Timestamp};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{RootCertStore, ServerConfig};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;
use url::Url;

use super::shop::{Shop, product_page};
use crate::config::{DirectFallback, FetchConfig, ProxiesConfig};
use crate::fetch::{Answer, Clients, FetchError, Fetcher, Validators};
use crate::hosts::HostPatterns;
use crate::limiter::{Permit, Route};
use crate::proxies::ProxyPool;
use crate::seal::SecretKey;

/// Self-signed for `shop.localhost`, valid for a hundred years; the key guards nothing.
const CERTIFICATE: &[u8] = include_bytes!("certificates/shop.localhost.crt.der");
const KEY: &[u8] = include_bytes!("certificates/shop.localhost.key.der");

struct TlsListener(TcpListener, TlsAcceptor);

impl axum::serve::Listener for TlsListener {
    type Io = TlsStream<TcpStream>;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Self::Io, Self::Addr) {
        loop {
            let (stream, address) = self.0.accept().await.unwrap();
            if let Ok(stream) = self.1.accept(stream).await {
                return (stream, address);
            }
        }
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// What speaks TLS with the test's certificate.
pub(super) fn acceptor() -> TlsAcceptor {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
        .unwrap();
    TlsAcceptor::from(Arc::new(config))
}

pub(super) async fn open_shop() -> (Shop, FetchConfig, Url) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let shop = Shop::open_on(TlsListener(listener, acceptor()));
    shop.sell("/kettle", "49.99");
    let port = shop.address.rsplit_once(':').unwrap().1.to_owned();
    let settings = FetchConfig {
        allow_hosts: vec![format!("*.localhost:{port}")],
        deadline: Duration::from_secs(5),
        ..FetchConfig::default()
    };
    (shop, settings, Url::parse(&format!("https://shop.localhost:{port}/kettle")).unwrap())
}

/// Clients that trust the test's certificate.
pub(super) fn trusted_clients(settings: &FetchConfig) -> Clients {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from(CERTIFICATE)).unwrap();
    Clients::trusting(roots, HostPatterns::parse(&settings.allow_hosts).unwrap()).unwrap()
}

/// A page through a proxy.
pub(super) async fn fetch_by(clients: &Clients, settings: &FetchConfig, proxy: &str, url: &Url) -> Result<String, FetchError> {
    let config = ProxiesConfig { proxies: vec![proxy.to_owned().into()], direct: DirectFallback::Never };
    let pool = ProxyPool::new(&config, clients.clone(), SecretKey::new([1; 32])).unwrap();
    let permit = Permit::by_hand(Route::new("shop.localhost", None, Some(pool.all()[0].id)));
    let fetcher = Fetcher::new(settings, clients.clone(), Some(pool));
    match fetcher.fetch(url, &Validators::default(), permit, Timestamp::EPOCH, &|_| None).await? {
        Answer::Page(page) => Ok(String::from_utf8(page.body.whole().to_vec()).unwrap()),
        Answer::Unchanged => panic!("nothing was known"),
    }
}

async fn fetch(fetcher: &Fetcher, url: &Url) -> Result<Answer, FetchError> {
    let permit = Permit::by_hand(Route::new("shop.localhost", None, None));
    fetcher.fetch(url, &Validators::default(), permit, Timestamp::EPOCH, &|_| None).await
}

#[tokio::test]
async fn a_shop_with_a_trusted_certificate_is_read() {
    let (_shop, settings, url) = open_shop().await;
    let answer = fetch(&Fetcher::new(&settings, trusted_clients(&settings), None), &url).await;
    let Ok(Answer::Page(page)) = answer else { panic!("{answer:?}") };
    assert_eq!(page.body.whole(), product_page("Kettle", "49.99").as_bytes());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_not_trusted() {
    let (shop, settings, url) = open_shop().await;
    let clients = Clients::new(HostPatterns::parse(&settings.allow_hosts).unwrap()).unwrap();
    let error = fetch(&Fetcher::new(&settings, clients, None), &url).await.unwrap_err();
    assert_eq!(error.kind, FailureKind::Unreachable);
    assert!(error.detail.contains("the certificate of shop.localhost is not valid"), "{}", error.detail);
    assert_eq!(shop.asked("/kettle"), 0);
}
