//! A product whose price fell.

use leptos::prelude::*;

use super::change_badge::ChangeBadge;
use super::price_text::Price;
use super::product_image::ProductImage;
use crate::api::drops::FallView;
use crate::context::t;

/// Name, shop, price, fall; the whole card leads to the product.
#[component]
pub fn FallRow(
    /// The fall.
    fall: FallView,
) -> impl IntoView {
    view! {
        <li class="product-row" data-product=fall.product_id.clone()>
            <ProductImage name=fall.name.clone() />
            <div class="product-row-text">
                <h2>
                    <a href=format!("/products/{}", fall.product_id)>{fall.name}</a>
                </h2>
                <p class="product-row-facts">
                    {fall.shop} " · " <time datetime=fall.at.iso title=fall.at.text>{fall.at.short}</time>
                </p>
            </div>
            <p class="product-row-price">
                <span class="product-row-now">
                    <span class="visually-hidden">{t("before")}" "</span>
                    <s class="number product-row-before">{fall.old_price.text}</s>
                    " "
                    <Price price=fall.price />
                </span>
                {fall.change.map(|change| view! { <ChangeBadge change=change /> })}
            </p>
        </li>
    }
}
