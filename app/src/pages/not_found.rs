//! Where no page is.

use leptos::prelude::*;
use leptos_meta::Title;

use crate::api::error::ApiError;
use crate::api::session::find_page;
use crate::components::loaded::loaded;

/// "There is no such page, or it is not yours." The answer has the status 404.
#[component]
pub fn NotFoundPage() -> impl IntoView {
    let data: Resource<Result<(), ApiError>> = Resource::new(|| (), |()| find_page());
    view! {
        <Title text="Not found" />
        {loaded(data, 1, true, |()| ())}
    }
}
