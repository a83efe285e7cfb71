//! Who asks: by an API token, else by the session's cookie.

use actions::Viewer;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::state::WebState;
use crate::rest::Problem;

/// Who asks, found once a request and kept with it.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// The account, if there is one.
    pub viewer: Option<Viewer>,
    /// How they showed who they are.
    pub access: Access,
}

/// How somebody showed who they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Access {
    /// Not at all.
    #[default]
    None,
    /// By a session's cookie, which a browser sends by itself.
    Session,
    /// By an `Authorization` header, right or wrong.
    Token,
}

/// Finds who asks. Nobody is refused here.
pub async fn find(State(state): State<WebState>, mut request: Request, next: Next) -> Response {
    match asked(&state, request.headers()).await {
        Ok(asked) => {
            request.extensions_mut().insert(asked);
            next.run(request).await
        }
        Err(error) => Problem::from(error).into_response(),
    }
}

async fn asked(state: &WebState, headers: &HeaderMap) -> actions::Result<Asked> {
    let text = |name| headers.get(name).and_then(|value: &axum::http::HeaderValue| value.to_str().ok());
    if headers.contains_key(header::AUTHORIZATION) {
        // A wrong token is not replaced by a session that happens to be there.
        let token = text(header::AUTHORIZATION).and_then(bearer);
        let viewer = match token {
            Some(token) => actions::token_viewer(&state.plummet, token).await?,
            None => None,
        };
        return Ok(Asked { viewer, access: Access::Token });
    }
    let Some(secret) = text(header::COOKIE).and_then(app::session_secret) else { return Ok(Asked::default()) };
    let viewer = actions::session_viewer(&state.plummet, &secret).await?;
    Ok(Asked { access: if viewer.is_some() { Access::Session } else { Access::None }, viewer })
}

/// The token of `Bearer …` (RFC 6750 §2.1); the scheme's name has no case.
fn bearer(value: &str) -> Option<&str> {
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_has_no_case_and_must_be_bearer() {
        assert_eq!(bearer("bearer plm_x"), Some("plm_x"));
        assert_eq!(bearer("Basic plm_x"), None);
        assert_eq!(bearer("plm_x"), None);
    }
}
