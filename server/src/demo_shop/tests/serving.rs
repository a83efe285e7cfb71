//! The shop as clients see it: over a socket.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::super::*;

struct Running {
    port: u16,
    _stop: DropGuard,
}

async fn run() -> Running {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let stop = CancellationToken::new();
    tokio::spawn(serve(listener, DemoShop::new(7), stop.clone()));
    Running { port, _stop: stop.drop_guard() }
}

impl Running {
    /// What the shop answers: the head, and the body as text.
    async fn ask(&self, host: &str, request: &str, headers: &str, body: &str) -> (String, String) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).await.unwrap();
        let length = if body.is_empty() { String::new() } else { format!("Content-Length: {}\r\n", body.len()) };
        let text =
            format!("{request} HTTP/1.1\r\nHost: {host}:{}\r\nConnection: close\r\n{length}{headers}\r\n{body}", self.port);
        stream.write_all(text.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8(answer).unwrap();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap();
        (head.to_owned(), body.to_owned())
    }

    async fn get(&self, host: &str, path: &str) -> (String, String) {
        self.ask(host, &format!("GET {path}"), "", "").await
    }
}

#[tokio::test]
async fn every_product_has_its_page_on_its_shop_and_on_no_other() {
    let shop = run().await;
    for item in CATALOGUE {
        let (head, body) = shop.get(item.shop.host(), item.path).await;
        assert!(head.starts_with("HTTP/1.1 200"), "{head}");
        assert!(body.contains(&html::escape(item.name)), "{}", item.slug);
        assert!(shop.get("127.0.0.1", item.path).await.0.starts_with("HTTP/1.1 404"));
        let (head, body) = shop.get(item.shop.host(), &format!("/pictures/{}.svg", item.slug)).await;
        assert!(head.contains("image/svg+xml") && body.starts_with("<svg"), "{head}");
    }
}

#[tokio::test]
async fn the_front_page_links_every_product_and_every_trouble() {
    let shop = run().await;
    let (_, body) = shop.get("127.0.0.1", "/").await;
    for url in DemoShop::new(7).sample_urls(shop.port) {
        assert!(body.contains(&url), "{url}");
    }
    for page in trouble::TROUBLES {
        assert!(body.contains(&page.url(shop.port)), "{}", page.path);
    }
}

#[tokio::test]
async fn a_price_set_by_form_or_by_json_stands_on_the_page_at_once() {
    let shop = run().await;
    let form = "product=speakers&price=181.25&availability=in_stock";
    let (head, body) = shop.ask("127.0.0.1", "POST /control", "Content-Type: application/x-www-form-urlencoded\r\n", form).await;
    assert!(head.starts_with("HTTP/1.1 200") && body.contains("Set: Wren Bookshelf Speakers"), "{head}");
    assert!(shop.get("micro.localhost", "/products/wren-bookshelf-speakers").await.1.contains("£181.25"));

    let json = r#"{"product":"speakers","price":"150"}"#;
    let (_, body) = shop.ask("127.0.0.1", "POST /control.json", "Content-Type: application/json\r\n", json).await;
    assert!(body.contains(r#""price":"150.00""#), "{body}");
    assert!(shop.get("micro.localhost", "/products/wren-bookshelf-speakers").await.1.contains("£150.00"));

    let json = r#"{"product":"speakers","price":"-1"}"#;
    let (head, body) = shop.ask("127.0.0.1", "POST /control.json", "Content-Type: application/json\r\n", json).await;
    assert!(head.starts_with("HTTP/1.1 422") && body.contains("above zero"), "{head} {body}");
}

#[tokio::test]
async fn one_who_has_the_page_gets_304_until_the_price_moves() {
    let shop = run().await;
    let path = "/p/lumen-floor-lamp";
    let (head, _) = shop.get("shop.localhost", path).await;
    let etag = head.lines().find_map(|line| line.strip_prefix("etag: ")).unwrap().to_owned();
    let known = format!("If-None-Match: {etag}\r\n");
    let (head, _) = shop.ask("shop.localhost", &format!("GET {path}"), &known, "").await;
    assert!(head.starts_with("HTTP/1.1 304"), "{head}");
    let json = r#"{"product":"floor-lamp","price":"80"}"#;
    shop.ask("127.0.0.1", "POST /control.json", "Content-Type: application/json\r\n", json).await;
    let (head, _) = shop.ask("shop.localhost", &format!("GET {path}"), &known, "").await;
    assert!(head.starts_with("HTTP/1.1 200"), "{head}");
}

#[tokio::test]
async fn pages_of_the_load_tests_have_the_size_asked_for_and_move_with_the_epoch() {
    let shop = run().await;
    let (_, small) = shop.get("shop.localhost", "/bench/999999").await;
    assert!((9_800..=10_240).contains(&small.len()), "{}", small.len());
    let (_, large) = shop.get("shop.localhost", "/bench/999999?kb=300").await;
    assert!((306_000..=307_200).contains(&large.len()), "{}", large.len());
    shop.ask("127.0.0.1", "POST /control.json", "Content-Type: application/json\r\n", r#"{"epoch":9}"#).await;
    assert_ne!(shop.get("shop.localhost", "/bench/999999").await.1, small);
    assert!(shop.get("shop.localhost", "/bench/1000000").await.0.starts_with("HTTP/1.1 404"));
}

#[tokio::test]
async fn troubles_answer_as_their_line_says() {
    let shop = run().await;
    let (head, body) = shop.get("amazon.localhost", "/dp/B0CAPTCHA1").await;
    assert!(head.starts_with("HTTP/1.1 200") && body.contains("validateCaptcha"));
    assert!(shop.get("shop.localhost", "/p/gone").await.0.starts_with("HTTP/1.1 404"));
    assert!(shop.get("shop.localhost", "/p/broken").await.0.starts_with("HTTP/1.1 500"));
    assert!(!shop.get("shop.localhost", "/p/no-price").await.1.contains("offers"));
    assert!(shop.get("shop.localhost", "/p/huge").await.1.len() > 30 << 20);
    let (head, body) = shop.get("shop.localhost", "/p/truncated").await;
    assert!(head.contains("chunked") && !body.ends_with("0\r\n\r\n"), "{head}");
}
