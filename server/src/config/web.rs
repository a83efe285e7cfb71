//! Where the program answers.

use std::net::SocketAddr;

use url::Url;

use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::Sources;

pub(super) const LISTEN: Setting = Setting {
    name: "PLUMMET_LISTEN",
    default: "127.0.0.1:8480",
    about: "Address and port to answer at. 0.0.0.0:8480 lets other machines in; put HTTPS before it (see PLUMMET_URL).\n\
            `plummet worker` answers only where this is set: /healthz, /readyz and /metrics, to whoever reaches it.",
    shown: Shown::Whole,
};
pub(super) const URL: Setting = Setting {
    name: "PLUMMET_URL",
    default: "http:// and PLUMMET_LISTEN",
    about: "The public URL: base of the links in messages. With https:// cookies are sent over HTTPS only.\n\
            `plummet worker` needs it.",
    shown: Shown::Whole,
};
pub(super) const DEMO_LISTEN: Setting = Setting {
    name: "PLUMMET_DEMO_LISTEN",
    default: "127.0.0.1:8481",
    about: "Address and port of the demo shop, for `plummet demo` and `plummet demo-shop`. Loopback only.",
    shown: Shown::Whole,
};

/// Where the program answers.
#[derive(Clone, Debug)]
pub struct WebConfig {
    /// `PLUMMET_LISTEN`, by default `127.0.0.1:8480`.
    pub listen: SocketAddr,
    /// Whether it was set: a worker answers only then.
    pub is_listen_set: bool,
    /// `PLUMMET_URL` without a slash at its end; by default made of the address that is listened at.
    pub public_url: Option<String>,
    /// `PLUMMET_DEMO_LISTEN`, by default `127.0.0.1:8481`.
    pub demo_listen: SocketAddr,
}

impl WebConfig {
    pub(super) fn read(sources: &Sources) -> Result<Self, ConfigError> {
        let listen = sources.read(&LISTEN, address)?;
        let demo_listen = sources.read(&DEMO_LISTEN, loopback)?;
        Ok(WebConfig {
            is_listen_set: listen.is_some(),
            listen: listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8480))),
            public_url: sources.read(&URL, public_url)?,
            demo_listen: demo_listen.unwrap_or_else(|| SocketAddr::from(([127, 0, 0, 1], 8481))),
        })
    }

    /// The public URL, while listening at `bound`.
    pub fn url(&self, bound: SocketAddr) -> String {
        self.public_url.clone().unwrap_or_else(|| {
            let port = bound.port();
            if bound.ip().is_unspecified() { format!("http://localhost:{port}") } else { format!("http://{bound}") }
        })
    }
}

fn address(text: &str) -> Result<SocketAddr, String> {
    let text = text.strip_prefix("localhost:").map_or(text.to_owned(), |port| format!("127.0.0.1:{port}"));
    text.parse().map_err(|_| "write an address and a port, such as 127.0.0.1:8480".to_owned())
}

fn loopback(text: &str) -> Result<SocketAddr, String> {
    let address = address(text)?;
    let refusal = "the demo shop has no protection, so it answers on loopback only; write 127.0.0.1 and a port";
    if address.ip().is_loopback() { Ok(address) } else { Err(refusal.to_owned()) }
}

fn public_url(text: &str) -> Result<String, String> {
    let remedy = "write the URL that people open, such as https://plummet.example";
    let url = Url::parse(text).map_err(|_| remedy.to_owned())?;
    let is_plain = url.path() == "/" && url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if !matches!(url.scheme(), "http" | "https") || url.host().is_none() {
        return Err(remedy.to_owned());
    }
    if !is_plain {
        return Err(format!("Plummet cannot live under a path; {remedy}"));
    }
    Ok(url.as_str().trim_end_matches('/').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_public_url_is_a_host_and_nothing_after_it() {
        assert_eq!(public_url("https://plummet.example/"), Ok("https://plummet.example".into()));
        for wrong in ["plummet.example", "ftp://plummet.example", "https://plummet.example/shop", "https://a@b", "https://a/?x"] {
            assert!(public_url(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn the_default_url_is_one_that_can_be_opened() {
        let config = WebConfig::read(&Sources::default()).unwrap();
        assert_eq!(config.url(config.listen), "http://127.0.0.1:8480");
        assert_eq!(config.url("0.0.0.0:80".parse().unwrap()), "http://localhost:80");
    }
}
