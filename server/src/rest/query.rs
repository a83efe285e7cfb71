//! What stands behind the `?` of a call.

use axum::extract::{FromRequestParts, Query};
use axum::http::StatusCode;
use axum::http::request::Parts;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use store::Window;
use utoipa::IntoParams;

use super::problem::Problem;

/// Most rows of a page.
const MOST_ROWS: u32 = 100;
/// Rows of a page, if it is not said how many.
const USUAL_ROWS: u32 = 20;

/// The parameters of a call; what cannot be read is a problem that says which.
pub struct Parameters<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        match Query::<T>::from_request_parts(parts, state).await {
            Ok(Query(parameters)) => Ok(Parameters(parameters)),
            Err(error) => {
                let detail = format!("a parameter cannot be read: {}", error.body_text());
                Err(Problem::new(StatusCode::BAD_REQUEST, "wrong-parameter", detail))
            }
        }
    }
}

/// Which rows of a list.
#[derive(Clone, Copy, Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct Rows {
    /// At most so many rows: 1 to 100, by default 20. More is taken for 100.
    limit: Option<u32>,
    /// After so many rows.
    offset: Option<u32>,
}

impl Rows {
    /// The rows that a call asks for.
    pub fn new(limit: Option<u32>, offset: Option<u32>) -> Self {
        Rows { limit, offset }
    }

    /// The rows, within what is allowed.
    pub fn window(self) -> Window {
        Window { limit: self.limit.unwrap_or(USUAL_ROWS).clamp(1, MOST_ROWS), offset: self.offset.unwrap_or(0) }
    }
}
