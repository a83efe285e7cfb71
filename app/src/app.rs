//! The root component.

use leptos::prelude::*;
use leptos_meta::{Title, provide_meta_context};
use leptos_router::components::Router;

use crate::components::frame::Frame;
use crate::context::asset_paths;
use crate::routes::AppRoutes;

/// Everything inside of `<body>`.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    provide_context(asset_paths());
    view! {
        <Title formatter=|text: String| if text.is_empty() { "Plummet".into() } else { format!("{text} · Plummet") } />
        <Router>
            <Frame>
                <AppRoutes />
            </Frame>
        </Router>
    }
}
