//! The web: one router for pages, files and the HTTP API.
//!
//! A request passes, from outside in: guard (id, log, panics, headers), compression, cross-site check, viewer; pages also the
//! gate to set-up and sign-in.

mod assets;
mod cross_site;
mod events;
mod export;
mod feed;
mod files;
mod gate;
mod guard;
mod health;
mod links;
mod pages;
mod secure;
mod state;
mod takeout;
mod viewer;

use actions::Plummet;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

pub use health::{Health, worker_router};
pub use state::WebState;
pub use viewer::{Access, Asked};

use crate::rest;

/// Largest body of a request, in bytes: a URL and a few words.
pub const MAX_BODY_BYTES: usize = 64 << 10;

/// Everything that the program answers.
pub fn router(plummet: Plummet, health: Health) -> Router {
    let state = WebState::new(plummet, health);
    let pages = pages::routes(&state)
        .route("/products/{id}/history.csv", get(export::history))
        .route("/events", get(events::events))
        .route("/settings/export.json", get(takeout::json))
        .route("/settings/export.csv", get(takeout::csv))
        .layer(from_fn_with_state(state.clone(), gate::gate))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES));
    Router::new()
        .merge(pages)
        .merge(rest::routes(&state))
        // These work without signing in: what they hold is signed.
        .route("/unsubscribe/{token}", get(links::ask).post(links::act))
        .route("/pause/{token}", get(links::ask).post(links::act))
        .route("/confirm/{token}", get(links::ask).post(links::act))
        .route("/feeds/{token}", get(feed::feed))
        .route("/metrics", get(health::metrics_for_admins))
        .fallback(files::file_or_page)
        .layer(from_fn_with_state(state.clone(), viewer::find))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CompressionLayer::new())
        .layer(from_fn_with_state(state.clone(), secure::strict))
        .layer(from_fn(guard::guard))
        .with_state(state)
}
