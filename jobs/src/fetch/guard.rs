//! User URLs are hostile: no private, loopback, link-local or metadata address, at any hop, after DNS.
//!
//! Two clients share nothing but TLS settings. The guarded one resolves names to public addresses only, and is never given a URL
//! with a private literal address; the other is used for the hosts that the operator allows by name.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use domain::product::is_private_address;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use super::error::UnknownHost;
use crate::hosts::HostPatterns;

/// Why a URL is not opened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// A private address, literal or after DNS.
    #[error("{0} is inside a private network; Plummet opens public shop pages only")]
    Private(String),
    /// Neither http nor https.
    #[error("Plummet opens http and https pages only, not `{0}:`")]
    Scheme(String),
    /// `user:password@`.
    #[error("the link to {0} holds a user name or password; use one without them")]
    Credentials(String),
    /// No host.
    #[error("the link names no host; paste the link of a product page on the web")]
    NoHost,
}

/// Which of the two clients may open a URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Leave {
    /// The operator allowed this host by name: any address.
    AnyAddress,
    /// Public addresses only.
    PublicOnly,
}

/// Looks at a URL before it is opened, at every hop.
pub(super) fn check_url(url: &Url, allowed: &HostPatterns) -> Result<Leave, Refused> {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(Refused::Scheme(url.scheme().to_owned()));
    }
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or(Refused::NoHost)?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Refused::Credentials(host.to_owned()));
    }
    if allowed.matches(host, url.port_or_known_default()) {
        return Ok(Leave::AnyAddress);
    }
    let private = match url.host() {
        Some(Host::Ipv4(address)) => is_private_address(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_private_address(IpAddr::V6(address)),
        Some(Host::Domain(name)) => is_local_name(name),
        None => true,
    };
    if private { Err(Refused::Private(host.to_owned())) } else { Ok(Leave::PublicOnly) }
}

/// Names under `localhost` are this machine, whatever a name server says (RFC 6761 §6.3).
fn is_local_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || name.to_ascii_lowercase().ends_with(".localhost")
}

/// Resolves names by the system's resolver. The guarded one fails if any address is private: a name that has both kinds is a trick.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resolver(pub(super) Leave);

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let leave = self.0;
        Box::pin(async move {
            let host = name.as_str();
            let found: Vec<SocketAddr> = if is_local_name(host) {
                vec![SocketAddr::from((Ipv4Addr::LOCALHOST, 0))]
            } else {
                tokio::net::lookup_host((host, 0)).await.map_err(|_| UnknownHost)?.collect()
            };
            if found.is_empty() {
                return Err(UnknownHost.into());
            }
            let admitted = admit(host, found, leave)?;
            Ok(Box::new(admitted.into_iter()) as Addrs)
        })
    }
}

/// The addresses of a name, if they may all be opened.
fn admit(host: &str, found: Vec<SocketAddr>, leave: Leave) -> Result<Vec<SocketAddr>, Refused> {
    match leave {
        Leave::PublicOnly if found.iter().any(|address| is_private_address(address.ip())) => {
            Err(Refused::Private(host.to_owned()))
        }
        Leave::PublicOnly | Leave::AnyAddress => Ok(found),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_addresses_are_refused_in_every_spelling() {
        let allowed = HostPatterns::parse(&["127.0.0.1:8080", "*.localhost:8481"]).unwrap();
        for url in [
            "http://127.0.0.1/",
            "http://127.0.0.1:8081/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://0177.0.0.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://169.254.169.254/latest/meta-data",
            "http://localhost:8481/",
            "http://LOCALHOST./",
            "http://shop.localhost/",
            "http://192.168.1.1.:80/",
        ] {
            let url = Url::parse(url).unwrap();
            assert!(matches!(check_url(&url, &allowed), Err(Refused::Private(_))), "{url}");
        }
        for (url, leave) in [
            ("https://shop.example/p", Leave::PublicOnly),
            ("http://1.1.1.1/", Leave::PublicOnly),
            ("http://127.0.0.1:8080/", Leave::AnyAddress),
            ("http://amazon.localhost:8481/dp/x", Leave::AnyAddress),
        ] {
            assert_eq!(check_url(&Url::parse(url).unwrap(), &allowed), Ok(leave), "{url}");
        }
    }

    #[test]
    fn only_web_links_without_credentials_are_opened() {
        let none = HostPatterns::default();
        for (url, expect) in [
            ("file:///etc/passwd", Refused::Scheme("file".into())),
            ("gopher://shop.example/", Refused::Scheme("gopher".into())),
            ("https://user:pw@shop.example/", Refused::Credentials("shop.example".into())),
        ] {
            assert_eq!(check_url(&Url::parse(url).unwrap(), &none), Err(expect), "{url}");
        }
    }

    #[test]
    fn one_private_address_among_public_ones_refuses_the_name() {
        let parse = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect::<Vec<SocketAddr>>();
        let public = parse(&["93.184.216.34:0", "[2606:4700::1111]:0"]);
        assert_eq!(admit("shop.example", public.clone(), Leave::PublicOnly), Ok(public));
        let mixed = parse(&["93.184.216.34:0", "[::ffff:169.254.169.254]:0"]);
        assert_eq!(admit("shop.example", mixed, Leave::PublicOnly), Err(Refused::Private("shop.example".into())));
    }

    #[tokio::test]
    async fn a_name_that_leads_to_this_machine_is_refused_after_dns() {
        let error = Resolver(Leave::PublicOnly).resolve("shop.localhost".parse().unwrap()).await.err().unwrap();
        assert!(error.downcast_ref::<Refused>().is_some(), "{error}");
        let open = Resolver(Leave::AnyAddress).resolve("shop.localhost".parse().unwrap()).await;
        assert_eq!(open.unwrap().collect::<Vec<_>>(), ["127.0.0.1:0".parse().unwrap()]);
    }
}
