//! My rules: when and where to tell, pause, remove.

use leptos::prelude::*;
use server_fn::ServerFn;

use crate::api::product::{ProductView, TrackingView};
use crate::api::tracking::{RemoveTracking, SetActive, SetRules, Track};
use crate::components::channel_picker::ChannelPicker;
use crate::components::posted::Posted;
use crate::components::rule_fields::{FIELDS, RuleFields};
use crate::components::submit::Submit;
use crate::components::time_text::Time;
use crate::context::t;

/// The editor of the viewer's rules, or the way to begin to track.
pub fn rules(view: &ProductView) -> AnyView {
    match view.tracking.clone() {
        Some(tracking) => editor(tracking),
        None => begin(view),
    }
}

fn editor(tracking: TrackingView) -> AnyView {
    let posted = Posted::to(SetRules::url());
    let meaning = tracking.meaning.into_iter().map(|line| view! { <p class="rule-meaning">{line}</p> }).collect_view();
    let has_rule = !tracking.target.is_empty() || !tracking.percent.is_empty();
    let told = tracking.told.map(|told| {
        view! {
            <p class="rule-meaning">
                {t("You were last told:")} " " <Time time=told />
            </p>
        }
    });
    view! {
        <section class="card rule-card" aria-labelledby="rules-title">
            <h2 id="rules-title">{t("Tell me when the price is")}</h2>
            {posted.notice(FIELDS)}
            <form method="post" action=SetRules::url()>
                <input type="hidden" name="tracking_id" value=tracking.tracking_id />
                <RuleFields
                    target=tracking.target
                    percent=tracking.percent
                    currency=tracking.currency
                    chips=tracking.chips
                    posted=posted
                />
                {meaning}
                {(!has_rule)
                    .then(|| {
                        view! { <p class="rule-meaning">{t("Without a rule the price is only watched: nothing is told.")}</p> }
                    })}
                {told}
                <ChannelPicker tells_by_email=tracking.tells_by_email email=tracking.email sends_mail=tracking.sends_mail />
                <Submit label=t("Save rules") />
            </form>
        </section>
    }
    .into_any()
}

/// A product that others track, or that was found by search.
fn begin(view: &ProductView) -> AnyView {
    view! {
        <section class="card rule-card" aria-labelledby="rules-title">
            <h2 id="rules-title">{t("You do not track this")}</h2>
            {Posted::to(Track::url()).notice(&[])}
            <form method="get" action="/add">
                <input type="hidden" name="url" value=view.url.clone() />
                <Submit label=t("Track product") />
            </form>
        </section>
    }
    .into_any()
}

/// Pause and remove: quiet, at the end.
pub fn removal(view: &ProductView) -> AnyView {
    let Some(tracking) = view.tracking.clone() else { return ().into_any() };
    let (label, next) = if tracking.is_active { (t("Pause"), "false") } else { (t("Resume"), "true") };
    view! {
        {Posted::to(SetActive::url()).notice(&[])}
        {Posted::to(RemoveTracking::url()).notice(&[])}
        <div class="product-quiet">
            <form method="post" action=SetActive::url()>
                <input type="hidden" name="tracking_id" value=tracking.tracking_id.clone() />
                <input type="hidden" name="active" value=next />
                <Submit label=label kind="quiet" />
            </form>
            <form method="post" action=RemoveTracking::url()>
                <input type="hidden" name="tracking_id" value=tracking.tracking_id />
                <input type="hidden" name="product_id" value=view.product_id.clone() />
                <input type="hidden" name="target" value=tracking.target />
                <input type="hidden" name="percent" value=tracking.percent />
                <Submit label=t("Remove") kind="quiet" />
            </form>
        </div>
    }
    .into_any()
}
