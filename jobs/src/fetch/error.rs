//! Why nothing was fetched.

use std::error::Error as StdError;

use domain::{FailureKind, Timestamp};

use super::connector::{ConnectError, ProxyFault};
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
    /// The shop saw nothing of it: the proxy is at fault.
    pub proxy_fault: Option<ProxyFault>,
}

impl FetchError {
    pub(super) fn new(kind: FailureKind, detail: impl Into<String>) -> Self {
        FetchError { kind, detail: detail.into(), retry_at: None, proxy_fault: None }
    }

    /// What is stored as the product's URL is none.
    pub(crate) fn no_link(text: &str) -> Self {
        let shown: String = text.chars().take(80).collect();
        FetchError::new(FailureKind::Refused, format!("`{shown}` is not a link; add the product again"))
    }

    /// Which proxy is for operators alone: everybody who tracks a product reads this.
    pub(crate) fn of_proxy(fault: ProxyFault, host: &str) -> Self {
        let detail = if fault.is_of_the_proxy() {
            format!("the proxy on the way to {host} does not work; an operator sees in the list of proxies which and why")
        } else {
            format!("a proxy could not connect to {host}; Plummet tries again later")
        };
        FetchError {
            proxy_fault: Some(fault).filter(|fault| fault.is_of_the_proxy()),
            ..FetchError::new(FailureKind::Unreachable, detail)
        }
    }

    pub(super) fn timeout(host: &str) -> Self {
        FetchError::new(FailureKind::Timeout, format!("{host} did not answer in time; Plummet tries again later"))
    }

    pub(super) fn too_large(host: &str, most: usize) -> Self {
        let size = if most >= 1 << 20 { format!("{} MB", most >> 20) } else { format!("{most} bytes") };
        FetchError::new(FailureKind::Unreadable, format!("the page of {host} is larger than {size}; use the product's own page"))
    }

    pub(super) fn broken_body(host: &str) -> Self {
        FetchError::new(FailureKind::Unreadable, format!("{host} sent a broken body; Plummet tries again later"))
    }

    pub(super) fn lost(host: &str) -> Self {
        FetchError::new(FailureKind::Unreachable, format!("lost the connection to {host}; Plummet tries again later"))
    }

    /// What a client's error means. Its own text is not used: nobody knows what it holds.
    pub(super) fn from_client(error: &hyper_util::client::legacy::Error, host: &str) -> Self {
        match find::<ConnectError>(error) {
            Some(error) => FetchError::from_connect(error, host),
            None => FetchError::lost(host),
        }
    }

    pub(super) fn from_connect(error: &ConnectError, host: &str) -> Self {
        match error {
            ConnectError::Refused(refused) => refused.clone().into(),
            ConnectError::Proxy(fault) => FetchError::of_proxy(*fault, host),
            ConnectError::TimedOut => FetchError::timeout(host),
            ConnectError::UnknownHost => {
                FetchError::new(FailureKind::Unreachable, format!("there is no host {host}; check the link"))
            }
            ConnectError::Tls(error) if find::<rustls::Error>(error).is_some() => FetchError::new(
                FailureKind::Unreachable,
                format!("the certificate of {host} is not valid; open the link in a browser to see why"),
            ),
            ConnectError::Tls(_) | ConnectError::Unreachable => {
                FetchError::new(FailureKind::Unreachable, format!("could not connect to {host}; Plummet tries again later"))
            }
        }
    }
}

impl From<Refused> for FetchError {
    fn from(refused: Refused) -> Self {
        FetchError::new(FailureKind::Refused, refused.to_string())
    }
}

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
