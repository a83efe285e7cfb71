//! The admin's pages.

use leptos::prelude::*;

use crate::context::t;

/// Links to the admin's pages; `current` is the path of this one.
pub fn admin_nav(current: &'static str) -> AnyView {
    let pages = [("/admin", t("Overview")), ("/admin/failures", t("Failures")), ("/admin/users", t("Accounts"))];
    let links = pages.map(|(path, label)| {
        view! {
            <a href=path aria-current=(path == current).then_some("page")>
                {label}
            </a>
        }
    });
    view! {
        <nav class="tabs" aria-label=t("Admin")>
            {links.collect_view()}
        </nav>
    }
    .into_any()
}
