//! Whether the program lives, and whether it may be sent requests.

use axum::extract::State;
use axum::http::StatusCode;

use super::state::WebState;

/// `GET /healthz`: the database answers.
pub async fn alive(State(state): State<WebState>) -> (StatusCode, &'static str) {
    match state.plummet.store.ping().await {
        Ok(()) => (StatusCode::OK, "ok"),
        Err(error) => {
            tracing::error!(error = %error, "the database does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer")
        }
    }
}

/// `GET /readyz`: the same, and the program is not about to stop.
pub async fn ready(State(state): State<WebState>) -> (StatusCode, &'static str) {
    if state.stop.is_cancelled() {
        return (StatusCode::SERVICE_UNAVAILABLE, "stopping");
    }
    alive(State(state)).await
}
