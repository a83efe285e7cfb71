//! The frame around every page: skip link, navigation, add box, notices.

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::use_location;
use server_fn::ServerFn;

use super::icon::Icon;
use super::notice::Notice;
use super::theme_switch::ThemeSwitch;
use crate::api::session::{SessionView, SignOut, session};
use crate::context::t;

/// Navigation around the page's content. First run and sign-in stand alone.
#[component]
pub fn Frame(children: Children) -> impl IntoView {
    let path = use_location().pathname.get_untracked();
    let stands_alone = matches!(path.as_str(), "/setup" | "/sign-in") || path.starts_with("/p/");
    let data = Resource::new(|| (), |()| session());
    let part = move |show: fn(SessionView) -> AnyView| {
        view! {
            <Suspense>
                {move || Suspend::new(async move { show(data.await.unwrap_or_default()) })}
            </Suspense>
        }
    };
    view! {
        <a class="skip-link" href="#main">
            {t("Skip to content")}
        </a>
        <div class="frame" data-frame=if stands_alone { "alone" } else { "full" }>
            {(!stands_alone)
                .then(|| {
                    view! {
                        <header class="top-bar">
                            <a class="top-mark" href="/">
                                <Mark />
                                <span>"Plummet"</span>
                            </a>
                            <AddBox />
                            <A href="/settings" attr:class="top-account" attr:title=t("Settings")>
                                <Icon name="user" />
                                <span class="visually-hidden">{t("Settings")}</span>
                            </A>
                        </header>
                        <nav class="rail" aria-label=t("Main")>
                            <a class="rail-mark" href="/">
                                <Mark />
                                <span>"Plummet"</span>
                            </a>
                            {nav_link("/", t("Watchlist"), "list")} {nav_link("/drops", t("Drops"), "trending-down")}
                            {nav_link("/search", t("Search"), "search")}
                            <div data-part="rail-unread">{part(notifications_link)}</div>
                            {nav_link("/settings", t("Settings"), "settings")} {part(admin_link)} <div class="rail-foot">{part(foot)}</div>
                        </nav>
                    }
                })} <main id="main" tabindex="-1">
                <p class="notice" id="kept" data-tone="warning" hidden=true data-words=t("You are offline. This page is from {time}.")></p>
                <div class="notice" id="update" data-tone="info" role="status" hidden=true>
                    <p class="notice-text">{t("A new version is ready.")}</p>
                    <button type="button" class="button" data-kind="plain">
                        {t("Reload")}
                    </button>
                </div>
                {part(flash)} {children()}
            </main>
            // What changed on an open page, for those who do not see it move.
            <p
                class="visually-hidden"
                id="live-words"
                role="status"
                data-one=t("A price changed.")
                data-many=t("{count} prices changed.")
            ></p>
            {(!stands_alone)
                .then(|| {
                    view! {
                        <nav class="tab-bar" aria-label=t("Main, short")>
                            {nav_link("/", t("Watchlist"), "list")} {nav_link("/drops", t("Drops"), "trending-down")}
                            {nav_link("/add", t("Add"), "plus")}
                            {nav_link("/search", t("Search"), "search")}
                            <div data-part="tab-unread">{part(notifications_link)}</div>
                        </nav>
                    }
                })}
        </div>
    }
}

/// The mark: a step line falling to a dot.
#[component]
pub fn Mark() -> impl IntoView {
    view! {
        <svg class="mark" viewBox="0 0 24 24" aria-hidden="true">
            <path d="M2 5h7v6h6v6h3" />
            <circle cx="20" cy="17" r="2.5" />
        </svg>
    }
}

/// One box on every page of a wide screen.
#[component]
fn AddBox() -> impl IntoView {
    view! {
        <form class="add-box" method="get" action="/add">
            <label class="visually-hidden" for="add-box">
                {t("Link of a product")}
            </label>
            <Icon name="link" />
            <input
                id="add-box"
                name="url"
                type="text"
                inputmode="url"
                placeholder=t("Paste a link, an item number or words")
                autocomplete="off"
                maxlength="2048"
                required=true
            />
            <button type="submit" class="button" data-kind="primary">
                <span class="button-label">{t("Track")}</span>
            </button>
        </form>
    }
}

fn nav_link(href: &'static str, label: &'static str, icon: &'static str) -> impl IntoView {
    view! {
        <A href=href exact={href == "/"} attr:class="nav-link">
            <Icon name=icon />
            <span>{label}</span>
        </A>
    }
}

fn admin_link(session: SessionView) -> AnyView {
    session.is_admin.then(|| nav_link("/admin", t("Admin"), "shield")).into_any()
}

fn notifications_link(session: SessionView) -> AnyView {
    let unread = session.unread;
    view! {
        <A href="/notifications" attr:class="nav-link">
            <Icon name="bell" />
            <span>{t("Notifications")}</span>
            {(unread > 0)
                .then(|| {
                    view! {
                        <span class="nav-count number" data-count=unread.to_string()>
                            {unread.min(999).to_string()} <span class="visually-hidden">" "{t("unread")}</span>
                        </span>
                    }
                })}
        </A>
    }
    .into_any()
}

fn foot(session: SessionView) -> AnyView {
    view! {
        <ThemeSwitch theme=session.theme />
        {session
            .email
            .map(|email| {
                view! {
                    <form class="rail-account" method="post" action=SignOut::url()>
                        <span class="rail-email">{email}</span>
                        <button type="submit" class="link-button">
                            {t("Sign out")}
                        </button>
                    </form>
                }
            })}
    }
    .into_any()
}

fn flash(session: SessionView) -> AnyView {
    session.flash.map(|text| view! { <Notice tone="good" text=text /> }).into_any()
}
