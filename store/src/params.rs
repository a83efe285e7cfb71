//! Parameters of both engines: times as microseconds, amounts as minor units with a currency, lists as JSON.

use std::borrow::Cow;
use std::time::Duration;

use domain::time::{DAY, MINUTE};
use domain::{Availability, Money, Timestamp};
use serde::Serialize;
use uuid::Uuid;

/// A price is fresh until attempts have failed for this long.
pub(crate) const FRESH: i64 = 3 * DAY;

/// A token's last use is noted this exactly: a write for every request would be too many.
pub(crate) const USE_NOTED_EVERY: i64 = MINUTE;

/// The stock states in which nothing can be bought.
pub(crate) fn cannot_be_bought() -> Vec<&'static str> {
    let cannot = Availability::ALL.into_iter().filter(|availability| availability.is_buyable() == Some(false));
    cannot.map(Availability::as_str).collect()
}

/// The 32 hex digits of an id.
pub(crate) fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// The hex digits of each id, as a JSON array.
pub(crate) fn hex_array(ids: impl IntoIterator<Item = Uuid>) -> String {
    json(&ids.into_iter().map(hex).collect::<Vec<_>>())
}

/// Rows as JSON.
pub(crate) fn json<T: Serialize + ?Sized>(rows: &T) -> String {
    serde_json::to_string(rows).expect("rows of numbers and texts are JSON")
}

/// A text from a page. PostgreSQL has no place for U+0000, and one page must not stop a batch.
pub(crate) fn text(text: &str) -> Cow<'_, str> {
    if text.contains('\0') { Cow::Owned(text.replace('\0', "")) } else { Cow::Borrowed(text) }
}

/// The same, where there may be none.
pub(crate) fn maybe_text(text_or_none: Option<&str>) -> Option<Cow<'_, str>> {
    text_or_none.map(text)
}

/// A moment as it is stored.
pub(crate) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}

/// An amount as it is stored: minor units.
pub(crate) fn minor(money: Option<Money>) -> Option<i64> {
    money.map(|money| money.minor)
}

/// An amount as it is stored: its currency.
pub(crate) fn currency(money: Option<Money>) -> Option<&'static str> {
    money.map(|money| money.currency.code())
}

/// When a lease taken now ends.
pub(crate) fn lease_end(now: Timestamp, lease: Duration) -> i64 {
    now.plus_micros(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX)).as_micros()
}
