//! Add: paste, look, confirm, on one page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use server_fn::ServerFn;

use crate::api::add::{PreviewView, preview, suggest};
use crate::api::error::ApiError;
use crate::api::text::StateText;
use crate::api::tracking::Track;
use crate::components::badge::StateNotice;
use crate::components::channel_picker::ChannelPicker;
use crate::components::evidence_panel::EvidencePanel;
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::page_state::PageError;
use crate::components::posted::Posted;
use crate::components::price_text::Price;
use crate::components::product_image::ProductImage;
use crate::components::rule_fields::{FIELDS, RuleFields};
use crate::components::submit::Submit;
use crate::context::t;

/// Adds a product by its link.
#[component]
pub fn AddPage() -> impl IntoView {
    let query = use_query_map().get_untracked();
    // Share sheets put the link into any of the three.
    let value = |name| query.get_str(name).map(str::trim).filter(|text: &&str| !text.is_empty()).map(str::to_owned);
    let link = value("url").or_else(|| value("text")).or_else(|| value("title")).unwrap_or_default();
    let content = if link.is_empty() {
        view! {
            {link_form(String::new(), None)}
            {hints()}
        }
        .into_any()
    } else {
        let typed = link.clone();
        // What went wrong with the link stands at its field, so it is content, not an error of the page.
        let load = move || {
            let link = link.clone();
            async move { Ok(preview(link).await) }
        };
        loaded(load, false, move |found: Result<PreviewView, ApiError>| match found {
            Ok(view) => confirm(view),
            Err(error) => failed(typed.clone(), error),
        })
    };
    view! {
        <Title text=t("Add") />
        <header class="page-head">
            <h1>{t("Add a product")}</h1>
        </header>
        {content}
    }
}

fn link_form(link: String, error: Option<String>) -> AnyView {
    view! {
        <form class="link-form" method="get" action="/add" data-shows="opening">
            <Field
                name="url"
                label=t("Link of the product")
                inputmode="url"
                autocomplete="off"
                value=link
                error=error
                required=true
            />
            <Submit label=t("Read page") kind="plain" />
        </form>
        // A shop may take its time: this appears when the form is sent.
        <div class="opening" id="opening" role="status" hidden=true>
            <span class="spinner" aria-hidden="true"></span>
            <p>{t("Opening the shop and reading the price. This takes a few seconds if the shop is slow.")}</p>
        </div>
    }
    .into_any()
}

fn hints() -> AnyView {
    view! {
        <ul class="add-hints">
            <li>{t("Open the product in the shop, and copy the address from the browser.")}</li>
            <li>{t("Plummet reads the page as a visitor who is not signed in: the price without your coupons.")}</li>
            <li>
                {t("Many at once? Bring in a list of links:")} " " <a href="/settings/data">{t("Data")}</a>
            </li>
            <li>{t("Installed on a phone, Plummet is in the share sheet: share the shop's page to it.")}</li>
        </ul>
    }
    .into_any()
}

/// A link that cannot be one stands at the field; anything else is a state of the page.
fn failed(link: String, error: ApiError) -> AnyView {
    match &error {
        ApiError::Invalid { message, .. } => view! {
            {link_form(link.clone(), Some(message.clone()))}
            {loaded(move || suggest(link.clone()), false, meant)}
        }
        .into_any(),
        _ => view! {
            {link_form(link, None)}
            <PageError error=error />
        }
        .into_any(),
    }
}

/// What may be meant by a text that is no link.
fn meant(all: Vec<(String, String)>) -> AnyView {
    let links = all.into_iter().map(|(label, link)| {
        view! {
            <a class="filter" href=link>
                {label}
            </a>
        }
    });
    view! {
        <nav class="filters" aria-label=t("Perhaps you mean")>
            {links.collect_view()}
        </nav>
    }
    .into_any()
}

fn confirm(view: PreviewView) -> AnyView {
    let open = format!("/products/{}", view.product_id);
    let known = view.tracked.clone().map(|tracked| {
        view! {
            <div class="notice" data-tone="info" role="status">
                <Icon name="info" />
                <p class="notice-text">{tracked} " " {t("Tracking it again changes your rules.")}</p>
                <a class="button" data-kind="plain" href=open>
                    {t("Open")}
                </a>
            </div>
        }
    });
    view! {
        {link_form(view.url.clone(), None)}
        {known}
        <div class="preview">{product(&view)} {view.can_track.then(|| wish(view))}</div>
    }
    .into_any()
}

fn product(view: &PreviewView) -> AnyView {
    let stock = (!view.availability.is_empty()).then(|| format!(" · {}", view.availability));
    let was = view.list_price.clone().map(|was| {
        view! {
            <span class="product-was">
                {t("shop says before")} " " <s class="number">{was.text}</s>
            </span>
        }
    });
    let price = view.price.clone().map(|price| {
        view! {
            <p class="product-price">
                <Price price=Some(price) />
                {was}
            </p>
        }
    });
    let trouble = view.trouble.clone().map(|state: StateText| view! { <StateNotice state=state /> });
    let evidence = Some(view.evidence.clone()).filter(|evidence| !evidence.rows.is_empty());
    view! {
        <section class="preview-product" aria-labelledby="preview-name">
            <ProductImage name=view.name.clone() size="large" />
            <div>
                <h2 id="preview-name">{view.name.clone()}</h2>
                <p class="product-facts">{view.shop.clone()}{stock}</p>
                {price}
                {trouble}
                {evidence.map(|evidence| view! { <EvidencePanel evidence=evidence /> })}
            </div>
        </section>
    }
    .into_any()
}

fn wish(view: PreviewView) -> AnyView {
    let posted = Posted::to(Track::url());
    let currency = view.price.as_ref().map(|price| price.currency.clone()).unwrap_or_default();
    view! {
        <section class="card rule-card" aria-labelledby="rules-title">
            <h2 id="rules-title">{t("Tell me when the price is")}</h2>
            {posted.notice(FIELDS)}
            <form method="post" action=Track::url()>
                <input type="hidden" name="product_url" value=view.url />
                <RuleFields target=view.target percent=String::new() currency=currency chips=view.chips posted=posted />
                <ChannelPicker tells_by_email=true email=view.email sends_mail=view.sends_mail />
                <Submit label=t("Track product") />
            </form>
        </section>
    }
    .into_any()
}
