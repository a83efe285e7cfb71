//! The route table: the only one.

use leptos::prelude::*;
use leptos_router::components::{FlatRoutes, Route};
use leptos_router::{SsrMode, path};

use crate::pages::NotFoundPage;
use crate::pages::admin::{AccountsPage, FailuresPage, OverviewPage};
use crate::pages::drops::DropsPage;
use crate::pages::notification::NotificationsPage;
use crate::pages::product::{AddPage, ComparePage, EmbeddedPage, ProductPage, SharedPage};
use crate::pages::search::SearchPage;
use crate::pages::session::SignInPage;
use crate::pages::settings::{ChannelsPage, DataPage, SettingsPage, TokensPage};
use crate::pages::setup::SetupPage;
use crate::pages::watchlist::WatchlistPage;

/// Every page. All are rendered whole before they are sent: without scripts nothing would replace a placeholder.
#[component]
pub fn AppRoutes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFoundPage>
            <Route path=path!("/") view=WatchlistPage ssr=SsrMode::Async />
            <Route path=path!("/add") view=AddPage ssr=SsrMode::Async />
            <Route path=path!("/products/:id") view=ProductPage ssr=SsrMode::Async />
            <Route path=path!("/compare/:id") view=ComparePage ssr=SsrMode::Async />
            <Route path=path!("/p/:token") view=SharedPage ssr=SsrMode::Async />
            <Route path=path!("/p/:token/embed") view=EmbeddedPage ssr=SsrMode::Async />
            <Route path=path!("/drops") view=DropsPage ssr=SsrMode::Async />
            <Route path=path!("/search") view=SearchPage ssr=SsrMode::Async />
            <Route path=path!("/notifications") view=NotificationsPage ssr=SsrMode::Async />
            <Route path=path!("/settings") view=SettingsPage ssr=SsrMode::Async />
            <Route path=path!("/settings/channels") view=ChannelsPage ssr=SsrMode::Async />
            <Route path=path!("/settings/tokens") view=TokensPage ssr=SsrMode::Async />
            <Route path=path!("/settings/data") view=DataPage ssr=SsrMode::Async />
            <Route path=path!("/admin") view=OverviewPage ssr=SsrMode::Async />
            <Route path=path!("/admin/failures") view=FailuresPage ssr=SsrMode::Async />
            <Route path=path!("/admin/users") view=AccountsPage ssr=SsrMode::Async />
            <Route path=path!("/setup") view=SetupPage ssr=SsrMode::Async />
            <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
        </FlatRoutes>
    }
}
