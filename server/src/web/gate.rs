//! The gate before pages: to set-up while there is no account, to sign-in for those who are not.

use axum::extract::{Request, State};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

use super::state::WebState;
use super::viewer::Asked;
use crate::rest::Problem;

/// Pages that anybody may open.
const OPEN: [&str; 2] = ["/setup", "/sign-in"];

/// Sends whoever must not open a page to where they may. Server functions see for themselves who asks.
pub async fn gate(State(state): State<WebState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_page = matches!(*request.method(), Method::GET | Method::HEAD) && !path.starts_with("/api/");
    if !is_page || path == "/setup" {
        return next.run(request).await;
    }
    match state.needs_setup().await {
        Ok(true) => return Redirect::to("/setup").into_response(),
        Ok(false) => {}
        Err(error) => return Problem::from(error).into_response(),
    }
    let is_known = request.extensions().get::<Asked>().is_some_and(|asked| asked.viewer.is_some());
    // A shared product is open to whoever has its link.
    if is_known || OPEN.contains(&path) || path.starts_with("/p/") {
        return next.run(request).await;
    }
    Redirect::to(&sign_in(request.uri().path_and_query().map_or("/", |path| path.as_str()))).into_response()
}

/// Sign-in, and back to the page: a path of this site, percent-encoded.
fn sign_in(page: &str) -> String {
    if page == "/" {
        return "/sign-in".to_owned();
    }
    let next: String = url::form_urlencoded::byte_serialize(page.as_bytes()).collect();
    format!("/sign-in?next={next}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_survives_being_a_query_value() {
        assert_eq!(sign_in("/products/1?range=7d&x=1"), "/sign-in?next=%2Fproducts%2F1%3Frange%3D7d%26x%3D1");
        assert_eq!(sign_in("/"), "/sign-in");
    }
}
