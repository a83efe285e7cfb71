//! The HTTP API, version 1: the six calls and the admin's, one file each group, and their description as OpenAPI.

mod body;
mod caller;
mod number;
mod problem;
mod products;
mod proxies;
mod query;
mod trackings;

use axum::extract::Extension;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub use caller::Caller;
pub use problem::Problem;

use crate::web::WebState;

/// What the description says beside the calls.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Plummet",
        description = "Watches the prices of products in online shops and tells you when they fall.\n\n\
                       Prices are JSON numbers with the currency's decimals, times are RFC 3339 UTC, ids are UUIDs. \
                       Errors are problem details (RFC 9457). Every call needs a session or an API token \
                       (`plummet token create`).",
    ),
    modifiers(&Access),
    security(("token" = []), ("session" = [])),
)]
struct Description;

/// The two ways in.
struct Access;

impl utoipa::Modify for Access {
    fn modify(&self, description: &mut utoipa::openapi::OpenApi) {
        let components = description.components.get_or_insert_default();
        let session = ApiKey::Cookie(ApiKeyValue::new(app::SESSION_COOKIE));
        components.add_security_scheme("token", SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)));
        components.add_security_scheme("session", SecurityScheme::ApiKey(session));
    }
}

/// The calls under `/api/v1`, and their description at `/api/v1/openapi.json`.
pub fn routes(state: &WebState) -> Router<WebState> {
    let _ = state;
    let calls = OpenApiRouter::new()
        .routes(routes!(trackings::track))
        .routes(routes!(trackings::list))
        .routes(routes!(trackings::change, trackings::remove))
        .routes(routes!(products::history))
        .routes(routes!(products::search))
        .routes(routes!(proxies::list, proxies::add))
        .routes(routes!(proxies::change, proxies::remove))
        .routes(routes!(proxies::test));
    let (calls, description) = OpenApiRouter::with_openapi(Description::openapi()).nest("/api/v1", calls).split_for_parts();
    calls
        .route("/api/v1/openapi.json", get(describe))
        .method_not_allowed_fallback(async || Problem::no_such_method())
        .layer(Extension(std::sync::Arc::new(description)))
}

async fn describe(Extension(description): Extension<std::sync::Arc<utoipa::openapi::OpenApi>>) -> Response {
    Json(&*description).into_response()
}
