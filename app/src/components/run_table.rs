//! The history as a table.

use leptos::prelude::*;

use super::price_text::Price;
use crate::api::history::{HistoryWords, RunView};

/// Price runs, newest first, inside a fold.
#[component]
pub fn RunTable(
    /// The runs.
    runs: Vec<RunView>,
    /// Texts in the reader's language.
    words: HistoryWords,
    /// Link to all of them as a file.
    csv: String,
) -> impl IntoView {
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
    let [from, seen, price, stock, checks] = words.columns;
    let caption = words.caption.clone();
    view! {
        <details class="run-table">
            <summary>{words.table}</summary>
            <div class="table-scroll" tabindex="0" role="region" aria-label=caption>
                <table class="data-table">
                    <caption>{words.caption}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{from}</th>
                            <th scope="col">{seen}</th>
                            <th scope="col" class="num">
                                {price}
                            </th>
                            <th scope="col">{stock}</th>
                            <th scope="col" class="num">
                                {checks}
                            </th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
            {(!csv.is_empty())
                .then(|| {
                    view! {
                        <p class="run-table-file">
                            <a href=csv download="">
                                {words.csv}
                            </a>
                        </p>
                    }
                })}
        </details>
    }
}
