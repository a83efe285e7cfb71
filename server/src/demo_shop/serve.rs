//! Answering for the shops.

use std::time::Duration;

use axum::extract::{Form, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, Uri, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::catalogue::{Shop, find_item, find_slug};
use super::control::Change;
use super::pages::{self, bench, control, front};
use super::schedule::{Shown, bench_price, mixed};
use super::trouble::{answer, find_trouble, not_found};
use super::{DemoShop, now, picture};

/// How long requests in flight may go on after `stop`: the endless page would go on for ever.
const STOP_PATIENCE: Duration = Duration::from_millis(500);

/// Serves the shops until `stop`.
pub async fn serve(listener: TcpListener, shop: DemoShop, stop: CancellationToken) -> std::io::Result<()> {
    let router = Router::new()
        .route("/robots.txt", get(async || "User-agent: *\nAllow: /\n"))
        .route("/pictures/{file}", get(picture))
        .route("/bench/{page}", get(bench_page))
        .route("/control", get(control_page).post(change_by_form))
        .route("/control.json", get(control_json).post(change_by_json))
        .fallback(get(page))
        .with_state(shop);
    // Without this, the second half of an answer waits for the client's delayed ACK, 40 ms.
    let listener = listener.tap_io(|stream| {
        let _ = stream.set_nodelay(true);
    });
    let served = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        served = served => served,
        () = async { stop.cancelled().await; tokio::time::sleep(STOP_PATIENCE).await; } => Ok(()),
    }
}

/// The shop and the port that a request names; the port stands in every link, as the shop cannot know how it is reached.
fn addressed(headers: &HeaderMap) -> (Option<Shop>, u16) {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let (name, port) = host.rsplit_once(':').unwrap_or((host, "80"));
    (Shop::of_host(name), port.parse().unwrap_or(80))
}

async fn page(State(demo): State<DemoShop>, headers: HeaderMap, uri: Uri) -> Response {
    let (shop, port) = addressed(&headers);
    if uri.path() == "/" {
        return Html(front::page(shop, &demo.control.all_shown(now()), port)).into_response();
    }
    let Some(shop) = shop else {
        return (StatusCode::NOT_FOUND, Html(not_found(None))).into_response();
    };
    if let Some(trouble) = find_trouble(shop, uri.path()) {
        return answer(trouble, port).await;
    }
    match find_item(shop, uri.path()) {
        Some(item) => product(&demo.control.shown(item, now()), port, &headers),
        None => (StatusCode::NOT_FOUND, Html(not_found(Some(shop)))).into_response(),
    }
}

/// A product's page; the JSON-LD shop sends an ETag and answers 304 to one who has the page.
fn product(shown: &Shown, port: u16, headers: &HeaderMap) -> Response {
    let html = pages::product_page(shown, port);
    if shown.item.shop != Shop::JsonLd {
        return Html(html).into_response();
    }
    let hash = html.bytes().fold(0, |hash, byte| mixed(hash, u64::from(byte)));
    let etag = format!("\"{hash:016x}\"");
    if headers.get(header::IF_NONE_MATCH).is_some_and(|known| known.as_bytes() == etag.as_bytes()) {
        return (StatusCode::NOT_MODIFIED, [(header::ETAG, etag)]).into_response();
    }
    ([(header::ETAG, etag)], Html(html)).into_response()
}

async fn picture(Path(file): Path<String>) -> Response {
    let item = file.strip_suffix(".svg").and_then(find_slug);
    item.map_or_else(
        || StatusCode::NOT_FOUND.into_response(),
        |item| ([(header::CONTENT_TYPE, "image/svg+xml")], picture::picture(item)).into_response(),
    )
}

#[derive(Deserialize)]
struct BenchQuery {
    kb: Option<usize>,
    /// Packed, whatever the request accepts, if it is not 0.
    gzip: Option<u8>,
}

async fn bench_page(
    State(demo): State<DemoShop>,
    Path(page): Path<u32>,
    Query(query): Query<BenchQuery>,
    headers: HeaderMap,
) -> Response {
    let (shop, port) = addressed(&headers);
    if shop != Some(Shop::JsonLd) || page >= bench::MOST_PAGES {
        return (StatusCode::NOT_FOUND, Html(not_found(shop))).into_response();
    }
    let price = bench_price(page, demo.control.epoch(), bench::currency());
    let (url, kb) = (demo.bench_url(port, page), query.kb.unwrap_or(bench::USUAL_KB));
    if query.gzip.unwrap_or(0) == 0 {
        return Html(bench::page(page, price, &url, kb)).into_response();
    }
    let packed = bench::packed_page(page, price, &url, kb);
    ([(header::CONTENT_ENCODING, "gzip"), (header::CONTENT_TYPE, "text/html; charset=utf-8")], packed).into_response()
}

async fn control_page(State(demo): State<DemoShop>, headers: HeaderMap) -> Html<String> {
    Html(control::page(&demo.control.all_shown(now()), addressed(&headers).1, None))
}

async fn change_by_form(State(demo): State<DemoShop>, headers: HeaderMap, Form(change): Form<Change>) -> Response {
    let (status, note) = match demo.control.change(&change) {
        Ok(item) => (StatusCode::OK, item.map_or_else(|| "Set.".to_owned(), |item| format!("Set: {}", item.name))),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, error.to_string()),
    };
    (status, Html(control::page(&demo.control.all_shown(now()), addressed(&headers).1, Some(&note)))).into_response()
}

async fn control_json(State(demo): State<DemoShop>, headers: HeaderMap) -> Json<Value> {
    let port = addressed(&headers).1;
    let products: Vec<Value> = demo.control.all_shown(now()).iter().map(|shown| as_json(shown, port)).collect();
    Json(json!({"epoch": demo.control.epoch(), "products": products}))
}

async fn change_by_json(State(demo): State<DemoShop>, headers: HeaderMap, Json(change): Json<Change>) -> Response {
    match demo.control.change(&change) {
        Ok(Some(item)) => Json(as_json(&demo.control.shown(item, now()), addressed(&headers).1)).into_response(),
        Ok(None) => Json(json!({"epoch": demo.control.epoch()})).into_response(),
        Err(error) => (StatusCode::UNPROCESSABLE_ENTITY, Json(json!({"error": error.to_string()}))).into_response(),
    }
}

fn as_json(shown: &Shown, port: u16) -> Value {
    json!({
        "product": shown.item.slug,
        "name": shown.item.name,
        "url": shown.item.url(port),
        "price": shown.price.to_decimal(),
        "list_price": shown.list_price.map(domain::Money::to_decimal),
        "currency": shown.item.currency,
        "availability": shown.availability.as_str(),
    })
}
