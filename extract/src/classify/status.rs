//! What the HTTP status alone says.

use domain::FailureKind;

/// A failure by status; `None` where the body decides.
pub(crate) fn failure(status: u16) -> Option<(FailureKind, String)> {
    let said = |kind, remedy: &str| Some((kind, format!("the shop answered {status}{remedy}")));
    match status {
        200..=203 | 206 => None,
        204 | 205 => said(FailureKind::Empty, " without a page"),
        404 | 410 => said(FailureKind::Gone, ": it has no such page; check the link"),
        429 => said(FailureKind::RateLimited, ": it asks for fewer requests; it is left alone for a while"),
        // "Too early" and "timed out" pass by themselves: they are not the listing's fault.
        408 | 425 | 500..=599 => said(FailureKind::Unreachable, ": it has a problem of its own; it is tried again later"),
        400..=499 => said(FailureKind::Blocked, ": it refuses this client; try another proxy"),
        _ => said(FailureKind::Unreachable, ", which is no page; it is tried again later"),
    }
}
