//! What fails now.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::nav::admin_nav;
use crate::api::admin::{FailureRow, PAGE_ROWS, RowsView, list_failures};
use crate::api::product::CheckNow;
use crate::components::loaded::loaded;
use crate::components::page_state::PageState;
use crate::components::pager::PageLinks;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::components::time_text::Time;
use crate::context::t;

/// Products whose last checks failed.
#[component]
pub fn FailuresPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page: u32 = query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    view! {
        <Title text=t("Failures") />
        <header class="page-head">
            <h1>{t("Failures")}</h1>
        </header>
        {admin_nav("/admin/failures")}
        {Posted::to(CheckNow::url()).notice(&[])}
        <div class="live" data-part="failures" data-live="30">
            {loaded(move || list_failures(page), false, move |view| content(view, page))}
        </div>
    }
}

fn content(view: RowsView<FailureRow>, page: u32) -> AnyView {
    if view.total == 0 {
        let text = t("Every product was read well at its last check.");
        return view! { <PageState icon="check" title=t("Nothing fails") text=text /> }.into_any();
    }
    let shown = view.rows.len() as u64;
    let rows = view.rows.into_iter().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("Failures")>
            <table class="data-table">
                <caption>{t("Products whose last checks failed, the latest first")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("Product")}</th>
                        <th scope="col">{t("What fails")}</th>
                        <th scope="col" class="num">
                            {t("In a row")}
                        </th>
                        <th scope="col">{t("Last try")}</th>
                        <th scope="col">{t("Next try")}</th>
                        <th scope="col">{t("Do")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <PageLinks
            before=view.before
            shown=shown
            total=view.total
            rows=u64::from(PAGE_ROWS)
            earlier=format!("/admin/failures?page={}", page - 1)
            later=format!("/admin/failures?page={}", page + 1)
        />
    }
    .into_any()
}

fn row(row: FailureRow) -> AnyView {
    view! {
        <tr>
            <th scope="row">
                <a href=format!("/products/{}", row.product_id)>{row.name}</a>
                <br />
                <span class="settings-note">{row.shop}</span>
            </th>
            <td>
                <strong>{row.label}</strong>
                " "
                {row.detail}
            </td>
            <td class="num">{row.failures.to_string()}</td>
            <td>{row.tried.map(|tried| view! { <Time time=tried /> })}</td>
            <td>
                <Time time=row.next />
            </td>
            <td>
                <form method="post" action=CheckNow::url()>
                    <input type="hidden" name="id" value=row.product_id />
                    <Submit label=t("Retry") kind="plain" />
                </form>
            </td>
        </tr>
    }
    .into_any()
}
