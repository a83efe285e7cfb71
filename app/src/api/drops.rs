//! The biggest real falls of late.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;
use super::text::{ChangeText, PriceText, TimeText};

#[cfg(feature = "ssr")]
use super::state;
#[cfg(feature = "ssr")]
use crate::context;

/// How many falls the page shows.
#[cfg(feature = "ssr")]
const MOST: usize = 60;

/// A product whose price fell.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FallView {
    /// Its id.
    pub product_id: String,
    /// Its name.
    pub name: String,
    /// The shop.
    pub shop: String,
    /// The price of now.
    pub price: Option<PriceText>,
    /// The price before.
    pub old_price: PriceText,
    /// By how much.
    pub change: Option<ChangeText>,
    /// When the fall was seen.
    pub at: TimeText,
}

/// The biggest real falls of the last days: `1`, `7` or `30`.
#[server]
pub async fn list_drops(
    /// How many days back.
    days: u32,
) -> Result<Vec<FallView>, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let show = context::show();
    let since = show.now.plus_micros(-i64::from(days.clamp(1, 30)) * domain::time::DAY);
    let falls = actions::biggest_falls(&plummet, &viewer, since, MOST).await.map_err(context::fail)?;
    let view = |fall: &store::Fallen| FallView {
        product_id: fall.product.id.to_string(),
        name: state::name(&fall.product),
        shop: fall.product.host.clone(),
        price: fall.product.price.map(|price| show.price(price)),
        old_price: show.price(fall.old_price),
        change: show.change(Some(fall.old_price), fall.product.price, Some(fall.at)),
        at: show.time(fall.at),
    };
    Ok(falls.iter().map(view).collect())
}
