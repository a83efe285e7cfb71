//! The web: one router for pages, files and the HTTP API.
//!
//! A request passes, from outside in: guard (id, log, panics, headers), compression, cross-site check, viewer; pages also the
//! gate to set-up and sign-in.

mod assets;
mod cross_site;
mod export;
mod files;
mod gate;
mod guard;
mod health;
mod pages;
mod state;
mod viewer;

use actions::Plummet;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tokio_util::sync::CancellationToken;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;

pub use state::WebState;
pub use viewer::{Access, Asked};

use crate::rest;

/// Largest body of a request, in bytes: a URL and a few words.
pub const MAX_BODY_BYTES: usize = 64 << 10;

/// Everything that the program answers. `stop` turns readiness off before the listener closes.
pub fn router(plummet: Plummet, stop: CancellationToken) -> Router {
    let state = WebState::new(plummet, stop);
    let pages = pages::routes(&state)
        .route("/products/{id}/history.csv", get(export::history))
        .layer(from_fn_with_state(state.clone(), gate::gate))
        .layer(RequestBodyLimitLayer::new(MAX_BODY_BYTES));
    Router::new()
        .merge(pages)
        .merge(rest::routes(&state))
        .fallback(files::file_or_page)
        .layer(from_fn_with_state(state.clone(), viewer::find))
        .route("/healthz", get(health::alive))
        .route("/readyz", get(health::ready))
        .layer(from_fn_with_state(state.clone(), cross_site::refuse))
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CompressionLayer::new())
        .layer(from_fn(guard::guard))
        .with_state(state)
}
