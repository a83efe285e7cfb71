//! One row of the watchlist: a card in a narrow container, a line of a table in a wide one.

use leptos::prelude::*;

use super::badge::StateBadge;
use super::change_badge::ChangeBadge;
use super::price_text::Price;
use super::product_image::ProductImage;
use super::sparkline::Sparkline;
use crate::api::text::ChangeText;
use crate::api::watchlist::RowView;
use crate::context::{fill, t};

/// A tracked product. Values keep their label as hidden text, so that the list reads well without its columns.
#[component]
pub fn TrackingRow(
    /// The row.
    row: RowView,
) -> impl IntoView {
    let href = format!("/products/{}", row.product_id);
    let part = format!("row-{}", row.product_id);
    let is_reached = row.is_reached;
    let target = row.target.map(|target| {
        view! {
            <span class="visually-hidden">{t("Target")}" "</span>
            <Price price=Some(target) />
        }
    });
    let distance = (!row.distance.is_empty())
        .then(|| view! { <span class="tracking-distance" data-state=is_reached.then_some("reached")>{row.distance}</span> });
    let seen = row.seen.map(|seen| {
        view! {
            <span class="visually-hidden">{t("Last good reading")}" "</span>
            <time datetime=seen.iso title=seen.text>
                {row.age}
            </time>
        }
    });
    let pick = fill("Choose {name}", &[("name", &row.name)]);
    view! {
        <li class="tracking-row" data-state=(!row.is_active).then_some("paused") data-part=part data-product=row.product_id>
            <article>
                <div class="tracking-pick">
                    <input type="checkbox" name="ids[]" value=row.tracking_id aria-label=pick />
                </div>
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
                    {row.change.map(|change| changed(change, row.change_words))} {row.added.map(added)}
                </div>
                <div class="tracking-spark">{row.spark.map(|spark| view! { <Sparkline spark=spark /> })}</div>
                <div class="tracking-target">{target} {distance}</div>
                <div class="tracking-state">{row.state.map(|state| view! { <StateBadge state=state /> })}</div>
                <div class="tracking-age">{seen}</div>
            </article>
        </li>
    }
}

fn changed(change: ChangeText, words: String) -> AnyView {
    view! {
        <span class="tracking-changed">
            <ChangeBadge change=change />
            <span class="tracking-when">" "{words}</span>
        </span>
    }
    .into_any()
}

fn added(change: ChangeText) -> AnyView {
    view! {
        <span class="tracking-added">
            <ChangeBadge change=change />
            <span class="tracking-when">" "{t("since added")}</span>
        </span>
    }
    .into_any()
}
