//! When to tell: the fields of the rules, on the product's page and when adding.

use leptos::prelude::*;

use super::field::Field;
use super::posted::Posted;
use crate::api::product::ChipView;
use crate::context::t;

/// The fields about which the form may say something.
pub const FIELDS: &[&str] = &["target_price", "percentage_drop"];

/// Target price with ready-made ones, and percentage.
#[component]
pub fn RuleFields(
    /// The target as typed before.
    target: String,
    /// The percentage as typed before.
    percent: String,
    /// The product's currency; empty if it is not known yet.
    currency: String,
    /// Ready-made targets: each sends the form with itself as the target.
    chips: Vec<ChipView>,
    /// What the form said last.
    posted: Posted,
) -> impl IntoView {
    let has_chips = !chips.is_empty();
    view! {
        <div class="rule-fields">
            <Field
                name="target_price"
                label=t("At or below")
                inputmode="decimal"
                autocomplete="off"
                suffix=currency.clone()
                value=posted.typed("target_price", target)
                error=posted.about("target_price")
            />
            {has_chips
                .then(|| {
                    view! {
                        <div class="chips" role="group" aria-label=t("Ready-made targets")>
                            {chips
                                .into_iter()
                                .map(|chip| {
                                    view! {
                                        <button type="submit" name="chip" value=chip.value class="chip number">
                                            {chip.label}
                                        </button>
                                    }
                                })
                                .collect_view()}
                        </div>
                    }
                })}
            <Field
                name="percentage_drop"
                label=t("Or after a fall of")
                inputmode="decimal"
                autocomplete="off"
                suffix="%"
                value=posted.typed("percentage_drop", percent)
                error=posted.about("percentage_drop")
            />
            <input type="hidden" name="currency" value=currency />
        </div>
    }
}
