//! The route table: the only one.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{SsrMode, path};

use crate::pages::{NotFoundPage};

/// Every page. All are rendered whole before they are sent: without scripts nothing would replace a placeholder.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=path!("/") view=NotFoundPage ssr=SsrMode::Async />
        </FlatRoutes>
    }
}
