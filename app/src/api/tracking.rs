//! A person's wish about a product: track, change, pause, remove.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// Tracks a product and goes to its page. Tracking again updates the wish. A plain form may post this too.
#[server]
pub async fn track(
    /// Link of the product.
    product_url: String,
    /// Target as typed.
    target_price: String,
    /// Percentage as typed.
    percentage_drop: Option<String>,
    /// The product's currency, if known.
    currency: Option<String>,
    /// Present if e-mail is ticked.
    email: Option<String>,
    /// A ready-made target, in place of the typed one.
    chip: Option<String>,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let typed = [("product_url", product_url.as_str()), ("target_price", target_price.as_str())];
    let wished = chip.as_deref().unwrap_or(&target_price);
    let target = plain_amount(wished, viewer.user.locale, currency.as_deref()).map_err(|error| error.with_typed(&typed))?;
    let request = actions::TrackRequest {
        product: product_url.clone(),
        platform: None,
        target_price: target,
        percentage_drop: percentage_drop.as_deref().and_then(plain_percent),
        channels: Some(channels(email.as_deref())),
    };
    let tracked = actions::track(&plummet, &viewer, request).await;
    let tracked = tracked.map_err(|error| context::fail(error).with_typed(&typed))?;
    let word = if tracked.status == actions::TrackStatus::Updated { "updated" } else { "tracked" };
    context::set_flash(&plummet, word);
    leptos_axum::redirect(&format!("/products/{}", tracked.tracked.product.id));
    Ok(())
}

/// Changes when and where to tell. An empty field removes its rule; a wrong one changes nothing. `chip` is a ready-made target.
#[server]
pub async fn set_rules(
    /// Id of the tracking.
    tracking_id: String,
    /// Target as typed.
    target_price: String,
    /// Percentage as typed.
    percentage_drop: String,
    /// The product's currency, if known.
    currency: String,
    /// Present if e-mail is ticked.
    email: Option<String>,
    /// A ready-made target, in place of the typed one.
    chip: Option<String>,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let typed = [("target_price", target_price.as_str()), ("percentage_drop", percentage_drop.as_str())];
    let wished = chip.as_deref().unwrap_or(&target_price);
    let target = plain_amount(wished, viewer.user.locale, Some(&currency)).map_err(|error| error.with_typed(&typed))?;
    let edit = actions::TrackingEdit {
        target_price: Some(target),
        percentage_drop: Some(plain_percent(&percentage_drop)),
        channels: Some(channels(email.as_deref())),
        active: None,
    };
    let changed = actions::change_tracking(&plummet, &viewer, id(&tracking_id)?, edit).await;
    changed.map_err(|error| context::fail(error).with_typed(&typed))?;
    context::set_flash(&plummet, "rules");
    Ok(())
}

/// Sets the target to an amount in minor units, as it was chosen on the chart; the other rules stay. Gives it as it is typed.
#[server]
pub async fn set_target(
    /// Id of the tracking.
    tracking_id: String,
    /// The target.
    minor: i64,
    /// Its currency.
    currency: String,
) -> Result<String, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let known = domain::Currency::from_code(&currency);
    let currency = known.ok_or_else(|| context::fail(actions::ActionError::invalid("currency", "there is no such currency")))?;
    let amount = domain::Money::new(minor, currency).to_decimal();
    let edit = actions::TrackingEdit { target_price: Some(Some(amount.clone())), ..actions::TrackingEdit::default() };
    actions::change_tracking(&plummet, &viewer, id(&tracking_id)?, edit).await.map_err(context::fail)?;
    Ok(amount.replace('.', &viewer.user.locale.decimal_separator().to_string()))
}

/// Pauses (`active` empty or `false`) or resumes (`true`).
#[server]
pub async fn set_active(
    /// Id of the tracking.
    tracking_id: String,
    /// `true` or `false`.
    active: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let active = active == "true";
    let edit = actions::TrackingEdit { active: Some(active), ..actions::TrackingEdit::default() };
    actions::change_tracking(&plummet, &viewer, id(&tracking_id)?, edit).await.map_err(context::fail)?;
    context::set_flash(&plummet, if active { "resumed" } else { "paused" });
    Ok(())
}

/// Removes a tracking and goes to the watchlist, where it can be undone.
#[server]
pub async fn remove_tracking(
    /// Id of the tracking.
    tracking_id: String,
    /// Id of the product.
    product_id: String,
    /// The target, to undo.
    target: String,
    /// The percentage, to undo.
    percent: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::remove_tracking(&plummet, &viewer, id(&tracking_id)?).await.map_err(context::fail)?;
    let (product, target, percent) = (context::encode(&product_id), context::encode(&target), context::encode(&percent));
    leptos_axum::redirect(&format!("/?removed={product}&target={target}&percent={percent}"));
    Ok(())
}

/// What was just removed, for the way back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RemovedView {
    /// The product's name.
    pub name: String,
    /// The shop's page: tracking it again undoes the removal.
    pub url: String,
}

/// The product that was just removed; none if it is tracked (again), or nothing was removed.
#[server]
pub async fn find_removed(
    /// Id of the product.
    product_id: String,
) -> Result<Option<RemovedView>, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let Ok(product) = product_id.parse() else { return Ok(None) };
    let found = actions::find_product(&plummet, &viewer, product).await.ok();
    let removed = found.filter(|found| found.tracked.is_none());
    Ok(removed.map(|found| RemovedView { name: super::state::name(&found.product), url: found.product.url }))
}

#[cfg(feature = "ssr")]
fn id(text: &str) -> Result<domain::TrackingId, ApiError> {
    text.parse().map_err(|_| context::fail(actions::ActionError::NotFound("tracking")))
}

#[cfg(feature = "ssr")]
fn channels(email: Option<&str>) -> Vec<domain::Channel> {
    email.map(|_| domain::Channel::Email).into_iter().collect()
}

/// What a person typed as an amount, as plain decimal text; nothing typed is no target.
#[cfg(feature = "ssr")]
pub(crate) fn plain_amount(text: &str, locale: domain::Locale, currency: Option<&str>) -> Result<Option<String>, ApiError> {
    if text.trim().is_empty() {
        return Ok(None);
    }
    // Until the first price the currency is not known; most have two decimals, and only the separators matter here.
    let known = currency.and_then(domain::Currency::from_code);
    let assumed = known.or_else(|| domain::Currency::from_code("USD")).expect("USD is in ISO 4217");
    let amount = domain::amount::parse_amount(text, locale, assumed);
    let amount = amount.map_err(|error| context::fail(actions::ActionError::invalid("target_price", error)))?;
    Ok(Some(amount.to_decimal()))
}

/// What a person typed as a percentage, as plain decimal text.
#[cfg(feature = "ssr")]
fn plain_percent(text: &str) -> Option<String> {
    let number = text.trim().trim_end_matches('%').trim_end().replace(',', ".");
    (!number.is_empty()).then_some(number)
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_read_in_the_viewers_way_and_nonsense_is_no_empty_target() {
        let german = domain::Locale::best("de");
        assert_eq!(plain_amount("99,99", german, Some("EUR")), Ok(Some("99.99".into())));
        assert_eq!(plain_amount("1.299,00 €", german, Some("EUR")), Ok(Some("1299.00".into())));
        assert_eq!(plain_amount("  ", german, Some("EUR")), Ok(None));
        let error = plain_amount("abc", german, Some("EUR")).unwrap_err();
        assert!(error.about("target_price").unwrap().contains("99.99"));
    }

    #[test]
    fn a_percentage_may_have_its_sign_and_a_comma() {
        for (text, plain) in [("10", Some("10")), ("7,5 %", Some("7.5")), ("", None), (" ", None), ("abc", Some("abc"))] {
            assert_eq!(plain_percent(text).as_deref(), plain, "{text}");
        }
    }
}
