//! Fresh data on an open page.

use std::time::Duration;

use leptos::prelude::*;

/// Counts up `tick` every so many seconds while the page is seen and nobody is typing: what is typed would be lost.
pub fn refresh_every(seconds: u64, tick: RwSignal<u32>) {
    Effect::new(move |_| {
        let again = move || {
            let page = document();
            let is_typing =
                page.active_element().is_some_and(|element| matches!(element.tag_name().as_str(), "INPUT" | "SELECT"));
            if !page.hidden() && !is_typing {
                tick.update(|count| *count += 1);
            }
        };
        if let Ok(handle) = set_interval_with_handle(again, Duration::from_secs(seconds)) {
            on_cleanup(move || handle.clear());
        }
    });
}
