//! The address of a proxy: parsed once, and never shown with its user and password.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

/// What a proxy speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ProxyScheme {
    /// HTTP, in the clear to the proxy.
    Http,
    /// HTTP over TLS to the proxy.
    Https,
    /// SOCKS 5; names are resolved here, and the address is what the proxy gets.
    Socks5,
    /// SOCKS 5; the proxy resolves names.
    Socks5h,
}

/// User and password of a proxy.
#[derive(Clone)]
pub struct ProxyCredentials {
    user: String,
    password: SecretString,
}

/// The address of a proxy, with its credentials if it wants any. Shown without them.
#[derive(Clone, PartialEq, Eq)]
pub struct ProxyUrl {
    scheme: ProxyScheme,
    host: String,
    port: u16,
    credentials: Option<ProxyCredentials>,
}

/// What is wrong with a proxy's address. The text holds neither user nor password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the proxy `{shown}` {problem}; write it as http://user:password@host:port, https://…, socks5://… or socks5h://…")]
pub struct ProxyUrlError {
    shown: String,
    problem: &'static str,
}

impl ProxyScheme {
    /// Every scheme.
    pub const ALL: [ProxyScheme; 4] = [ProxyScheme::Http, ProxyScheme::Https, ProxyScheme::Socks5, ProxyScheme::Socks5h];

    /// The word in URLs and tables.
    pub const fn as_str(self) -> &'static str {
        match self {
            ProxyScheme::Http => "http",
            ProxyScheme::Https => "https",
            ProxyScheme::Socks5 => "socks5",
            ProxyScheme::Socks5h => "socks5h",
        }
    }

    const fn usual_port(self) -> u16 {
        match self {
            ProxyScheme::Http => 80,
            ProxyScheme::Https => 443,
            ProxyScheme::Socks5 | ProxyScheme::Socks5h => 1080,
        }
    }
}

impl ProxyCredentials {
    /// User and password. Each has 1 to 255 bytes (RFC 1929), and the user no colon (RFC 7617).
    fn new(user: String, password: String) -> Result<Self, &'static str> {
        if user.is_empty() || password.is_empty() {
            return Err("needs both a user and a password, or neither");
        }
        if user.len() > 255 || password.len() > 255 {
            return Err("has a user or password longer than 255 bytes");
        }
        if user.contains(':') || user.chars().chain(password.chars()).any(char::is_control) {
            return Err("has a colon in its user, or a control character in its user or password");
        }
        Ok(ProxyCredentials { user, password: password.into() })
    }

    /// The user.
    pub(crate) fn user(&self) -> &str {
        &self.user
    }

    /// The password.
    pub(crate) fn password(&self) -> &str {
        self.password.expose_secret()
    }
}

impl PartialEq for ProxyCredentials {
    fn eq(&self, other: &Self) -> bool {
        self.user == other.user && self.password() == other.password()
    }
}

impl Eq for ProxyCredentials {}

impl fmt::Debug for ProxyCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl ProxyUrl {
    /// What stands for credentials that are not shown. Saved back, it changes nothing.
    pub const MASK: &'static str = "***";

    /// Reads an address. User and password are percent-decoded.
    pub fn parse(text: &str) -> Result<Self, ProxyUrlError> {
        let wrong = |problem| ProxyUrlError { shown: masked(text), problem };
        let url = Url::parse(text.trim()).map_err(|_| wrong("is no URL"))?;
        let scheme = ProxyScheme::ALL.into_iter().find(|scheme| scheme.as_str() == url.scheme());
        let scheme = scheme.ok_or_else(|| wrong("is of no kind that Plummet knows"))?;
        let host = host_of(&url).ok_or_else(|| wrong("names no host"))?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong("has something after its port"));
        }
        let port = url.port().unwrap_or(scheme.usual_port());
        if port == 0 {
            return Err(wrong("has no port that can be"));
        }
        let credentials = match (url.username(), url.password()) {
            ("", None) => None,
            (user, password) => {
                let decoded = percent_decoded(user).zip(percent_decoded(password.unwrap_or_default()));
                let (user, password) = decoded.ok_or_else(|| wrong("has a user or password that is not percent-encoded"))?;
                Some(ProxyCredentials::new(user, password).map_err(wrong)?)
            }
        };
        Ok(ProxyUrl { scheme, host, port, credentials })
    }

    /// Puts a stored proxy together again; `credentials` are `user:password`.
    pub(crate) fn from_parts(scheme: &str, address: &str, credentials: Option<&str>) -> Result<Self, ProxyUrlError> {
        let url = ProxyUrl::parse(&format!("{scheme}://{address}"))?;
        let credentials = match credentials.map(|pair| pair.split_once(':').unwrap_or((pair, ""))) {
            None => None,
            Some((user, password)) => {
                let made = ProxyCredentials::new(user.to_owned(), password.to_owned());
                Some(made.map_err(|problem| ProxyUrlError { shown: url.to_string(), problem })?)
            }
        };
        Ok(ProxyUrl { credentials, ..url })
    }

    /// What it speaks.
    pub fn scheme(&self) -> ProxyScheme {
        self.scheme
    }

    /// `host:port`; IPv6 addresses in brackets.
    pub fn address(&self) -> String {
        let Self { host, port, .. } = self;
        if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
    }

    /// Whether it has a user and a password.
    pub fn has_credentials(&self) -> bool {
        self.credentials.is_some()
    }

    /// Whether its credentials are the mask of an address that was shown.
    pub fn is_masked(text: &str) -> bool {
        let rest = text.trim().split_once("://").map_or("", |(_, rest)| rest);
        rest.rsplit_once('@').is_some_and(|(credentials, _)| credentials == ProxyUrl::MASK)
    }

    pub(crate) fn host(&self) -> &str {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn credentials(&self) -> Option<&ProxyCredentials> {
        self.credentials.as_ref()
    }
}

impl fmt::Display for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mask = if self.has_credentials() { "***@" } else { "" };
        write!(f, "{}://{mask}{}", self.scheme.as_str(), self.address())
    }
}

impl fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// Lower-cased, IPv6 addresses without brackets.
fn host_of(url: &Url) -> Option<String> {
    // The host of a scheme that is not the web's is not looked into by the parser: IPv4 addresses stay names there.
    match url.host()? {
        Host::Domain(name) => {
            let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
            (!name.is_empty() && name.chars().all(fits)).then(|| name.to_ascii_lowercase())
        }
        Host::Ipv4(address) => Some(address.to_string()),
        Host::Ipv6(address) => Some(address.to_string()),
    }
}

/// `None` for a `%` without two digits after it, or bytes that are no text.
fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digit = |byte: Option<u8>| byte.and_then(|byte| char::from(byte).to_digit(16));
            let (high, low) = (digit(rest.next())?, digit(rest.next())?);
            bytes.push(u8::try_from(high * 16 + low).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// A text that was meant to be an address, without what may be user and password. What has no scheme may be a password whole.
fn masked(text: &str) -> String {
    let Some((scheme, rest)) = text.trim().split_once("://") else { return ProxyUrl::MASK.to_owned() };
    let shown = match rest.rsplit_once('@') {
        Some((_, address)) => format!("{scheme}://***@{address}"),
        None => format!("{scheme}://{rest}"),
    };
    shown.chars().take(100).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_and_shown_without_credentials() {
        for (text, shown, credentials) in [
            ("http://proxy.example:3128", "http://proxy.example:3128", None),
            ("http://Proxy.Example", "http://proxy.example:80", None),
            ("https://me:sesame@10.0.0.7:8443/", "https://***@10.0.0.7:8443", Some(("me", "sesame"))),
            ("socks5://me:p%40ss%3Aw%C3%B6rd@[::1]:1081", "socks5://***@[::1]:1081", Some(("me", "p@ss:wörd"))),
            ("socks5h://127.0.0.1", "socks5h://127.0.0.1:1080", None),
            ("SOCKS5H://Exit-1.example:9050", "socks5h://exit-1.example:9050", None),
        ] {
            let url = ProxyUrl::parse(text).unwrap();
            assert_eq!(url.to_string(), shown);
            assert_eq!(format!("{url:?}"), shown);
            let got = url.credentials().map(|credentials| (credentials.user(), credentials.password()));
            assert_eq!(got, credentials, "{text}");
            let pair = credentials.map(|(user, password)| format!("{user}:{password}"));
            assert_eq!(ProxyUrl::from_parts(url.scheme().as_str(), &url.address(), pair.as_deref()), Ok(url));
        }
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_entry_and_the_remedy_and_no_password() {
        for text in [
            "sesame",
            "proxy.example:3128",
            "ftp://me:sesame@proxy.example:21",
            "socks4://me:sesame@proxy.example:1080",
            "http://:sesame@proxy.example:1",
            "http://sesame@proxy.example:1",
            "http://me:sesame@:1",
            "http://me:sesame@proxy.example:0",
            "http://me:sesame@proxy.example:99999",
            "http://me:sesame@proxy.example:1/path",
            "http://me:sesame@proxy.example:1?x=1",
            "socks5://me:sesame%zz@proxy.example:1",
            "socks5://m%3Ae:sesame@proxy.example:1",
            "socks5://me:sesame%0a@proxy.example:1",
            "socks5://me:sesame@",
            "http://me:ses@me/x@proxy.example:1/y",
        ] {
            let error = ProxyUrl::parse(text).unwrap_err().to_string();
            assert!(error.contains("write it as http://user:password@host:port"), "{error}");
            assert!(!error.contains("sesame") && !error.contains("ses@"), "{error}");
        }
        let error = ProxyUrl::parse("ftp://me:sesame@proxy.example:21").unwrap_err().to_string();
        assert!(error.contains("`ftp://***@proxy.example:21`"), "the entry is named: {error}");
    }

    #[test]
    fn a_mask_is_recognised() {
        assert!(ProxyUrl::is_masked("http://***@proxy.example:3128"));
        for text in ["http://proxy.example:3128", "http://me:***@proxy.example:1", "***", "***@x"] {
            assert!(!ProxyUrl::is_masked(text), "{text}");
        }
    }
}
