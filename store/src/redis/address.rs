//! Where Redis is: the URL of `REDIS_URL`, read once.

use std::fmt;

use secrecy::{ExposeSecret, SecretString};

/// What can be written, for messages.
const FORMS: &str = "redis://host:6379/0, redis+sentinel://host:26379,host:26379/master-name or redis+cluster://host:6379,host:6379 (rediss for TLS)";

/// A port where the URL names none.
const PORT: u16 = 6_379;
const SENTINEL_PORT: u16 = 26_379;

/// Where Redis is. Shown without user and password.
#[derive(Clone)]
pub struct RedisAddress {
    pub(super) kind: RedisKind,
    pub(super) nodes: Vec<(String, u16)>,
    pub(super) tls: bool,
    pub(super) database: i64,
    pub(super) user: Option<String>,
    pub(super) password: Option<SecretString>,
}

/// How Redis is run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum RedisKind {
    /// One server.
    Single,
    /// A master of this name, watched by sentinels: the nodes are the sentinels.
    Sentinel(String),
    /// A cluster; the nodes are some of its.
    Cluster,
}

/// Why a text is no address of Redis. It holds no password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("REDIS_URL {0}; write {FORMS}")]
pub struct RedisAddressError(&'static str);

impl RedisAddress {
    /// Reads a URL.
    pub fn parse(url: &SecretString) -> Result<Self, RedisAddressError> {
        let text = url.expose_secret().trim();
        let (scheme, rest) = text.split_once("://").ok_or(RedisAddressError("is no URL"))?;
        let (tls, kind) = scheme_of(scheme).ok_or(RedisAddressError("begins with a word that Plummet does not know"))?;
        if rest.contains(['?', '#']) {
            return Err(RedisAddressError("has something after its path"));
        }
        let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
        let (user, password, hosts) = credentials_of(authority)?;
        let (kind, database) = match kind {
            RedisKind::Sentinel(_) => {
                let (name, database) = path.split_once('/').unwrap_or((path, ""));
                if name.is_empty() {
                    return Err(RedisAddressError("does not name the master that the sentinels watch"));
                }
                (RedisKind::Sentinel(name.to_owned()), database)
            }
            other => (other, path),
        };
        let database = if database.is_empty() { 0 } else { database.parse().map_err(|_| NO_DATABASE)? };
        if database < 0 || (kind == RedisKind::Cluster && database != 0) {
            return Err(NO_DATABASE);
        }
        let port = if matches!(kind, RedisKind::Sentinel(_)) { SENTINEL_PORT } else { PORT };
        let nodes = hosts.split(',').map(|node| node_of(node, port)).collect::<Result<Vec<_>, _>>()?;
        if kind == RedisKind::Single && nodes.len() > 1 {
            return Err(RedisAddressError("names several servers, and neither sentinels nor a cluster"));
        }
        Ok(RedisAddress { kind, nodes, tls, database, user, password })
    }
}

const NO_DATABASE: RedisAddressError = RedisAddressError("ends with what is no number of a database");

fn scheme_of(scheme: &str) -> Option<(bool, RedisKind)> {
    let (base, kind) = match scheme.split_once('+') {
        None => (scheme, RedisKind::Single),
        Some((base, "sentinel")) => (base, RedisKind::Sentinel(String::new())),
        Some((base, "cluster")) => (base, RedisKind::Cluster),
        Some(_) => return None,
    };
    match base {
        "redis" => Some((false, kind)),
        "rediss" => Some((true, kind)),
        _ => None,
    }
}

type Credentials<'a> = (Option<String>, Option<SecretString>, &'a str);

fn credentials_of(authority: &str) -> Result<Credentials<'_>, RedisAddressError> {
    let Some((credentials, hosts)) = authority.rsplit_once('@') else { return Ok((None, None, authority)) };
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    let (user, password) = percent_decoded(user)
        .zip(percent_decoded(password))
        .ok_or(RedisAddressError("has a user or password that is not percent-encoded"))?;
    let user = Some(user).filter(|user| !user.is_empty());
    let password = Some(password).filter(|password| !password.is_empty()).map(SecretString::from);
    Ok((user, password, hosts))
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        bytes.push(u8::try_from(digit(rest.next())? * 16 + digit(rest.next())?).ok()?);
    }
    String::from_utf8(bytes).ok()
}

/// `host`, `host:port`, `[::1]` or `[::1]:port`.
fn node_of(text: &str, usual: u16) -> Result<(String, u16), RedisAddressError> {
    const WRONG: RedisAddressError = RedisAddressError("names a host that is none");
    let (host, port) = match text.strip_prefix('[') {
        Some(rest) => {
            let (host, port) = rest.split_once(']').ok_or(WRONG)?;
            (host, port.strip_prefix(':'))
        }
        None => text.split_once(':').map_or((text, None), |(host, port)| (host, Some(port))),
    };
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | ':');
    if host.is_empty() || !host.chars().all(fits) {
        return Err(WRONG);
    }
    let port = port.map_or(Ok(usual), str::parse).map_err(|_| RedisAddressError("has a port that is none"))?;
    Ok((host.to_owned(), port))
}

impl fmt::Display for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nodes: Vec<String> = self.nodes.iter().map(|(host, port)| format!("{host}:{port}")).collect();
        let scheme = if self.tls { "rediss" } else { "redis" };
        match &self.kind {
            RedisKind::Single => write!(f, "{scheme}://{}", nodes.join(",")),
            RedisKind::Sentinel(name) => write!(f, "{scheme}+sentinel://{}/{name}", nodes.join(",")),
            RedisKind::Cluster => write!(f, "{scheme}+cluster://{}", nodes.join(",")),
        }
    }
}

impl fmt::Debug for RedisAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<RedisAddress, RedisAddressError> {
        RedisAddress::parse(&SecretString::from(text.to_owned()))
    }

    #[test]
    fn every_kind_is_read_and_shown_without_its_password() {
        for (text, shown, database) in [
            ("redis://localhost", "redis://localhost:6379", 0),
            ("redis://127.0.0.1:7000/3", "redis://127.0.0.1:7000", 3),
            ("rediss://me:p%40ss@redis.example", "rediss://redis.example:6379", 0),
            ("redis://[::1]:7000", "redis://::1:7000", 0),
            ("redis+sentinel://:sesame@a,b:26380/main/2", "redis+sentinel://a:26379,b:26380/main", 2),
            ("rediss+cluster://me:sesame@a:1,b:2/", "rediss+cluster://a:1,b:2", 0),
        ] {
            let address = parse(text).unwrap();
            assert_eq!((format!("{address:?}").as_str(), address.database), (shown, database));
        }
        let address = parse("rediss://me:p%40ss@redis.example").unwrap();
        assert_eq!(address.user.as_deref(), Some("me"));
        assert_eq!(address.password.unwrap().expose_secret(), "p@ss");
    }

    #[test]
    fn what_is_no_address_is_refused_without_being_shown() {
        for wrong in [
            "",
            "localhost:6379",
            "http://sesame@localhost",
            "redis+other://sesame@a",
            "redis://sesame@a,b",
            "redis://sesame@/0",
            "redis://:sesame@a:port",
            "redis://:sesame@a/db",
            "redis://:sesame@a/-1",
            "redis://:sesame@a?protocol=resp3",
            "redis://:ses%ame@a",
            "redis+sentinel://:sesame@a",
            "redis+cluster://:sesame@a/1",
        ] {
            let error = parse(wrong).unwrap_err().to_string();
            assert!(error.starts_with("REDIS_URL ") && error.contains("; write redis://"), "{error}");
            assert!(!error.contains("sesame"), "{error}");
        }
    }
}
