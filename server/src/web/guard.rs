//! The outermost layer: every request gets an id, a line in the log, safe headers, and an answer even when something breaks.

use std::panic::AssertUnwindSafe;
use std::time::Instant;

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};
use futures::FutureExt;
use tracing::Instrument;
use uuid::Uuid;

use crate::rest::Problem;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Runs the request inside of all that.
pub async fn guard(request: Request, next: Next) -> Response {
    let id = Uuid::new_v4().simple().to_string();
    // Without the query: it may hold the set-up link's token.
    let (method, path) = (request.method().clone(), request.uri().path().to_owned());
    let span = tracing::info_span!("request", request.id = %id, http.method = %method, http.path = %path);
    let begun = Instant::now();
    let answered = AssertUnwindSafe(next.run(request)).catch_unwind().instrument(span.clone()).await;
    let mut response = answered.unwrap_or_else(|_| broken(&path, &id));
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let _entered = span.enter();
    let status = response.status();
    if status.is_server_error() {
        tracing::error!(http.status = status.as_u16(), took_ms, "answered with a failure");
    } else {
        tracing::debug!(http.status = status.as_u16(), took_ms, "answered");
    }
    harden(&mut response, &id);
    response
}

/// Headers of every answer.
fn harden(response: &mut Response, id: &str) {
    let headers = response.headers_mut();
    if let Ok(id) = HeaderValue::from_str(id) {
        headers.insert(REQUEST_ID, id);
    }
    let fixed = |value: &'static str| HeaderValue::from_static(value);
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, fixed("nosniff"));
    headers.insert(header::REFERRER_POLICY, fixed("same-origin"));
    headers.insert(HeaderName::from_static("cross-origin-opener-policy"), fixed("same-origin"));
    headers.insert(HeaderName::from_static("permissions-policy"), fixed("camera=(), geolocation=(), microphone=()"));
    // Pages and files bring their own.
    headers.entry(header::CACHE_CONTROL).or_insert(fixed("private, no-store"));
    headers.entry(header::CONTENT_SECURITY_POLICY).or_insert(fixed("default-src 'none'; frame-ancestors 'none'"));
}

/// The answer to a request that panicked. The panic itself is in the log, under the same id.
fn broken(path: &str, id: &str) -> Response {
    if path.starts_with("/api/") {
        return Problem::broken().into_response();
    }
    let short: String = id.chars().take(8).collect();
    let page = include_str!("broken.html").replace("{id}", &short);
    let policy = HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'");
    (StatusCode::INTERNAL_SERVER_ERROR, [(header::CONTENT_SECURITY_POLICY, policy)], Html(page)).into_response()
}
