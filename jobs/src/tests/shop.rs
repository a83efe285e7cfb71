//! A shop on a loopback port.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::ProductUrl;
use futures::StreamExt;

/// What the shop says at a path.
#[derive(Clone)]
pub(super) enum Reply {
    /// A status with headers and a body.
    Answer(u16, Vec<(HeaderName, String)>, Vec<u8>),
    /// A page with an `ETag`, and 304 to who has it.
    Tagged(String, String),
    /// A body without an end.
    Endless,
    /// The same, after this.
    EndlessAfter(String),
    /// Never anything.
    Silence,
}

#[derive(Default)]
struct Pages {
    replies: Mutex<HashMap<String, Reply>>,
    asked: Mutex<Vec<(String, HeaderMap)>>,
}

/// A running shop; it ends with the test's runtime.
pub(super) struct Shop {
    pages: Arc<Pages>,
    /// `127.0.0.1:port`.
    pub(super) address: String,
}

impl Shop {
    pub(super) async fn open() -> Self {
        Shop::open_on(tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    /// A shop behind a listener of the test's.
    pub(super) fn open_on<L: axum::serve::Listener<Addr = std::net::SocketAddr>>(listener: L) -> Self {
        let pages = Arc::new(Pages::default());
        let address = listener.local_addr().unwrap().to_string();
        let router = Router::new().fallback(answer).with_state(pages.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Shop { pages, address }
    }

    pub(super) fn set(&self, path: &str, reply: Reply) {
        self.pages.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// A product page as most shops make it.
    pub(super) fn sell(&self, path: &str, price: &str) {
        self.set(path, Reply::html(&product_page("Kettle", price)));
    }

    pub(super) fn url(&self, path: &str) -> ProductUrl {
        ProductUrl::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// How often a path was asked for.
    pub(super) fn asked(&self, path: &str) -> usize {
        self.pages.asked.lock().unwrap().iter().filter(|(asked, _)| asked == path).count()
    }

    /// The headers of the last request for a path.
    pub(super) fn last_headers(&self, path: &str) -> HeaderMap {
        let asked = self.pages.asked.lock().unwrap();
        asked.iter().rev().find(|(asked, _)| asked == path).map(|(_, headers)| headers.clone()).expect("it was asked for")
    }
}

impl Reply {
    pub(super) fn html(page: &str) -> Self {
        Reply::Answer(200, vec![(header::CONTENT_TYPE, "text/html; charset=utf-8".into())], page.into())
    }

    pub(super) fn redirect(to: &str) -> Self {
        Reply::Answer(302, vec![(header::LOCATION, to.into())], Vec::new())
    }
}

pub(super) fn product_page(name: &str, price: &str) -> String {
    format!(
        "<!doctype html><html lang=en><head><title>{name}</title><script type=\"application/ld+json\">\
         {{\"@context\":\"https://schema.org\",\"@type\":\"Product\",\"name\":\"{name}\",\"offers\":{{\"@type\":\"Offer\",\
         \"price\":\"{price}\",\"priceCurrency\":\"EUR\",\"availability\":\"https://schema.org/InStock\"}}}}</script></head>\
         <body><main><h1>{name}</h1><p class=price>€{price}</p><button name=add-to-cart>Add to cart</button></main></body></html>"
    )
}

async fn answer(State(pages): State<Arc<Pages>>, request: Request) -> Response {
    let path = request.uri().path_and_query().map(ToString::to_string).unwrap_or_default();
    pages.asked.lock().unwrap().push((path.clone(), request.headers().clone()));
    let reply = pages.replies.lock().unwrap().get(&path).cloned();
    match reply {
        None => StatusCode::NOT_FOUND.into_response(),
        Some(Reply::Answer(status, headers, body)) => {
            let mut response = Response::new(Body::from(body));
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            for (name, value) in headers {
                response.headers_mut().insert(name, HeaderValue::from_str(&value).unwrap());
            }
            response
        }
        Some(Reply::Tagged(tag, page)) => {
            if request.headers().get(header::IF_NONE_MATCH).is_some_and(|known| known == tag.as_str()) {
                return StatusCode::NOT_MODIFIED.into_response();
            }
            ([(header::ETAG, tag), (header::CONTENT_TYPE, "text/html".into())], page).into_response()
        }
        Some(Reply::Endless) => {
            let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(vec![b'x'; 16 * 1024]));
            Body::from_stream(chunks.boxed()).into_response()
        }
        Some(Reply::EndlessAfter(begin)) => {
            let begin = futures::stream::once(std::future::ready(Ok(begin.into_bytes())));
            let chunks = futures::stream::repeat_with(|| Ok::<_, std::io::Error>(b"<li>more</li>".repeat(1_000)));
            ([(header::CONTENT_TYPE, "text/html")], Body::from_stream(begin.chain(chunks).boxed())).into_response()
        }
        Some(Reply::Silence) => std::future::pending().await,
    }
}
