//! All accounts.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use super::nav::admin_nav;
use crate::api::admin::{AccountRow, ChangeRole, PAGE_ROWS, RowsView, list_accounts};
use crate::components::loaded::loaded;
use crate::components::pager::PageLinks;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::t;

/// All accounts with what they track.
#[component]
pub fn AccountsPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    let page: u32 = query.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    view! {
        <Title text=t("Accounts") />
        <header class="page-head">
            <h1>{t("Accounts")}</h1>
        </header>
        {admin_nav("/admin/users")}
        {Posted::to(ChangeRole::url()).notice(&[])}
        {loaded(move || list_accounts(page), false, move |view| content(view, page))}
    }
}

fn content(view: RowsView<AccountRow>, page: u32) -> AnyView {
    let shown = view.rows.len() as u64;
    let rows = view.rows.into_iter().map(row).collect_view();
    view! {
        <div class="table-scroll" tabindex="0" role="region" aria-label=t("Accounts")>
            <table class="data-table">
                <caption>{t("Accounts by address")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{t("Address")}</th>
                        <th scope="col">{t("Role")}</th>
                        <th scope="col" class="num">
                            {t("Trackings")}
                        </th>
                        <th scope="col">{t("Since")}</th>
                        <th scope="col">{t("Signed in")}</th>
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
            earlier=format!("/admin/users?page={}", page - 1)
            later=format!("/admin/users?page={}", page + 1)
        />
    }
    .into_any()
}

fn row(row: AccountRow) -> AnyView {
    let (label, next) = if row.role == "admin" { (t("Make a user"), "user") } else { (t("Make an admin"), "admin") };
    let change = (!row.is_self).then(|| {
        view! {
            <form method="post" action=ChangeRole::url()>
                <input type="hidden" name="user_id" value=row.user_id />
                <input type="hidden" name="role" value=next />
                <Submit label=label kind="plain" />
            </form>
        }
    });
    view! {
        <tr>
            <th scope="row">{row.email}</th>
            <td>{row.role}</td>
            <td class="num">{row.trackings.to_string()}</td>
            <td>{row.since}</td>
            <td>{row.signed_in}</td>
            <td>{change}</td>
        </tr>
    }
    .into_any()
}
