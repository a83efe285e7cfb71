//! Who calls, and the ids in a call's path.

use actions::{ActionError, Viewer};
use axum::extract::{FromRequestParts, Path};
use axum::http::StatusCode;
use axum::http::request::Parts;
use uuid::Uuid;

use super::problem::Problem;
use crate::web::{Access, Asked};

/// Somebody with a session or a valid API token.
pub struct Caller(pub Viewer);

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let asked = parts.extensions.get::<Asked>().cloned().unwrap_or_default();
        match (asked.viewer, asked.access) {
            (Some(viewer), _) => Ok(Caller(viewer)),
            (None, Access::Token) => {
                let detail = "this API token is not valid; make one by `plummet token create` and send it as `Bearer plm_…`";
                Err(Problem::new(StatusCode::UNAUTHORIZED, "wrong-token", detail))
            }
            (None, Access::None | Access::Session) => Err(ActionError::SignInFirst.into()),
        }
    }
}

/// The one id in a call's path.
pub struct Id(pub Uuid);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| wrong_id(""))?;
        Uuid::parse_str(&text).map(Id).map_err(|_| wrong_id(&text))
    }
}

/// The account in a call's path: an id, or `me`.
pub struct Account(pub Option<Uuid>);

impl<S: Send + Sync> FromRequestParts<S> for Account {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| wrong_id(""))?;
        if text == "me" {
            return Ok(Account(None));
        }
        Uuid::parse_str(&text).map(|id| Account(Some(id))).map_err(|_| wrong_id(&text))
    }
}

fn wrong_id(text: &str) -> Problem {
    let shown: String = text.chars().take(60).collect();
    let detail = format!("`{shown}` is not an id; ids are UUIDs, as this API gave them");
    Problem::new(StatusCode::BAD_REQUEST, "wrong-id", detail)
}
