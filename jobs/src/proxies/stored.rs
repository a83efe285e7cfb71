//! Proxies of the database: user and password are sealed together, bound to the proxy and its address.

use store::StoredProxy;

use super::proxy_url::ProxyUrl;
use crate::seal::SecretKey;

/// What the credentials are bound to: moved to another address, they do not open.
fn context(stored: &StoredProxy) -> String {
    format!("proxy {} {}://{}", stored.id, stored.scheme, stored.address)
}

/// The stored proxy with the sealed credentials of its address.
pub(super) fn seal(key: &SecretKey, stored: StoredProxy, url: &ProxyUrl) -> StoredProxy {
    let pair = url.credentials().map(|credentials| format!("{}:{}", credentials.user(), credentials.password()));
    let credentials = pair.map(|pair| key.seal(pair.as_bytes(), &context(&stored)));
    StoredProxy { credentials, ..stored }
}

/// The address and credentials of a stored proxy, or a sentence with the remedy.
pub(super) fn open(key: &SecretKey, stored: &StoredProxy) -> Result<ProxyUrl, String> {
    let of_pair = |problem: String| format!("the user and password of the proxy {} cannot be read: {problem}", stored.name);
    let pair = match &stored.credentials {
        None => None,
        Some(sealed) => {
            let opened = key.open(sealed, &context(stored)).map_err(|error| of_pair(error.to_string()))?;
            Some(String::from_utf8(opened).map_err(|_| of_pair("they are damaged; save them again".to_owned()))?)
        }
    };
    ProxyUrl::from_parts(&stored.scheme, &stored.address, pair.as_deref()).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{ProxyId, Timestamp};

    fn stored(url: &ProxyUrl) -> StoredProxy {
        let bare = StoredProxy {
            id: ProxyId(uuid::Uuid::from_u128(1)),
            name: "exit 1".into(),
            scheme: url.scheme().as_str().into(),
            address: url.address(),
            credentials: None,
            enabled: true,
            created_at: Timestamp::EPOCH,
        };
        seal(&SecretKey::new([1; 32]), bare, url)
    }

    #[test]
    fn what_is_stored_opens_again_and_holds_no_password() {
        for text in ["socks5h://me:ses%40me@proxy.example:1080", "http://10.0.0.7:3128"] {
            let url = ProxyUrl::parse(text).unwrap();
            let stored = stored(&url);
            assert_eq!(open(&SecretKey::new([1; 32]), &stored), Ok(url));
            assert!(!format!("{stored:?}").contains("ses@me"));
        }
    }

    #[test]
    fn another_key_or_address_opens_nothing_and_says_what_to_do() {
        let kept = stored(&ProxyUrl::parse("http://me:sesame@proxy.example:1").unwrap());
        let problem = open(&SecretKey::new([2; 32]), &kept).unwrap_err();
        assert!(problem.contains("exit 1") && problem.contains("PLUMMET_SECRET_KEY"), "{problem}");
        let moved = StoredProxy { address: "thief.example:1".into(), ..kept };
        assert!(open(&SecretKey::new([1; 32]), &moved).is_err());
    }
}
