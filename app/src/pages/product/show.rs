//! A product: is this a good price, and when will I be told.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};
use server_fn::ServerFn;

use super::elsewhere::elsewhere;
use super::rules::{removal, rules};
use super::share::share_card;
use crate::api::history::{HistoryView, history};
use crate::api::product::{CheckNow, FactView, ProductView, SpanView, find_product};
use crate::api::sharing::{ShareView, find_share};
use crate::components::badge::StateNotice;
use crate::components::change_badge::ChangeBadge;
use crate::components::evidence_panel::EvidencePanel;
use crate::components::icon::Icon;
use crate::components::loaded::loaded;
use crate::components::posted::Posted;
use crate::components::price_text::Price;
use crate::components::product_image::ProductImage;
use crate::components::submit::Submit;
use crate::components::time_text::Time;
use crate::context::t;
use crate::islands::PriceHistory;

/// A product's page.
#[component]
pub fn ProductPage() -> impl IntoView {
    let id = use_params_map().get_untracked().get_str("id").unwrap_or_default().to_owned();
    let query = use_query_map().get_untracked();
    let word = |name: &str| query.get_str(name).unwrap_or_default().to_owned();
    // Two days, or the word of a range.
    let (from, to) = (word("from"), word("to"));
    let range = if from.is_empty() || to.is_empty() { word("range") } else { format!("{from}..{to}") };
    let load = move || {
        let (id, range) = (id.clone(), range.clone());
        async move {
            let product = find_product(id.clone()).await?;
            let share = find_share(id.clone()).await?;
            Ok((product, history(id, range).await?, share))
        }
    };
    view! {
        {Posted::to(CheckNow::url()).notice(&[])}
        <div class="product-page">{loaded(load, true, |(view, past, share)| content(view, past, share))}</div>
    }
}

fn content(view: ProductView, past: HistoryView, share: ShareView) -> AnyView {
    let title = match &view.price {
        Some(price) => format!("{} {}", price.text, view.name),
        None => view.name.clone(),
    };
    let states = view.states.iter().cloned().map(|state| view! { <StateNotice state=state /> }).collect_view();
    // The chart is drawn anew when there is something new on it.
    let key = past.total.to_string();
    // While the first price is being read the page looks again often; without scripts the browser does.
    let seconds = if view.is_pending { "2" } else { "60" };
    let again = view.is_pending.then(|| {
        view! { <noscript inner_html="<meta http-equiv=\"refresh\" content=\"3\">"></noscript> }
    });
    view! {
        <Title text=title />
        {again}
        <div class="live" data-part="head" data-live=seconds data-product=view.product_id.clone()>
            {head(&view)} <div class="product-states">{states}</div>
        </div>
        <div class="product-columns">
            <section class="card chart-card" aria-labelledby="history-title" data-part="chart" data-key=key>
                <h2 id="history-title" class="visually-hidden">
                    {t("Price history")}
                </h2>
                {chart(&view, past)}
            </section>
            <aside class="product-side" aria-label=t("Your rules")>
                <div class="live" data-part="span">{view.span.clone().map(span)}</div>
                {rules(&view)}
                {view.tracking.is_some().then(|| share_card(view.product_id.clone(), share))} {removal(&view)}
            </aside>
            <div class="product-rest">
                <div class="live" data-part="facts">{facts(view.facts.clone())}</div>
                {elsewhere(&view)}
                {view.evidence.clone().map(|evidence| view! { <EvidencePanel evidence=evidence /> })}
            </div>
        </div>
    }
    .into_any()
}

/// The chart, as soon as there is a price.
fn chart(view: &ProductView, past: HistoryView) -> AnyView {
    if past.plot.is_none() {
        let text = t("The history starts with the first price. You may leave this page.");
        return view! { <p class="history-none">{text}</p> }.into_any();
    }
    view! { <PriceHistory product_id=view.product_id.clone() view=past /> }.into_any()
}

fn head(view: &ProductView) -> AnyView {
    let stock = (!view.availability.is_empty()).then(|| format!(" · {}", view.availability));
    let seen = view.seen.clone().map(|seen| view! { " · " {t("checked")} " " <Time time=seen /> });
    let tried = view.tried.clone().map(|tried| view! { " · " {t("last try")} " " <Time time=tried /> });
    let was = view.list_price.clone().map(|was| {
        view! {
            <span class="product-was">
                {t("shop says before")} " " <s class="number">{was.text}</s>
            </span>
        }
    });
    let check = view.tracking.is_some().then(|| {
        view! {
            <form method="post" action=CheckNow::url()>
                <input type="hidden" name="id" value=view.product_id.clone() />
                <Submit label=t("Check now") kind="plain" />
            </form>
        }
    });
    view! {
        <header class="product-head">
            <ProductImage name=view.name.clone() size="large" />
            <div class="product-title">
                <h1>{view.name.clone()}</h1>
                <p class="product-facts">{view.shop.clone()}{stock}{seen}{tried}</p>
            </div>
            <p class="product-price">
                <Price price=view.price.clone() is_held=view.is_held />
                {view.change.clone().map(|change| view! { <ChangeBadge change=change with_since=true /> })}
                {was}
            </p>
            <div class="product-actions">
                <a class="button" data-kind="plain" href=view.url.clone() rel="noopener noreferrer" target="_blank">
                    {t("Open shop")}
                    <Icon name="external" />
                </a>
                {check}
            </div>
        </header>
    }
    .into_any()
}

fn facts(facts: Vec<FactView>) -> AnyView {
    if facts.is_empty() {
        return ().into_any();
    }
    let facts = facts.into_iter().map(|fact| {
        view! {
            <div class="fact">
                <dt>{fact.label}</dt>
                <dd class="number">{fact.value}</dd>
                <dd class="fact-when">{fact.when}</dd>
            </div>
        }
    });
    view! {
        <section class="facts" aria-labelledby="facts-title">
            <h2 id="facts-title">{t("Statistics")}</h2>
            <dl>{facts.collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// Where the price lies between the lowest and the highest.
fn span(span: SpanView) -> AnyView {
    let average = format!("{}%", span.average_at);
    view! {
        <section class="card span-card" aria-labelledby="span-title">
            <h2 id="span-title">{span.sentence}</h2>
            <svg class="span-bar" aria-hidden="true">
                <line class="span-line" x1="0" x2="100%" y1="50%" y2="50%" />
                <line class="span-average" x1=average.clone() x2=average y1="20%" y2="80%" />
                <circle class="span-now" cx=format!("{}%", span.now_at) cy="50%" r="6" />
            </svg>
            <p class="span-ends number">
                <span>
                    <span class="span-label">{t("low")}" "</span>
                    {span.low}
                </span>
                <span>
                    <span class="span-label">{t("high")}" "</span>
                    {span.high}
                </span>
            </p>
        </section>
    }
    .into_any()
}
