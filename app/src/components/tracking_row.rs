//! One row of the watchlist: a card in a narrow container, a line of a table in a wide one.

use leptos::prelude::*;

use super::badge::StateBadge;
use super::change_badge::ChangeBadge;
use super::price_text::Price;
use super::product_image::ProductImage;
use super::sparkline::Sparkline;
use crate::api::watchlist::RowView;

/// A tracked product. Values keep their label as hidden text, so that the list reads well without its columns.
#[component]
pub fn TrackingRow(
    /// The row.
    row: RowView,
) -> impl IntoView {
    let href = format!("/products/{}", row.product_id);
    let is_reached = row.distance == "reached";
    let target = row.target.map(|target| {
        view! {
            <span class="visually-hidden">"Target "</span>
            <Price price=Some(target) />
        }
    });
    let distance = (!row.distance.is_empty())
        .then(|| view! { <span class="tracking-distance" data-state=is_reached.then_some("reached")>{row.distance}</span> });
    let seen = row.seen.map(|seen| {
        view! {
            <span class="visually-hidden">"Last good reading "</span>
            <time datetime=seen.iso title=seen.text>
                {row.age}
            </time>
        }
    });
    view! {
        <li class="tracking-row" data-state=(!row.is_active).then_some("paused")>
            <article>
                <div class="tracking-picture">
                    <ProductImage name=row.name.clone() />
                </div>
                <div class="tracking-name">
                    <h2>
                        <a href=href>{row.name}</a>
                    </h2>
                    <span class="tracking-shop">{row.shop}</span>
                </div>
                <div class="tracking-price">
                    <Price price=row.price is_held=row.is_held />
                </div>
                <div class="tracking-change">
                    {row.change.map(|change| view! { <ChangeBadge change=change /> })}
                </div>
                <div class="tracking-spark">{row.spark.map(|spark| view! { <Sparkline spark=spark /> })}</div>
                <div class="tracking-target">{target} {distance}</div>
                <div class="tracking-state">{row.state.map(|state| view! { <StateBadge state=state /> })}</div>
                <div class="tracking-age">{seen}</div>
            </article>
        </li>
    }
}
