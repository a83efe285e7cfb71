//! User URLs are hostile: no private, loopback, link-local or metadata address, at any hop, after DNS.
//!
//! URLs are looked at before they are opened, at every hop; the connector asks again for what it is about to connect to, after it
//! has resolved the name. Hosts that the operator allows by name may have any address.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use domain::product::is_private_address;
use url::Url;

use super::connector::ConnectError;
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

/// What a host may lead to.
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
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    check_host(host, url.port_or_known_default().ok_or(Refused::NoHost)?, allowed)
}

/// The same for a host (IPv6 addresses without brackets) and port.
pub(super) fn check_host(host: &str, port: u16, allowed: &HostPatterns) -> Result<Leave, Refused> {
    let is_allowed =
        if host.contains(':') { allowed.matches(&format!("[{host}]"), Some(port)) } else { allowed.matches(host, Some(port)) };
    if is_allowed {
        return Ok(Leave::AnyAddress);
    }
    let is_private = host.parse().map_or_else(|_| is_local_name(host), is_private_address);
    if is_private { Err(Refused::Private(host.to_owned())) } else { Ok(Leave::PublicOnly) }
}

/// Names under `localhost` are this machine, whatever a name server says (RFC 6761 §6.3).
fn is_local_name(name: &str) -> bool {
    let name = name.strip_suffix('.').unwrap_or(name);
    ends_with_label(name, "localhost")
}

/// Names that mean something else, or anything, in another network: those without a dot, and those that no public name server has
/// (RFC 6762, RFC 8375, ICANN's `internal`, and what routers and companies use).
fn is_inside_name(name: &str) -> bool {
    const ENDINGS: &[&str] =
        &["local", "internal", "intranet", "private", "corp", "home", "lan", "localdomain", "home.arpa", "onion"];
    let name = name.strip_suffix('.').unwrap_or(name);
    !name.contains('.') || ENDINGS.iter().any(|ending| ends_with_label(name, ending))
}

fn ends_with_label(name: &str, ending: &str) -> bool {
    name.len() >= ending.len() && name.is_char_boundary(name.len() - ending.len()) && {
        let (before, end) = name.split_at(name.len() - ending.len());
        end.eq_ignore_ascii_case(ending) && (before.is_empty() || before.ends_with('.'))
    }
}

/// The addresses of a host (a name, or an address without brackets) by the system's resolver. Refused if any is private: a name that
/// has both kinds is a trick.
pub(super) async fn resolve(host: &str, port: u16, leave: Leave) -> Result<Vec<SocketAddr>, ConnectError> {
    let found: Vec<SocketAddr> = match host.parse::<IpAddr>() {
        Ok(address) => vec![SocketAddr::new(address, port)],
        Err(_) if is_local_name(host) => vec![SocketAddr::from((Ipv4Addr::LOCALHOST, port))],
        Err(_) => tokio::net::lookup_host((host, port)).await.map_err(|_| ConnectError::UnknownHost)?.collect(),
    };
    if found.is_empty() {
        return Err(ConnectError::UnknownHost);
    }
    Ok(admit(host, found, leave)?)
}

/// The same for a host that a proxy will connect to. What the proxy's resolver answers is not known, so a host fails where ours says
/// that it is private, or does not know it: a name that only the proxy's network knows is one inside that network.
pub(super) async fn resolve_for_proxy(host: &str, port: u16, leave: Leave) -> Result<Vec<SocketAddr>, ConnectError> {
    if leave == Leave::PublicOnly && host.parse::<IpAddr>().is_err() && is_inside_name(host) {
        return Err(Refused::Private(host.to_owned()).into());
    }
    resolve(host, port, leave).await
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
        let error = resolve("shop.localhost", 80, Leave::PublicOnly).await.unwrap_err();
        assert!(matches!(error, ConnectError::Refused(Refused::Private(_))), "{error}");
        let open = resolve("shop.localhost", 80, Leave::AnyAddress).await.unwrap();
        assert_eq!(open, ["127.0.0.1:80".parse().unwrap()]);
    }

    #[tokio::test]
    async fn names_of_inner_networks_are_not_given_to_a_proxy() {
        for name in ["intranet", "router.lan", "db.corp", "metadata.google.internal", "printer.LOCAL.", "nas.home.arpa"] {
            let error = resolve_for_proxy(name, 80, Leave::PublicOnly).await.unwrap_err();
            assert!(matches!(error, ConnectError::Refused(Refused::Private(_))), "{name}: {error}");
        }
        for address in ["10.0.0.1", "::1", "169.254.169.254"] {
            let error = resolve_for_proxy(address, 80, Leave::PublicOnly).await.unwrap_err();
            assert!(matches!(error, ConnectError::Refused(Refused::Private(_))), "{address}: {error}");
        }
        assert!(!is_inside_name("shop.example") && !is_inside_name("notlocal.example") && !is_inside_name("mylan.de"));
    }
}
