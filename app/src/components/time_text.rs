//! A moment.

use leptos::prelude::*;

use crate::api::text::TimeText;

/// The moment in short; in full for the pointer and for machines.
#[component]
pub fn Time(
    /// The moment.
    time: TimeText,
) -> impl IntoView {
    view! {
        <time datetime=time.iso title=time.text>
            {time.short}
        </time>
    }
}
