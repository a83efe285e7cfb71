//! Data: everything out, everything in, and how to bring Plummet along.

use leptos::prelude::*;
use leptos_meta::Title;
use server_fn::ServerFn;

use super::nav::settings_nav;
use crate::api::transfer::{Import, ImportView, last_import};
use crate::components::loaded::loaded;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::{fill, t};

/// Export and import.
#[component]
pub fn DataPage() -> impl IntoView {
    view! {
        <Title text=t("Data") />
        <header class="page-head">
            <h1>{t("Data")}</h1>
        </header>
        {settings_nav("/settings/data")}
        <div class="settings">
            <section class="card" aria-labelledby="export-title">
                <h2 id="export-title">{t("Take everything with you")}</h2>
                <p class="settings-note">
                    {t("Every product you track with its rules and its whole history as JSON; the list alone as CSV.")}
                </p>
                <p class="data-links">
                    <a class="button" data-kind="plain" href="/settings/export.json" download="">
                        {t("Export as JSON")}
                    </a>
                    <a class="button" data-kind="plain" href="/settings/export.csv" download="">
                        {t("Export as CSV")}
                    </a>
                </p>
            </section>
            {loaded(last_import, false, import)}
            <section class="card" id="install" aria-labelledby="install-title" hidden=true>
                <h2 id="install-title">{t("Install Plummet")}</h2>
                <p class="settings-note">
                    {t("As an app it has its own icon, shows how many alerts are unread, and takes links from the share sheet.")}
                </p>
                <button type="button" class="button" data-kind="plain">
                    {t("Install")}
                </button>
            </section>
        </div>
    }
}

fn import(last: ImportView) -> AnyView {
    let posted = Posted::to(Import::url());
    let refused = last.refused.into_iter().map(|(line, why)| {
        view! {
            <li>
                <span class="data-line">{line}</span>
                " "
                {why}
            </li>
        }
    });
    let refused = refused.collect_view();
    let result = last.count.map(|count| {
        view! {
            <div class="notice" data-tone="info" role="status">
                <p class="notice-text">{fill("{count} trackings imported.", &[("count", &count)])}</p>
            </div>
        }
    });
    let typed = posted.typed("text", String::new());
    view! {
        <section class="card" aria-labelledby="import-title">
            <h2 id="import-title">{t("Bring products in")}</h2>
            <p class="settings-note">
                {t("Paste links, one a line, or the text of an export (JSON or CSV, also of other trackers: the links in it are found). At most 100 at once.")}
            </p>
            {posted.notice(&[])}
            {result}
            <ul class="data-refused">{refused}</ul>
            <form method="post" action=Import::url()>
                <div class="field">
                    <label class="field-label" for="import-text">
                        {t("Links or export")}
                    </label>
                    <div class="field-box">
                        <textarea id="import-text" name="text" class="field-input" rows="8" required=true maxlength="60000">
                            {typed}
                        </textarea>
                    </div>
                </div>
                <Submit label=t("Import") />
            </form>
        </section>
    }
    .into_any()
}
