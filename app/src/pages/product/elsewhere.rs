//! The same thing in other shops.

use leptos::prelude::*;

use crate::api::product::ProductView;
use crate::components::product_row::ProductRow;
use crate::context::t;

/// Products of the same GTIN that are known here, cheapest first.
pub fn elsewhere(view: &ProductView) -> AnyView {
    if view.elsewhere.is_empty() {
        return ().into_any();
    }
    let rows = view.elsewhere.iter().cloned().map(|product| view! { <ProductRow product=product /> }).collect_view();
    let compare = format!("/compare/{}", view.product_id);
    view! {
        <section class="elsewhere" aria-labelledby="elsewhere-title">
            <h2 id="elsewhere-title">{t("The same in other shops")}</h2>
            <ul class="product-list">{rows}</ul>
            <p class="elsewhere-compare">
                <a href=compare>{t("Compare their histories")}</a>
            </p>
        </section>
    }
    .into_any()
}
