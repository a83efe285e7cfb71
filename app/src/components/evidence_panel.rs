//! Why this price.

use leptos::prelude::*;

use crate::api::evidence::EvidenceView;
use crate::context::t;

/// A fold with every candidate that was seen, those that decided first.
#[component]
pub fn EvidencePanel(
    /// What was read.
    evidence: EvidenceView,
) -> impl IntoView {
    let at = evidence.at.map(|at| view! { "Read " <time datetime=at.iso>{at.text}</time> });
    let outcome = (!evidence.outcome.is_empty()).then(|| format!(": {}", evidence.outcome));
    let rows = evidence.rows.into_iter().map(|row| {
        let verdict = if row.verdict == "taken" { "taken" } else { "other" };
        view! {
            <tr data-verdict=verdict>
                <th scope="row">{row.field}</th>
                <td class="evidence-value">{row.value}</td>
                <td>
                    {row.reader}
                    <span class="evidence-place">{row.place}</span>
                </td>
                <td class="evidence-raw">{row.raw}</td>
                <td class="num">{row.confidence.to_string()}</td>
                <td>{row.verdict}</td>
            </tr>
        }
    });
    view! {
        <details class="evidence-panel">
            <summary>{t("Why this price?")}</summary>
            <p class="evidence-note">{at}{outcome}"."</p>
            <div class="table-scroll" tabindex="0" role="region" aria-label=t("Evidence")>
                <table class="data-table">
                    <caption class="visually-hidden">{t("What the page says, and what became of it")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{t("About")}</th>
                            <th scope="col">{t("Value")}</th>
                            <th scope="col">{t("Read from")}</th>
                            <th scope="col">{t("The page's text")}</th>
                            <th scope="col" class="num">
                                {t("Sure")}
                            </th>
                            <th scope="col">{t("Result")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </details>
    }
}
