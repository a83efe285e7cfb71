//! Why nothing was fetched.

use std::error::Error as StdError;

use domain::{FailureKind, Timestamp};

use super::guard::Refused;

/// Why nothing was fetched: a kind of failure, and a sentence that names the thing and the remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct FetchError {
    /// What kind of failure.
    pub kind: FailureKind,
    /// For people.
    pub detail: String,
    /// The shop asks for no request before then.
    pub retry_at: Option<Timestamp>,
}

impl FetchError {
    pub(super) fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        FetchError { kind, detail: detail.into(), retry_at: None }
    }

    /// What is stored as the product's URL is none.
    pub(crate) fn no_link(text: &str) -> Self {
        let shown: String = text.chars().take(80).collect();
        FetchError::new(FailureKind::Refused, format!("`{shown}` is not a link; add the product again"))
    }

    pub(super) fn timeout(host: &str) -> Self {
        FetchError::new(FailureKind::Timeout, format!("{host} did not answer in time; Plummet tries again later"))
    }

    pub(super) fn too_large(host: &str, most: usize) -> Self {
        let size = if most >= 1 << 20 { format!("{} MB", most >> 20) } else { format!("{most} bytes") };
        FetchError::new(FailureKind::Unreadable, format!("the page of {host} is larger than {size}; use the product's own page"))
    }

    /// What a client's error means. Its own text may hold the URL with its query, so only its kind is used.
    pub(super) fn from_client(error: &reqwest::Error, host: &str) -> Self {
        if let Some(refused) = find::<Refused>(error) {
            return refused.clone().into();
        }
        if error.is_timeout() {
            return FetchError::timeout(host);
        }
        if find::<rustls::Error>(error).is_some() {
            return FetchError::new(
                FailureKind::Unreachable,
                format!("the certificate of {host} is not valid; open the link in a browser to see why"),
            );
        }
        if find::<UnknownHost>(error).is_some() {
            return FetchError::new(FailureKind::Unreachable, format!("there is no host {host}; check the link"));
        }
        let what = if error.is_connect() { "could not connect to" } else { "lost the connection to" };
        FetchError::new(FailureKind::Unreachable, format!("{what} {host}; Plummet tries again later"))
    }
}

impl From<Refused> for FetchError {
    fn from(refused: Refused) -> Self {
        FetchError::new(FailureKind::Refused, refused.to_string())
    }
}

/// The name could not be resolved.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("unknown host")]
pub(super) struct UnknownHost;

/// The first cause of a type. An I/O error hides what it wraps from `source`, so it is opened.
fn find<'a, T: StdError + 'static>(error: &'a (dyn StdError + 'static)) -> Option<&'a T> {
    let mut next = Some(error);
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<T>() {
            return Some(found);
        }
        next = match error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    None
}
