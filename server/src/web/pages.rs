//! The pages: Leptos's routes and server functions, with what they need to know.

use actions::Plummet;
use app::{App, CurrentViewer, Language, shell};
use axum::Router;
use axum::body::Body;
use axum::extract::{FromRef, Request};
use axum::http::request::Parts;
use axum::http::{HeaderValue, Response, header};
use axum::response::IntoResponse;
use leptos::nonce::Nonce;
use leptos::prelude::{LeptosOptions, provide_context, use_context};
use leptos_axum::{LeptosRoutes, ResponseOptions, generate_route_list_with_exclusions_and_ssg_and_context};

use super::state::WebState;
use super::viewer::Asked;

/// Every page and every server function.
pub fn routes(state: &WebState) -> Router<WebState> {
    let context = context(&state.plummet);
    let (routes, _) = generate_route_list_with_exclusions_and_ssg_and_context(App, None, context.clone());
    let (options, assets) = (LeptosOptions::from_ref(state), state.assets.clone());
    Router::new().leptos_routes_with_context(state, routes, context, move || shell(options.clone(), assets.clone()))
}

/// The page that says that there is no such page.
pub async fn not_found(state: &WebState, request: Request) -> Response<Body> {
    let (options, assets) = (LeptosOptions::from_ref(state), state.assets.clone());
    let render =
        leptos_axum::render_app_async_with_context(context(&state.plummet), move || shell(options.clone(), assets.clone()));
    render(request).await.into_response()
}

/// What every page and server function finds: the program, who asks, and the policy that the page's answer carries.
fn context(plummet: &Plummet) -> impl Fn() + Clone + Send + Sync + 'static {
    let plummet = plummet.clone();
    move || {
        let asked = use_context::<Parts>().and_then(|parts| parts.extensions.get::<Asked>().cloned());
        provide_context(CurrentViewer(asked.and_then(|asked| asked.viewer)));
        provide_context(plummet.clone());
        provide_context(Language::of_reader());
        if let (Some(nonce), Some(response)) = (use_context::<Nonce>(), use_context::<ResponseOptions>())
            && let Ok(policy) = HeaderValue::from_str(&policy(&nonce, frames()))
        {
            response.insert_header(header::CONTENT_SECURITY_POLICY, policy);
            response.insert_header(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
        }
    }
}

/// Who may show this page inside of their own: anybody a chart that was shared for it, nobody anything else.
fn frames() -> &'static str {
    let path = use_context::<Parts>().map(|parts| parts.uri.path().to_owned()).unwrap_or_default();
    if path.starts_with("/p/") && path.ends_with("/embed") { "*" } else { "'none'" }
}

/// Scripts: our files, and inline ones of this very answer. Style attributes place marks of charts; no style sheet is inline.
fn policy(nonce: &str, frames: &str) -> String {
    format!(
        "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'wasm-unsafe-eval'; style-src 'self'; style-src-attr \
         'unsafe-inline'; img-src 'self' data:; connect-src 'self'; manifest-src 'self'; worker-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors {frames}"
    )
}
