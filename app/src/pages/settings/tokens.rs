//! API tokens: make, see, revoke.

use leptos::prelude::*;
use leptos_meta::Title;
use server_fn::ServerFn;

use super::nav::settings_nav;
use crate::api::tokens::{MakeToken, RevokeToken, TokenView, TokensView, list_tokens};
use crate::components::copy_field::CopyField;
use crate::components::field::Field;
use crate::components::loaded::loaded;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::t;

/// A person's API tokens.
#[component]
pub fn TokensPage() -> impl IntoView {
    view! {
        <Title text=t("API tokens") />
        <header class="page-head">
            <h1>{t("API tokens")}</h1>
        </header>
        {settings_nav("/settings/tokens")}
        {loaded(list_tokens, false, content)}
    }
}

fn content(view: TokensView) -> AnyView {
    let secret = view.secret.map(|secret| {
        view! {
            <section class="card token-secret" aria-labelledby="secret-title">
                <h2 id="secret-title">{t("Your new token")}</h2>
                <p class="settings-note">{t("Copy it now: it is not shown again.")}</p>
                <CopyField id="token-secret" label=t("Token") value=secret />
            </section>
        }
    });
    let has_tokens = !view.tokens.is_empty();
    let rows = view.tokens.into_iter().map(row).collect_view();
    let posted = Posted::to(MakeToken::url());
    let scopes = view.scopes.into_iter().map(|scope| {
        let label = match scope.as_str() {
            "read" => t("Read"),
            "track" => t("Read and track"),
            _ => t("Everything, as an admin"),
        };
        view! { <option value=scope>{label}</option> }
    });
    let scopes = scopes.collect_view();
    view! {
        <div class="settings">
            {secret}
            <section class="card" aria-labelledby="make-title">
                <h2 id="make-title">{t("Make a token")}</h2>
                <p class="settings-note">{t("For scripts and other programs. The HTTP API is at")} " " <code>{view.base}</code></p>
                {posted.notice(&["name"])}
                <form method="post" action=MakeToken::url()>
                    <Field
                        name="token_name"
                        label=t("Name")
                        autocomplete="off"
                        value=posted.typed("token_name", String::new())
                        error=posted.about("name")
                        required=true
                    />
                    <div class="field">
                        <label class="field-label" for="scope">
                            {t("What it may do")}
                        </label>
                        <div class="field-box">
                            <select id="scope" name="scope" class="field-input">
                                {scopes}
                            </select>
                        </div>
                    </div>
                    <div class="field">
                        <label class="field-label" for="days">
                            {t("How long it is good")}
                        </label>
                        <div class="field-box">
                            <select id="days" name="days" class="field-input">
                                <option value="90">{t("90 days")}</option>
                                <option value="365">{t("One year")}</option>
                                <option value="">{t("Until it is revoked")}</option>
                            </select>
                        </div>
                    </div>
                    <Submit label=t("Make token") />
                </form>
            </section>
            {Posted::to(RevokeToken::url()).notice(&[])}
            {has_tokens
                .then(|| {
                    view! {
                        <section class="token-list" aria-labelledby="tokens-title">
                            <h2 id="tokens-title">{t("Your tokens")}</h2>
                            <ul>{rows}</ul>
                        </section>
                    }
                })}
        </div>
    }
    .into_any()
}

fn row(token: TokenView) -> AnyView {
    view! {
        <li class="card token-row">
            <p class="token-name">
                <strong>{token.name}</strong>
                " · "
                {token.scope}
            </p>
            <p class="settings-note">
                {t("made")} " " {token.made} " · " {t("used")} " " {token.used} " · " {t("ends")} " " {token.ends}
            </p>
            <form method="post" action=RevokeToken::url()>
                <input type="hidden" name="id" value=token.id />
                <Submit label=t("Revoke") kind="plain" />
            </form>
        </li>
    }
    .into_any()
}
