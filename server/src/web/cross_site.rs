//! Requests that another site made a browser send: they carry our cookie but not our person's will.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::WebState;
use crate::rest::Problem;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Refuses what would change something and comes from another site. A request with an `Authorization` header passes: a browser
/// adds none by itself, and without our leave no other site may.
pub async fn refuse(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let headers = request.headers();
    if request.method().is_safe() || headers.contains_key(header::AUTHORIZATION) {
        return next.run(request).await;
    }
    if is_same_site(headers, &state.plummet.instance.public_url) {
        return next.run(request).await;
    }
    let detail = "this request came from another site and was refused; open Plummet itself and try there";
    Problem::new(StatusCode::FORBIDDEN, "cross-site", detail).into_response()
}

/// Whether the browser says that our own page sent this. Programs that are no browsers say nothing, and carry no stray cookie.
fn is_same_site(headers: &HeaderMap, public_url: &str) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text(SEC_FETCH_SITE) {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = headers.get(header::ORIGIN) else { return true };
    let Ok(origin) = origin.to_str() else { return false };
    let host = origin.split_once("://").map(|(_, host)| host);
    origin == public_url || (host.is_some() && host == text(header::HOST))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_our_own_pages_may_change_something() {
        let ours = "https://plummet.example";
        for (headers, same) in [
            (vec![("sec-fetch-site", "same-origin")], true),
            (vec![("sec-fetch-site", "none")], true),
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site"), ("origin", ours)], false),
            (vec![("origin", ours), ("host", "10.0.0.1:8480")], true),
            (vec![("origin", "http://127.0.0.1:8480"), ("host", "127.0.0.1:8480")], true),
            (vec![("origin", "https://evil.example"), ("host", "127.0.0.1:8480")], false),
            (vec![("origin", "null"), ("host", "127.0.0.1:8480")], false),
            (vec![], true),
        ] {
            let map: HeaderMap = headers.iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect();
            assert_eq!(is_same_site(&map, ours), same, "{headers:?}");
        }
    }
}
