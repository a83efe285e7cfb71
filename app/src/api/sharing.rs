//! Sharing a product's history by a link: switched on and off by its owner, read by anybody.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::history::HistoryView;
use super::text::PriceText;

#[cfg(feature = "ssr")]
use super::{history::public_view, product::product_id, show, state};
#[cfg(feature = "ssr")]
use crate::context;

/// A shared product, as anybody sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SharedView {
    /// Its name.
    pub name: String,
    /// The shop.
    pub shop: String,
    /// The shop's page.
    pub url: String,
    /// Last good price.
    pub price: Option<PriceText>,
    /// Whether that price is not in force.
    pub is_held: bool,
    /// The stock state in words.
    pub availability: String,
    /// Its history.
    pub history: HistoryView,
}

/// How a product is shared by its owner.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareView {
    /// The link, if it is shared.
    pub link: Option<String>,
    /// What to put into another site's page.
    pub embed: Option<String>,
}

/// What a link shows to anybody.
#[server]
pub async fn find_shared(
    /// The link's token.
    token: String,
    /// The range's word.
    range: String,
) -> Result<SharedView, ApiError> {
    let plummet = context::plummet();
    let reader = context::show();
    let window = actions::HistoryWindow::parse(&range, &reader.zone_name).unwrap_or(actions::HistoryWindow::Days(90));
    let (product, part) = actions::find_shared(&plummet, &token, window).await.map_err(context::fail)?;
    Ok(SharedView {
        name: state::name(&product),
        shop: product.host.clone(),
        url: product.url.clone(),
        price: product.price.map(|price| reader.price(price)),
        is_held: state::is_held(&product, reader.now),
        availability: show::availability(product.availability).into(),
        history: public_view(&part, &range, &reader),
    })
}

/// How the viewer shares a product.
#[server]
pub async fn find_share(
    /// The product.
    id: String,
) -> Result<ShareView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let share = actions::find_share_of(&plummet, &viewer, product_id(&id)?).await.map_err(context::fail)?;
    let link = share.map(|share| format!("{}/p/{}", plummet.instance.public_url, share.token));
    let embed = link.as_ref().map(|link| {
        format!("<iframe src=\"{link}/embed\" width=\"100%\" height=\"360\" loading=\"lazy\" style=\"border:0\"></iframe>")
    });
    Ok(ShareView { link, embed })
}

/// Shares a product (`on`), or ends that.
#[server]
pub async fn set_share(
    /// The product.
    id: String,
    /// `true` or `false`.
    on: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let product = product_id(&id)?;
    if on == "true" {
        actions::share(&plummet, &viewer, product).await.map_err(context::fail)?;
        context::set_flash(&plummet, "shared");
    } else {
        actions::unshare(&plummet, &viewer, product).await.map_err(context::fail)?;
        context::set_flash(&plummet, "unshared");
    }
    Ok(())
}
