//! My rules: when and where to tell, pause, remove.

use leptos::prelude::*;

use super::show::ProductActions;
use crate::api::product::{ProductView, TrackingView};
use crate::components::channel_picker::ChannelPicker;
use crate::components::feedback::Feedback;
use crate::components::rule_fields::RuleFields;
use crate::components::submit::Submit;
use crate::components::time_text::Time;

const FIELDS: &[&str] = &["target_price", "percentage_drop"];

/// The editor of the viewer's rules, or the way to begin to track.
pub fn rules(view: &ProductView, actions: ProductActions) -> AnyView {
    match view.tracking.clone() {
        Some(tracking) => editor(tracking, actions),
        None => begin(view, actions),
    }
}

fn editor(tracking: TrackingView, actions: ProductActions) -> AnyView {
    let action = actions.set_rules;
    let failed = Signal::derive(move || action.value().get().and_then(Result::err));
    let meaning = tracking.meaning.into_iter().map(|line| view! { <p class="rule-meaning">{line}</p> }).collect_view();
    let has_rule = !tracking.target.is_empty() || !tracking.percent.is_empty();
    view! {
        <section class="card rule-card" aria-labelledby="rules-title">
            <h2 id="rules-title">"Tell me when the price is"</h2>
            <Feedback answer=action.value() done="Saved. Your rules are in force." fields=FIELDS />
            <ActionForm action=action>
                <input type="hidden" name="tracking_id" value=tracking.tracking_id />
                <RuleFields
                    target=tracking.target
                    percent=tracking.percent
                    currency=tracking.currency
                    chips=tracking.chips
                    failed=failed
                />
                {meaning}
                {(!has_rule)
                    .then(|| view! { <p class="rule-meaning">"Without a rule the price is only watched: nothing is told."</p> })}
                {tracking
                    .told
                    .map(|told| {
                        view! {
                            <p class="rule-meaning">
                                "You were last told " <Time time=told /> "."
                            </p>
                        }
                    })}
                <ChannelPicker tells_by_email=tracking.tells_by_email email=tracking.email sends_mail=tracking.sends_mail />
                <Submit label="Save rules" busy=action.pending() />
            </ActionForm>
        </section>
    }
    .into_any()
}

/// A product that others track, or that was found by search.
fn begin(view: &ProductView, actions: ProductActions) -> AnyView {
    let action = actions.track;
    let url = view.url.clone();
    view! {
        <section class="card rule-card" aria-labelledby="rules-title">
            <h2 id="rules-title">"You do not track this"</h2>
            <Feedback answer=action.value() done="" />
            <ActionForm action=action>
                <input type="hidden" name="product_url" value=url />
                <input type="hidden" name="target_price" value="" />
                <input type="hidden" name="email" value="on" />
                <Submit label="Track product" busy=action.pending() />
            </ActionForm>
        </section>
    }
    .into_any()
}

/// Pause and remove: quiet, at the end.
pub fn removal(view: &ProductView, actions: ProductActions) -> AnyView {
    let Some(tracking) = view.tracking.clone() else { return ().into_any() };
    let product_id = view.product_id.clone();
    let tracking_id = tracking.tracking_id.clone();
    let (label, next) = if tracking.is_active { ("Pause", "false") } else { ("Resume", "true") };
    view! {
        <div class="product-quiet">
            <ActionForm action=actions.set_active>
                <input type="hidden" name="tracking_id" value=tracking_id />
                <input type="hidden" name="active" value=next />
                <Submit label=label kind="quiet" busy=actions.set_active.pending() />
            </ActionForm>
            <ActionForm action=actions.remove>
                <input type="hidden" name="tracking_id" value=tracking.tracking_id />
                <input type="hidden" name="product_id" value=product_id />
                <input type="hidden" name="target" value=tracking.target />
                <input type="hidden" name="percent" value=tracking.percent />
                <Submit label="Remove" kind="quiet" busy=actions.remove.pending() />
            </ActionForm>
        </div>
    }
    .into_any()
}
