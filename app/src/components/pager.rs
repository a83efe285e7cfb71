//! More rows.

use leptos::prelude::*;

/// "Show 50 more" as a link to the same page with one page more, and how many there are.
#[component]
pub fn Pager(
    /// How many are shown.
    shown: u64,
    /// How many there are.
    total: u64,
    /// How many a page has.
    rows: u64,
    /// The link to the page with more.
    more: String,
) -> impl IntoView {
    let next = rows.min(total.saturating_sub(shown));
    (total > 0).then(|| {
        view! {
            <nav class="pager" aria-label="More rows">
                {(next > 0)
                    .then(|| {
                        view! {
                            <a class="button" data-kind="plain" href=more>
                                {format!("Show {next} more")}
                            </a>
                        }
                    })}
                <p class="pager-count number">{format!("{shown} of {total}")}</p>
            </nav>
        }
    })
}
