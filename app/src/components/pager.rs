//! More rows.

use leptos::prelude::*;

use crate::context::{fill, t};

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
            <nav class="pager" aria-label=t("More rows")>
                {(next > 0)
                    .then(|| {
                        view! {
                            <a class="button" data-kind="plain" href=more>
                                {fill("Show {count} more", &[("count", &next)])}
                            </a>
                        }
                    })}
                <p class="pager-count number">{fill("{shown} of {total}", &[("shown", &shown), ("total", &total)])}</p>
            </nav>
        }
    })
}

/// Links to the pages before and after this one: a page stays small however long the list is.
#[component]
pub fn PageLinks(
    /// How many rows come before this page.
    before: u64,
    /// How many this page shows.
    shown: u64,
    /// How many there are.
    total: u64,
    /// How many a page has.
    rows: u64,
    /// The link to the page before.
    earlier: String,
    /// The link to the page after.
    later: String,
) -> impl IntoView {
    let last = before + shown;
    let next = rows.min(total.saturating_sub(last));
    let count = if total <= shown {
        fill("{shown} of {total}", &[("shown", &shown), ("total", &total)])
    } else {
        fill("{from} to {to} of {total}", &[("from", &(before + 1)), ("to", &last), ("total", &total)])
    };
    (total > 0).then(|| {
        view! {
            <nav class="pager" aria-label=t("Pages") data-part="pages">
                {(before > 0)
                    .then(|| {
                        view! {
                            <a class="button" data-kind="plain" href=earlier rel="prev">
                                {t("Back")}
                            </a>
                        }
                    })}
                <p class="pager-count number">{count}</p>
                {(next > 0)
                    .then(|| {
                        view! {
                            <a class="button" data-kind="plain" href=later rel="next">
                                {fill("Next {count}", &[("count", &next)])}
                            </a>
                        }
                    })}
            </nav>
        }
    })
}
