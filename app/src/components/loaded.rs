//! A page's data: its content, or what there is to say in its place.

use std::future::Future;

use leptos::prelude::*;

use super::page_state::PageError;
use crate::api::error::ApiError;

/// Shows what `load` gives by `show`, or the error. `is_page`: the error's title is the page's heading, as there is no other.
///
/// There is no placeholder: a page is sent when it is whole, and until then the browser keeps the one before, with a bar.
pub fn loaded<T, F>(
    load: impl Fn() -> F + Send + Sync + 'static,
    is_page: bool,
    show: impl Fn(T) -> AnyView + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + serde::Serialize + serde::de::DeserializeOwned + 'static,
    F: Future<Output = Result<T, ApiError>> + Send + 'static,
{
    let data = Resource::new(|| (), move |()| load());
    view! {
        <Suspense>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match data.await {
                        Ok(view) => show(view),
                        Err(error) => view! { <PageError error=error is_heading=is_page /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
    .into_any()
}
