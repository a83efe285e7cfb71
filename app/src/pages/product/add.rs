//! Add: paste, look, confirm, on one page.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;

use crate::api::add::{PreviewView, preview};
use crate::api::error::ApiError;
use crate::api::tracking::Track;
use crate::components::channel_picker::ChannelPicker;
use crate::components::evidence_panel::EvidencePanel;
use crate::components::feedback::Feedback;
use crate::components::field::Field;
use crate::components::icon::Icon;
use crate::components::page_state::PageError;
use crate::components::price_text::Price;
use crate::components::product_image::ProductImage;
use crate::components::rule_fields::RuleFields;
use crate::components::submit::Submit;

const FIELDS: &[&str] = &["target_price", "percentage_drop"];

/// Adds a product by its link.
#[component]
pub fn AddPage() -> impl IntoView {
    let query = use_query_map();
    // Share sheets put the link into any of the three.
    let link = Memo::new(move |_| {
        let query = query.read();
        let value = |name| query.get_str(name).map(str::trim).filter(|text: &&str| !text.is_empty()).map(str::to_owned);
        value("url").or_else(|| value("text")).or_else(|| value("title")).unwrap_or_default()
    });
    let found = Resource::new(
        move || link.get(),
        |link| async move { if link.is_empty() { Ok(None) } else { preview(link).await.map(Some) } },
    );
    let track = ServerAction::<Track>::new();
    view! {
        <Title text="Add" />
        <header class="page-head">
            <h1 tabindex="-1">"Add a product"</h1>
        </header>
        <Transition fallback=move || opening(&link.get_untracked())>
            {move || Suspend::new(async move {
                match found.await {
                    Ok(None) => view! { {link_form(String::new(), None)} {hints()} }.into_any(),
                    Ok(Some(view)) => view! { {link_form(view.url.clone(), None)} {confirm(view, track)} }.into_any(),
                    Err(error) => failed(link.get_untracked(), error),
                }
            })}
        </Transition>
    }
}

/// A page of a shop takes its time.
fn opening(link: &str) -> AnyView {
    let shop = link.split('/').nth(2).unwrap_or("the shop").to_owned();
    view! {
        <div class="opening" role="status" aria-busy="true">
            <span class="spinner" aria-hidden="true"></span>
            <p>{format!("Opening {shop} and reading the price…")}</p>
        </div>
    }
    .into_any()
}

fn link_form(link: String, error: Option<String>) -> AnyView {
    view! {
        <form class="link-form" method="get" action="/add">
            <Field name="url" label="Link of the product" kind="text" inputmode="url" autocomplete="off" value=link error=error required=true />
            <button type="submit" class="button" data-kind="plain">
                "Read page"
            </button>
        </form>
    }
    .into_any()
}

fn hints() -> AnyView {
    view! {
        <ul class="add-hints">
            <li>"Open the product in the shop, and copy the address from the browser."</li>
            <li>"Plummet reads the page as a visitor who is not signed in: the price without your coupons."</li>
            <li>"Installed on a phone, Plummet is in the share sheet: share the shop's page to it."</li>
        </ul>
    }
    .into_any()
}

/// A link that cannot be one stands at the field; anything else is a state of the page.
fn failed(link: String, error: ApiError) -> AnyView {
    match &error {
        ApiError::Invalid { message, .. } => link_form(link, Some(message.clone())),
        _ => view! { {link_form(link, None)} <PageError error=error /> }.into_any(),
    }
}

fn confirm(view: PreviewView, track: ServerAction<Track>) -> AnyView {
    let trouble = view.trouble.clone();
    let stock = (!view.availability.is_empty()).then(|| format!(" · {}", view.availability));
    let currency = view.price.as_ref().map(|price| price.currency.clone()).unwrap_or_default();
    let href = format!("/products/{}", view.product_id);
    let failed = Signal::derive(move || track.value().get().and_then(Result::err));
    let has_price = view.price.is_some();
    let evidence = view.evidence.clone();
    let has_evidence = !evidence.rows.is_empty();
    view! {
        {view
            .tracked
            .map(|tracked| {
                view! {
                    <div class="notice" data-tone="info" role="status">
                        <Icon name="info" />
                        <p class="notice-text">{tracked} " Tracking it again changes your rules."</p>
                        <a class="button" data-kind="plain" href=href>
                            "Open"
                        </a>
                    </div>
                }
            })}
        <div class="preview">
            <section class="preview-product" aria-labelledby="preview-name">
                <ProductImage name=view.name.clone() size="large" />
                <div>
                    <h2 id="preview-name">{view.name}</h2>
                    <p class="product-facts">{view.shop}{stock}</p>
                    {has_price
                        .then(|| {
                            view! {
                                <p class="product-price">
                                    <Price price=view.price />
                                    {view
                                        .list_price
                                        .map(|was| {
                                            view! {
                                                <span class="product-was">
                                                    "shop says before " <s class="number">{was.text}</s>
                                                </span>
                                            }
                                        })}
                                </p>
                            }
                        })}
                    {trouble
                        .map(|trouble| {
                            view! {
                                <div class="state-notice" data-tone=trouble.tone.as_str() role="status">
                                    <Icon name=trouble.icon />
                                    <p>
                                        <strong>{trouble.label}</strong>
                                        " "
                                        {trouble.sentence}
                                    </p>
                                </div>
                            }
                        })}
                    {has_evidence.then(|| view! { <EvidencePanel evidence=evidence /> })}
                </div>
            </section>
            <section class="card rule-card" aria-labelledby="rules-title">
                <h2 id="rules-title">"Tell me when the price is"</h2>
                <Feedback answer=track.value() done="" fields=FIELDS />
                <ActionForm action=track>
                    <input type="hidden" name="product_url" value=view.url />
                    <RuleFields target=String::new() percent=String::new() currency=currency chips=view.chips failed=failed />
                    <ChannelPicker tells_by_email=true email=view.email sends_mail=view.sends_mail />
                    <Submit label="Track product" busy=track.pending() />
                </ActionForm>
            </section>
        </div>
    }
    .into_any()
}
