//! Settings: language, region, time zone, colours, sign out.

use leptos::prelude::*;
use leptos_meta::Title;
use server_fn::ServerFn;

use super::nav::settings_nav;
use crate::api::session::{SignOut, session};
use crate::api::settings::{ChangeProfile, SettingsView, find_settings};
use crate::components::field::Field;
use crate::components::loaded::loaded;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::components::theme_switch::ThemeSwitch;
use crate::context::{fill, t};

/// A person's own settings. Each block is a form of its own and saves alone.
#[component]
pub fn SettingsPage() -> impl IntoView {
    let load = || async { Ok((find_settings().await?, session().await?.theme)) };
    view! {
        <Title text=t("Settings") />
        <header class="page-head">
            <h1>{t("Settings")}</h1>
        </header>
        {settings_nav("/settings")}
        {loaded(
            load,
            false,
            |(view, theme)| {
                view! {
                    <div class="settings">{account(&view)} {region(view)} {colours(theme)}</div>
                }
                    .into_any()
            },
        )}
    }
}

fn account(view: &SettingsView) -> AnyView {
    let mail = if view.sends_mail {
        t("Alerts go to this address through the mail server of this Plummet.")
    } else {
        t("No mail server is set, so mails are written as files into the outbox folder. The operator sets SMTP_URL to send them.")
    };
    view! {
        <section class="card" aria-labelledby="account-title">
            <h2 id="account-title">{t("Account")}</h2>
            <p class="settings-email">{view.email.clone()}</p>
            <p class="settings-note">{mail}</p>
            <form method="post" action=SignOut::url()>
                <Submit label=t("Sign out") kind="plain" />
            </form>
        </section>
    }
    .into_any()
}

fn region(view: SettingsView) -> AnyView {
    let posted = Posted::to(ChangeProfile::url());
    let chosen = view.locale;
    let locales = view.locales.into_iter().map(|(tag, name)| {
        let is_chosen = tag == chosen;
        view! {
            <option value=tag selected=is_chosen>
                {name}
            </option>
        }
    });
    let locales = locales.collect_view();
    let zones = view.zones.into_iter().map(|zone| view! { <option value=zone></option> }).collect_view();
    let hint = match &view.browser_zone {
        Some(zone) => fill("There it is {now}. Your browser is in {zone}.", &[("now", &view.now), ("zone", zone)]),
        None => fill("There it is {now}.", &[("now", &view.now)]),
    };
    view! {
        <section class="card" aria-labelledby="region-title">
            <h2 id="region-title">{t("Language and region")}</h2>
            {posted.notice(&["time_zone"])}
            <form method="post" action=ChangeProfile::url()>
                <div class="field">
                    <label class="field-label" for="locale">
                        {t("How prices and dates are written")}
                    </label>
                    <div class="field-box">
                        <select id="locale" name="locale" class="field-input">
                            {locales}
                        </select>
                    </div>
                </div>
                <Field
                    name="time_zone"
                    label=t("Time zone")
                    list="zones"
                    autocomplete="off"
                    value=posted.typed("time_zone", view.time_zone)
                    hint=hint
                    error=posted.about("time_zone")
                    required=true
                />
                <datalist id="zones">{zones}</datalist>
                <Submit label=t("Save region") />
            </form>
        </section>
    }
    .into_any()
}

fn colours(theme: String) -> AnyView {
    view! {
        <section class="card" aria-labelledby="colours-title">
            <h2 id="colours-title">{t("Colours")}</h2>
            <ThemeSwitch theme=theme />
        </section>
    }
    .into_any()
}
