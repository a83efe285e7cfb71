//! A known product in the results of a search.

use leptos::prelude::*;

use super::change_badge::ChangeBadge;
use super::price_text::Price;
use super::product_image::ProductImage;
use super::time_text::Time;
use crate::api::search::FoundView;

/// Name, shop, price, age; the whole card leads to the product.
#[component]
pub fn ProductRow(
    /// The product.
    product: FoundView,
) -> impl IntoView {
    view! {
        <li class="product-row">
            <ProductImage name=product.name.clone() />
            <div class="product-row-text">
                <h2>
                    <a href=format!("/products/{}", product.product_id)>{product.name}</a>
                </h2>
                <p class="product-row-facts">
                    {product.shop}
                    {(!product.availability.is_empty()).then(|| format!(" · {}", product.availability))}
                    {product.seen.map(|seen| view! { " · " <Time time=seen /> })}
                </p>
            </div>
            <p class="product-row-price">
                <Price price=product.price is_held=product.is_held />
                {product.change.map(|change| view! { <ChangeBadge change=change /> })}
            </p>
        </li>
    }
}
