//! A product: is this a good price, and when will I be told.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::{use_params_map, use_query_map};

use super::chart::chart;
use super::rules::{removal, rules};
use crate::api::history::history;
use crate::api::product::{CheckNow, FactView, ProductView, SpanView, find_product};
use crate::api::tracking::{RemoveTracking, SetActive, SetRules, Track};
use crate::components::badge::StateNotice;
use crate::components::change_badge::ChangeBadge;
use crate::components::evidence_panel::EvidencePanel;
use crate::components::feedback::Feedback;
use crate::components::icon::Icon;
use crate::components::live::Live;
use crate::components::loaded::loaded;
use crate::components::price_text::Price;
use crate::components::product_image::ProductImage;
use crate::components::submit::Submit;
use crate::components::time_text::Time;

/// What a person can do on the page.
#[derive(Clone, Copy)]
pub struct ProductActions {
    /// Change the rules.
    pub set_rules: ServerAction<SetRules>,
    /// Pause or resume.
    pub set_active: ServerAction<SetActive>,
    /// Check now.
    pub check_now: ServerAction<CheckNow>,
    /// Remove.
    pub remove: ServerAction<RemoveTracking>,
    /// Track a product that was found by search.
    pub track: ServerAction<Track>,
}

/// A product's page.
#[component]
pub fn ProductPage() -> impl IntoView {
    let (params, query) = (use_params_map(), use_query_map());
    let id = Memo::new(move |_| params.read().get_str("id").unwrap_or_default().to_owned());
    let range = Memo::new(move |_| query.read().get_str("range").unwrap_or_default().to_owned());
    let actions = ProductActions {
        set_rules: ServerAction::new(),
        set_active: ServerAction::new(),
        check_now: ServerAction::new(),
        remove: ServerAction::new(),
        track: ServerAction::new(),
    };
    let product = Resource::new(move || id.get(), find_product);
    let past = Resource::new(move || (id.get(), range.get()), |(id, range)| history(id, range));
    view! {
        <Feedback answer=actions.check_now.value() done="Checked." />
        <Feedback answer=actions.set_active.value() done="Saved." />
        <Feedback answer=actions.remove.value() done="" />
        <div class="product-page">
            {loaded(
                product,
                4,
                true,
                move |view| content(view, actions, chart(past)),
            )}
        </div>
    }
}

fn content(view: ProductView, actions: ProductActions, chart: AnyView) -> AnyView {
    let states = view.states.iter().cloned().map(|state| view! { <StateNotice state=state /> }).collect_view();
    let title = match &view.price {
        Some(price) => format!("{} {}", price.text, view.name),
        None => view.name.clone(),
    };
    let evidence = view.evidence.clone();
    view! {
        <Title text=title />
        {view
            .is_pending
            .then(|| {
                // While the first price is being read the page asks again by itself; without scripts the browser does.
                view! {
                    <Live seconds=2 />
                    <noscript inner_html="<meta http-equiv=\"refresh\" content=\"3\">"></noscript>
                }
            })}
        {head(&view, actions)}
        <div class="product-columns">
            <div class="product-main">
                <div class="product-states">{states}</div>
                {chart}
                {facts(view.facts.clone())}
                {evidence.map(|evidence| view! { <EvidencePanel evidence=evidence /> })}
            </div>
            <aside class="product-side" aria-label="Your rules">
                {view.span.clone().map(span)}
                {rules(&view, actions)}
                {removal(&view, actions)}
            </aside>
        </div>
    }
    .into_any()
}

fn head(view: &ProductView, actions: ProductActions) -> AnyView {
    let stock = (!view.availability.is_empty()).then(|| format!(" · {}", view.availability));
    let seen = view.seen.clone().map(|seen| view! { " · checked " <Time time=seen /> });
    let tried = view.tried.clone().map(|tried| view! { " · last try " <Time time=tried /> });
    let was = view.list_price.clone().map(|was| {
        view! {
            <span class="product-was">
                "shop says before " <s class="number">{was.text}</s>
            </span>
        }
    });
    let busy = actions.check_now.pending();
    let id = view.tracking.is_some().then(|| view.product_id.clone());
    view! {
        <header class="product-head">
            <ProductImage name=view.name.clone() size="large" />
            <div class="product-title">
                <h1 tabindex="-1">{view.name.clone()}</h1>
                <p class="product-facts">{view.shop.clone()}{stock}{seen}{tried}</p>
                <p class="product-price">
                    <Price price=view.price.clone() is_held=view.is_held />
                    {view.change.clone().map(|change| view! { <ChangeBadge change=change with_since=true /> })}
                    {was}
                </p>
            </div>
            <div class="product-actions">
                <a class="button" data-kind="plain" href=view.url.clone() rel="external noopener noreferrer" target="_blank">
                    "Open shop"
                    <Icon name="external" />
                </a>
                {id
                    .map(|id| {
                        view! {
                            <ActionForm action=actions.check_now>
                                <input type="hidden" name="id" value=id />
                                <Submit label="Check now" kind="plain" busy=busy />
                            </ActionForm>
                        }
                    })}
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
            <h2 id="facts-title">"Statistics"</h2>
            <dl>{facts.collect_view()}</dl>
        </section>
    }
    .into_any()
}

/// Where the price lies between the lowest and the highest.
fn span(span: SpanView) -> AnyView {
    view! {
        <section class="card span-card" aria-labelledby="span-title">
            <h2 id="span-title">{span.sentence}</h2>
            <svg class="span-bar" aria-hidden="true">
                <line class="span-line" x1="0" x2="100%" y1="50%" y2="50%" />
                <line
                    class="span-average"
                    x1=format!("{}%", span.average_at)
                    x2=format!("{}%", span.average_at)
                    y1="20%"
                    y2="80%"
                />
                <circle class="span-now" cx=format!("{}%", span.now_at) cy="50%" r="6" />
            </svg>
            <p class="span-ends number">
                <span>
                    <span class="span-label">"low "</span>
                    {span.low}
                </span>
                <span>
                    <span class="span-label">"high "</span>
                    {span.high}
                </span>
            </p>
        </section>
    }
    .into_any()
}
