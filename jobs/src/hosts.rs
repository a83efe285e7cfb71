//! Host patterns of settings: `shop.lan`, `shop.lan:8080`, `*.localhost:8481`.

/// One entry of such a list.
#[derive(Clone, Debug, PartialEq, Eq)]
struct HostPattern {
    /// Lower-cased host; what follows the `*.` of a suffix.
    host: String,
    /// Whether any name under `host` is meant instead of `host` itself.
    suffix: bool,
    /// Only this port; any if `None`.
    port: Option<u16>,
}

/// A list of host patterns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HostPatterns(Vec<HostPattern>);

/// An entry that is none.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a host; write `shop.example`, `shop.example:8080` or `*.shop.example:8080`")]
pub struct HostPatternError(String);

impl HostPatterns {
    /// Reads the entries of a list.
    pub fn parse<T: AsRef<str>>(entries: &[T]) -> Result<Self, HostPatternError> {
        entries.iter().map(|entry| HostPattern::parse(entry.as_ref())).collect::<Result<_, _>>().map(HostPatterns)
    }

    /// Whether an entry names this host at this port. IPv6 addresses are written in brackets.
    pub fn matches(&self, host: &str, port: Option<u16>) -> bool {
        self.0.iter().any(|pattern| pattern.matches(host, port))
    }

    /// The same for a host as products have it: `shop.lan:8080`, or without the port that its scheme implies.
    pub fn matches_shop(&self, shop: &str) -> bool {
        let (host, port) = split_port(shop);
        self.matches(host, port)
    }
}

impl HostPattern {
    fn parse(entry: &str) -> Result<Self, HostPatternError> {
        let text = entry.trim().to_ascii_lowercase();
        let wrong = || HostPatternError(entry.to_owned());
        let (host, port) = split_port(&text);
        let (host, suffix) = host.strip_prefix("*.").map_or((host, false), |rest| (rest, true));
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
        if host.is_empty() || !host.chars().all(fits) || (host.contains(':') && !host.starts_with('[')) {
            return Err(wrong());
        }
        Ok(HostPattern { host: host.to_owned(), suffix, port })
    }

    fn matches(&self, host: &str, port: Option<u16>) -> bool {
        let name_fits = if self.suffix {
            host.len() > self.host.len()
                && host.is_char_boundary(host.len() - self.host.len())
                && host[host.len() - self.host.len()..].eq_ignore_ascii_case(&self.host)
                && host[..host.len() - self.host.len()].ends_with('.')
        } else {
            host.eq_ignore_ascii_case(&self.host)
        };
        name_fits && (self.port.is_none() || self.port == port)
    }
}

/// Host and port of `host:port`; the brackets of an IPv6 address stay.
fn split_port(text: &str) -> (&str, Option<u16>) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.is_empty() && !port.ends_with(']') => match port.parse() {
            Ok(port) => (host, Some(port)),
            Err(_) => (text, None),
        },
        _ => (text, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_name_hosts_ports_and_suffixes() {
        let patterns = HostPatterns::parse(&["shop.lan", "10.0.0.2:8080", "*.localhost:8481", "[::1]:80"]).unwrap();
        for (host, port) in [
            ("shop.lan", Some(80)),
            ("SHOP.lan", None),
            ("10.0.0.2", Some(8080)),
            ("amazon.localhost", Some(8481)),
            ("[::1]", Some(80)),
        ] {
            assert!(patterns.matches(host, port), "{host} {port:?}");
        }
        for (host, port) in [
            ("evil-shop.lan", None),
            ("10.0.0.2", Some(80)),
            ("10.0.0.2", None),
            ("localhost", Some(8481)),
            ("xlocalhost", Some(8481)),
            ("amazon.localhost", Some(80)),
            ("amazon.localhost.evil.example", Some(8481)),
        ] {
            assert!(!patterns.matches(host, port), "{host} {port:?}");
        }
        assert!(patterns.matches_shop("amazon.localhost:8481"));
        assert!(!patterns.matches_shop("amazon.localhost"));
    }

    #[test]
    fn what_is_no_host_is_refused_by_name() {
        for wrong in ["", "*.", "http://shop.example", "shop.example:x", "a b"] {
            let error = HostPatterns::parse(&[wrong]).unwrap_err().to_string();
            assert!(error.contains(&format!("`{wrong}`")), "{error}");
        }
    }
}
