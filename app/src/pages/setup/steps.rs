//! The steps of the first run: account, how to be reached, the first product.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::api::setup::{CreateAccount, WelcomeView};
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::components::posted::Posted;
use crate::components::submit::Submit;
use crate::context::{fill, t};

/// Where we are.
fn dots(step: usize) -> AnyView {
    let dots = (1..=3).map(|dot| view! { <span data-state=(dot <= step).then_some("reached")></span> }).collect_view();
    view! {
        <p class="setup-steps">
            <span class="setup-dots" aria-hidden="true">
                {dots}
            </span>
            {format!("Step {step} of 3")}
        </p>
    }
    .into_any()
}

/// 1: the admin's account.
pub fn account(token: String) -> AnyView {
    let posted = Posted::to(CreateAccount::url());
    view! {
        {dots(1)}
        <h1>{t("Create your account")}</h1>
        <p class="alone-lead">{t("The first account runs this Plummet. Nothing is sent anywhere: it stays on this machine.")}</p>
        {posted.notice(&["email", "password"])}
        <form method="post" action=CreateAccount::url()>
            <input type="hidden" name="token" value=token />
            <Field
                name="email"
                label=t("E-mail")
                kind="email"
                autocomplete="username"
                hint=t("To sign in, and for alerts.")
                value=posted.typed("email", String::new())
                error=posted.about("email")
                required=true
            />
            <Field
                name="password"
                label=t("Password")
                kind="password"
                autocomplete="new-password"
                hint=t("At least 12 characters. A sentence is easy to keep.")
                error=posted.about("password")
                required=true
                minlength=12
            />
            <Submit label=t("Create account") />
        </form>
    }
    .into_any()
}

/// 2: how alerts arrive, as it is.
pub fn reach(view: WelcomeView) -> AnyView {
    let mail = if view.sends_mail {
        t("through the mail server that is set for this Plummet")
    } else {
        t("no mail server is set yet, so mails are written as files into the outbox folder; set SMTP_URL to send them")
    };
    view! {
        {dots(2)}
        <h1>{t("How we reach you")}</h1>
        <ul class="setup-channels">
            <li>
                <Icon name="bell" />
                <p>
                    <strong>{t("Notifications page")}</strong>
                    {t("Every alert is listed there, with the reason.")}
                </p>
            </li>
            <li>
                <Icon name="mail" />
                <p>
                    <strong>{fill("E-mail to {address}", &[("address", &view.email)])}</strong>
                    {fill("On for every product, unless you switch it off there: {mail}.", &[("mail", &mail)])}
                </p>
            </li>
        </ul>
        <p class="setup-next">
            <a class="button" data-kind="primary" href="/setup?step=3">
                {t("Next")}
            </a>
        </p>
    }
    .into_any()
}

/// 3: the first product.
pub fn track(view: WelcomeView) -> AnyView {
    view! {
        {dots(3)}
        <h1>{t("Track something")}</h1>
        <form class="paste" method="get" action="/add">
            <Field name="url" label=t("Link of a product") kind="text" inputmode="url" autocomplete="off" required=true />
            <Submit label=t("Read page") />
        </form>
        {view
            .demo_shop
            .map(|shop| {
                view! {
                    <div class="setup-demo">
                        <p>
                            {t("Or try it with the demo shop: a price there falls within a minute or two, so you see an alert arrive.")}
                        </p>
                        <a class="button" data-kind="plain" href=demo_product(&shop)>
                            {t("Use the demo shop")}
                        </a>
                        <a href=shop rel="external noopener" target="_blank">
                            {t("Look at the demo shop")}
                        </a>
                    </div>
                }
            })}
        <p class="setup-next">
            <a class="button" data-kind="quiet" href="/setup?step=2">
                {t("Back")}
            </a>
            <a class="button" data-kind="quiet" href="/">
                {t("Later")}
            </a>
        </p>
    }
    .into_any()
}

/// The preview of the demo shop's product whose price goes up and down every minute.
fn demo_product(shop: &str) -> String {
    let port = shop.trim_end_matches('/').rsplit(':').next().unwrap_or_default();
    format!("/add?url=http://amazon.localhost:{port}/dp/B0DEMO0001")
}
