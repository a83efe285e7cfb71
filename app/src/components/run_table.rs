//! The history as a table.

use leptos::prelude::*;

use super::price_text::Price;
use crate::api::history::RunView;

/// Price runs, newest first, inside a fold.
#[component]
pub fn RunTable(
    /// The runs.
    runs: Vec<RunView>,
    /// How many there are in the range.
    total: usize,
    /// Link to all of them as a file.
    csv: String,
) -> impl IntoView {
    let shown = runs.len();
    let rows = runs.into_iter().map(|run| {
        view! {
            <tr>
                <th scope="row">
                    <time datetime=run.from_iso>{run.from}</time>
                </th>
                <td>
                    <time>{run.to}</time>
                </td>
                <td class="num">
                    <Price price=run.price />
                </td>
                <td>{run.availability}</td>
                <td class="num">{run.checks.to_string()}</td>
            </tr>
        }
    });
    let caption = if shown < total {
        format!("The last {shown} of {total} price runs, newest first")
    } else {
        "Price runs, newest first".into()
    };
    view! {
        <details class="run-table">
            <summary>"Show as table"</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Price history as a table">
                <table class="data-table">
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">"From"</th>
                            <th scope="col">"Last seen"</th>
                            <th scope="col" class="num">
                                "Price"
                            </th>
                            <th scope="col">"Stock"</th>
                            <th scope="col" class="num">
                                "Checks"
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            <p class="run-table-file">
                <a href=csv download="">
                    "Download as CSV"
                </a>
            </p>
        </details>
    }
}
