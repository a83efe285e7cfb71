//! Where no page is.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::session::find_page;
use crate::components::loaded::loaded;
use crate::context::t;

/// "There is no such page, or it is not yours." The answer has the status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    view! {
        <Title text=t("Not found") />
        {loaded(find_page, true, |()| ().into_any())}
    }
}
