//! Parameters: ids as bytes, times as microseconds, whole batches as one JSON array (ids as hex, for `unhex`).

use std::time::Duration;

use domain::{Money, Timestamp};
use serde::Serialize;
use uuid::Uuid;

/// The 32 hex digits of an id.
pub(super) fn hex(id: Uuid) -> String {
    id.simple().to_string()
}

/// The 32 hex digits of each id, as a JSON array.
pub(super) fn hex_array(ids: impl IntoIterator<Item = Uuid>) -> String {
    json(&ids.into_iter().map(hex).collect::<Vec<_>>())
}

/// Rows as JSON.
pub(super) fn json<T: Serialize + ?Sized>(rows: &T) -> String {
    serde_json::to_string(rows).expect("rows of numbers and texts are JSON")
}

/// A moment as it is stored.
pub(super) fn micros(at: Option<Timestamp>) -> Option<i64> {
    at.map(Timestamp::as_micros)
}

/// An amount as it is stored: minor units.
pub(super) fn minor(money: Option<Money>) -> Option<i64> {
    money.map(|money| money.minor)
}

/// An amount as it is stored: its currency.
pub(super) fn currency(money: Option<Money>) -> Option<&'static str> {
    money.map(|money| money.currency.code())
}

/// When a lease taken now ends.
pub(super) fn lease_end(now: Timestamp, lease: Duration) -> i64 {
    now.plus_micros(i64::try_from(lease.as_micros()).unwrap_or(i64::MAX)).as_micros()
}
