//! Errors as problem details (RFC 9457).

use actions::ActionError;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

/// Why a call did nothing, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Problem {
    /// What kind of problem: `urn:plummet:problem:` and a word that never changes.
    #[serde(rename = "type")]
    #[schema(example = "urn:plummet:problem:invalid")]
    kind: String,
    /// The kind in words.
    #[schema(example = "Unprocessable Entity")]
    title: &'static str,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What is wrong here, and what to do.
    #[schema(example = "a target price must be above zero; enter one such as 99.99")]
    detail: String,
    /// The fields that are wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblem>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field's name.
    #[schema(example = "target_price")]
    field: String,
    /// What is wrong, and what to do.
    message: String,
}

impl Problem {
    /// A problem of a kind.
    pub fn new(status: StatusCode, word: &str, detail: impl Into<String>) -> Self {
        Problem {
            kind: format!("urn:plummet:problem:{word}"),
            title: status.canonical_reason().unwrap_or("Error"),
            status: status.as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            retry_after: None,
        }
    }

    /// A field that holds what cannot be.
    pub fn of_field(field: &str, message: impl Into<String>) -> Self {
        let message = message.into();
        let mut problem = Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", message.clone());
        problem.errors.push(FieldProblem { field: field.to_owned(), message });
        problem
    }

    /// A path under `/api` that is no call.
    pub fn no_such_call() -> Self {
        Problem::new(StatusCode::NOT_FOUND, "not-found", "there is no such call; /api/v1/openapi.json lists all that there are")
    }

    /// A call that has other methods.
    pub fn no_such_method() -> Self {
        let detail = "this call has no such method; /api/v1/openapi.json lists those that it has";
        Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", detail)
    }

    /// Our fault.
    pub fn broken() -> Self {
        Problem::new(StatusCode::INTERNAL_SERVER_ERROR, "broken", "something broke on our side; it is logged, try again later")
    }

    fn after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds.max(1));
        self
    }
}

impl From<ActionError> for Problem {
    fn from(error: ActionError) -> Self {
        let detail = error.to_string();
        match error {
            ActionError::Invalid { field, message } => Problem::of_field(field, message),
            ActionError::NotFound(_) => Problem::new(StatusCode::NOT_FOUND, "not-found", detail),
            ActionError::SignInFirst => {
                let detail = "sign in, or send an API token as `Authorization: Bearer …`; `plummet token create` makes one";
                Problem::new(StatusCode::UNAUTHORIZED, "sign-in-first", detail)
            }
            ActionError::WrongPassword => Problem::new(StatusCode::UNAUTHORIZED, "wrong-password", detail),
            ActionError::Forbidden(_) => Problem::new(StatusCode::FORBIDDEN, "forbidden", detail),
            ActionError::TooOften { seconds } => Problem::new(StatusCode::TOO_MANY_REQUESTS, "too-often", detail).after(seconds),
            ActionError::NotBefore(_) => Problem::new(StatusCode::TOO_MANY_REQUESTS, "not-before", detail),
            ActionError::DeadLink => Problem::new(StatusCode::GONE, "dead-link", detail),
            ActionError::Taken(_) => Problem::new(StatusCode::CONFLICT, "taken", detail),
            ActionError::Unavailable => Problem::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", detail).after(1),
            ActionError::Other(source) => {
                tracing::error!(error = format!("{source:#}"), "a call failed");
                Problem::broken()
            }
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_vec(&self).unwrap_or_default();
        let mut response = (status, body).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"Plummet\""));
        }
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}
