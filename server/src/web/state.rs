//! What handlers share.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use actions::{Plummet, Result};
use app::Assets;
use axum::extract::FromRef;
use leptos::prelude::LeptosOptions;

use super::assets;
use super::events::Live;
use super::health::Health;

/// What handlers share. Cheap to clone.
#[derive(Clone)]
pub struct WebState {
    /// The running program.
    pub plummet: Plummet,
    /// Where the site's built files are.
    pub assets: Assets,
    /// What changes while pages are open.
    pub live: Live,
    health: Health,
    options: LeptosOptions,
    has_users: Arc<AtomicBool>,
}

impl WebState {
    pub(super) fn new(plummet: Plummet, health: Health) -> Self {
        let options = LeptosOptions::builder().output_name("plummet").build();
        WebState {
            plummet,
            assets: assets::list(),
            live: Live::new(health.stopping()),
            health,
            options,
            has_users: Arc::default(),
        }
    }

    /// Whether there is no account yet. Once there is one, there always is: asked no more.
    pub async fn needs_setup(&self) -> Result<bool> {
        if self.has_users.load(Ordering::Relaxed) {
            return Ok(false);
        }
        let needs = actions::needs_setup(&self.plummet).await?;
        self.has_users.store(!needs, Ordering::Relaxed);
        Ok(needs)
    }
}

impl FromRef<WebState> for LeptosOptions {
    fn from_ref(state: &WebState) -> Self {
        state.options.clone()
    }
}

impl FromRef<WebState> for Health {
    fn from_ref(state: &WebState) -> Self {
        state.health.clone()
    }
}
