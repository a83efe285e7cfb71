//! Where the site is reached by HTTPS, browsers are told to come by nothing else.

use axum::extract::{Request, State};
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::state::WebState;

/// A year, without the domain's other names: they are not ours to speak for.
const STRICT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// Adds `Strict-Transport-Security` if the public URL is one of HTTPS.
pub async fn strict(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    if state.plummet.instance.public_url.starts_with("https://") {
        response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, STRICT);
    }
    response
}
