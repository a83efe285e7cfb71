//! A webhook: JSON, signed.
//!
//! `Plummet-Signature: t=<unix seconds>,v1=<hex>`, where `v1` is the HMAC-SHA256 of `<t>.<body>` under the webhook's secret. A
//! receiver compares it, and refuses what is older than a few minutes. A repeat has the same `Idempotency-Key`.

use domain::time::SECOND;
use hyper::header::HeaderName;
use ring::hmac;
use serde::Serialize;
use url::Url;

use super::Call;
use crate::links::Links;
use crate::notify::DeliveryError;
use crate::notify::letter::{Letter, Says};

/// What is posted.
#[derive(Serialize)]
struct Body<'a> {
    id: &'a str,
    /// `price_alert` or `test`.
    kind: &'static str,
    title: &'a str,
    text: &'a str,
    url: &'a str,
    created_at: domain::Timestamp,
    #[serde(skip_serializing_if = "Option::is_none")]
    alert: Option<Told<'a>>,
}

#[derive(Serialize)]
struct Told<'a> {
    product_id: domain::ProductId,
    tracking_id: domain::TrackingId,
    product_name: &'a str,
    shop: &'a str,
    product_url: &'a str,
    currency: &'static str,
    /// Decimal text: no price goes through a float.
    old_price: Option<String>,
    new_price: String,
    observed_at: domain::Timestamp,
    reason: &'a domain::decide::Reason,
}

pub(in crate::notify) fn call(url: &Url, secret: &str, letter: &Letter, links: &Links) -> Result<Call, DeliveryError> {
    let words = letter.words(links);
    let alert = letter.alert().map(|told| Told {
        product_id: told.product_id,
        tracking_id: told.tracking_id,
        product_name: &told.alerted.product_name,
        shop: &told.alerted.shop,
        product_url: &told.alerted.product_url,
        currency: told.alerted.new_price.currency.code(),
        old_price: told.alerted.old_price.map(|price| price.to_decimal()),
        new_price: told.alerted.new_price.to_decimal(),
        observed_at: told.alerted.observed_at,
        reason: &told.alerted.reason,
    });
    let kind = match letter.says {
        Says::Alert(_) | Says::Digest(_) => "price_alert",
        Says::Test | Says::Code { .. } => "test",
    };
    let body =
        Body { id: &letter.id, kind, title: &words.title, text: &words.text, url: &words.url, created_at: letter.at, alert };
    let call = Call::json(url.clone(), &body);
    let at = letter.now.as_micros() / SECOND;
    let signature = format!("t={at},v1={}", sign(secret, at, &call.body));
    call.with(HeaderName::from_static("plummet-signature"), &signature)?
        .with(HeaderName::from_static("idempotency-key"), &letter.id)
}

/// Hex of the HMAC-SHA256 of `<at>.<body>`.
pub(super) fn sign(secret: &str, at: i64, body: &[u8]) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
    let tag = hmac::sign(&key, &[at.to_string().as_bytes(), b".", body].concat());
    tag.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
