//! The `Retry-After` header (RFC 9110 §10.2.3): seconds, or a date.

use domain::Timestamp;
use domain::time::SECOND;
use hyper::header::{HeaderMap, RETRY_AFTER};
use jiff::fmt::rfc2822::DateTimeParser;

static DATES: DateTimeParser = DateTimeParser::new();

/// When the shop wants to be asked again, if it says so.
pub(super) fn read_retry_after(headers: &HeaderMap, now: Timestamp) -> Option<Timestamp> {
    let text = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(now.plus_micros(i64::from(seconds) * SECOND));
    }
    let at = DATES.parse_timestamp(text).ok()?;
    Some(Timestamp::from_micros(at.as_microsecond())).filter(|at| *at > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_read() {
        let now: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        for (text, expect) in [
            ("120", Some("2026-01-01T00:02:00Z")),
            ("Thu, 01 Jan 2026 01:00:00 GMT", Some("2026-01-01T01:00:00Z")),
            ("Wed, 31 Dec 2025 01:00:00 GMT", None),
            ("soon", None),
            ("-5", None),
        ] {
            let headers = HeaderMap::from_iter([(RETRY_AFTER, text.parse().unwrap())]);
            assert_eq!(read_retry_after(&headers, now), expect.map(|at| at.parse().unwrap()), "{text}");
        }
    }
}
