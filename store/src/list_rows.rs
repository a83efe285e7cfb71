//! From rows to what [`crate::ListStore`] gives.

use anyhow::Context;
use domain::user::Scope;
use domain::{EventId, Money, ProductId, Timestamp, UserId};

use crate::error::Result;
use crate::lists::{Change, Fallen, Share, StoredToken};
use crate::rows::{self, Columns};

/// A change, from `product_id, event_id, at`.
pub(crate) fn change(row: &impl Columns) -> Result<Change> {
    let at = Timestamp::from_micros(row.int("at")?);
    Ok(Change { product_id: ProductId(row.id("product_id")?), event_id: EventId(row.id("event_id")?), at })
}

/// A fall, from `fall_at, fall_minor, fall_currency` and a product's columns.
pub(crate) fn fallen(row: &impl Columns) -> Result<Fallen> {
    let currency = row.text("fall_currency")?.parse().context("the currency of a fall")?;
    let old_price = Money::new(row.int("fall_minor")?, currency);
    Ok(Fallen { product: rows::product(row)?, old_price, at: Timestamp::from_micros(row.int("fall_at")?) })
}

/// A share.
pub(crate) fn share(row: &impl Columns) -> Result<Share> {
    Ok(Share {
        product_id: ProductId(row.id("product_id")?),
        user_id: UserId(row.id("user_id")?),
        token: row.text("token")?.to_owned(),
        created_at: Timestamp::from_micros(row.int("created_at")?),
    })
}

/// An API token.
pub(crate) fn token(row: &impl Columns) -> Result<StoredToken> {
    let hash = row.maybe_bytes("secret_hash")?.unwrap_or_default();
    let secret_hash = hash.try_into().ok().context("the hash of an API token is not 32 bytes")?;
    Ok(StoredToken {
        secret_hash,
        name: row.text("name")?.to_owned(),
        scope: rows::word(row, "scope", Scope::parse)?,
        created_at: Timestamp::from_micros(row.int("created_at")?),
        expires_at: row.maybe_int("expires_at")?.map(Timestamp::from_micros),
        last_used_at: row.maybe_int("last_used_at")?.map(Timestamp::from_micros),
    })
}

/// The words of a query in lower case; more than 16 narrow nothing down.
pub(crate) fn words(text: &str) -> Vec<String> {
    text.to_lowercase().split_whitespace().take(16).map(str::to_owned).collect()
}
