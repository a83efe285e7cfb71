//! A price.

use leptos::prelude::*;

use crate::api::text::PriceText;
use crate::context::t;

/// An amount, or the words for none.
#[component]
pub fn Price(
    /// The amount.
    price: Option<PriceText>,
    /// Whether it is not in force: shown quietly.
    #[prop(optional)]
    is_held: bool,
) -> impl IntoView {
    match price {
        Some(price) => view! {
            <data class="price" value=price.minor.to_string() data-state=is_held.then_some("held")>
                {price.text}
            </data>
        }
        .into_any(),
        None => view! { <span class="price" data-state="none">{t("No price yet")}</span> }.into_any(),
    }
}
