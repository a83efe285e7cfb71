//! What no route answers: a file of the site, or that there is none.

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse, Response};

use super::state::WebState;
use super::{assets, pages};
use crate::rest::Problem;

/// Serves a file of the site; the page or the problem document that says that there is none otherwise.
pub async fn file_or_page(State(state): State<WebState>, request: Request) -> Response {
    let path = request.uri().path().trim_start_matches('/');
    if path == "api" || path.starts_with("api/") {
        return Problem::no_such_call().into_response();
    }
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::METHOD_NOT_ALLOWED, "there is nothing here that takes this method").into_response();
    }
    if let Some(answer) = assets::answer(path, request.headers()) {
        return answer;
    }
    // A missing file of an older build must not be answered by a page: a browser would take it for a script.
    if path.starts_with("pkg/") || path.starts_with("icons/") {
        return (StatusCode::NOT_FOUND, "there is no such file; reload the page").into_response();
    }
    let page = pages::not_found(&state, request).await;
    let (mut parts, body) = page.into_parts();
    parts.status = StatusCode::NOT_FOUND;
    Response::from_parts(parts, Body::new(body))
}
