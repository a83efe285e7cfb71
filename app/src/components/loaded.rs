//! A page's data: loading, an error, or its content.

use leptos::prelude::*;
use leptos::server::Resource;

use super::page_state::{PageError, Skeleton};
use crate::api::error::ApiError;

/// Shows `data` by `show`, and what there is to say while it loads or when it could not be loaded. While it is loaded anew, the
/// last content stays.
pub fn loaded<T, V>(
    data: Resource<Result<T, ApiError>>,
    rows: usize,
    is_page: bool,
    show: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> AnyView
where
    T: Clone + Send + Sync + 'static,
    V: IntoView + 'static,
{
    view! {
        <Transition fallback=move || {
            view! { <Skeleton rows=rows /> }
        }>
            {move || {
                let show = show.clone();
                Suspend::new(async move {
                    match data.await {
                        Ok(view) => show(view).into_any(),
                        Err(error) => view! { <PageError error=error is_heading=is_page /> }.into_any(),
                    }
                })
            }}
        </Transition>
    }
    .into_any()
}
