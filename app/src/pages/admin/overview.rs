//! The admin's overview: how much there is, what waits, the proxies.

use leptos::prelude::*;
use leptos_meta::Title;

use super::nav::admin_nav;
use crate::api::admin::{OverviewView, ProxyRow, find_overview};
use crate::components::loaded::loaded;
use crate::context::{fill, t};

/// The overview.
#[component]
pub fn OverviewPage() -> impl IntoView {
    view! {
        <Title text=t("Admin") />
        <header class="page-head">
            <h1>{t("Admin")}</h1>
        </header>
        {admin_nav("/admin")}
        <div class="live" data-part="overview" data-live="10">
            {loaded(find_overview, false, content)}
        </div>
    }
}

fn content(view: OverviewView) -> AnyView {
    let counts = view.counts.into_iter().map(|count| {
        let note = (!count.note.is_empty()).then(|| view! { <dd class="fact-when">{count.note}</dd> });
        view! {
            <div class="fact">
                <dt>{count.label}</dt>
                <dd class="number">{count.count.to_string()}</dd>
                {note}
            </div>
        }
    });
    view! {
        <section class="facts" aria-label=t("Counts")>
            <dl>{counts.collect_view()}</dl>
        </section>
        <section class="admin-proxies" aria-labelledby="proxies-title">
            <h2 id="proxies-title">{t("Proxies")}</h2>
            {proxies(view.proxies)}
        </section>
        <p class="settings-note">{fill("Plummet {version}", &[("version", &view.version)])}</p>
    }
    .into_any()
}

fn proxies(proxies: Vec<ProxyRow>) -> AnyView {
    if proxies.is_empty() {
        let text =
            t("None: requests go out directly. Proxies are added by the HTTP API (/api/v1/admin/proxies) or PLUMMET_PROXIES.");
        return view! { <p class="settings-note">{text}</p> }.into_any();
    }
    let rows = proxies.into_iter().map(|proxy| {
        view! {
            <tr>
                <th scope="row">{proxy.name}</th>
                <td>{proxy.url}</td>
                <td>{proxy.status}</td>
                <td>{proxy.problem}</td>
            </tr>
        }
    });
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("Proxies")>
            <table class="data-table">
                <thead>
                    <tr>
                        <th scope="col">{t("Name")}</th>
                        <th scope="col">{t("Address")}</th>
                        <th scope="col">{t("State")}</th>
                        <th scope="col">{t("Problem")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
