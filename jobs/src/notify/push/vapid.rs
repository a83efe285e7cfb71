//! Showing push services who sends (RFC 8292): a key of this installation, and a token for each service signed with it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use domain::Timestamp;
use domain::time::{HOUR, SECOND};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair};
use store::Store;
use url::Url;

use crate::seal::{SealError, SecretKey};

/// Where the key is kept, sealed. Every subscription is bound to it: a new one would end them all.
const SETTING: &str = "push_key";
const CONTEXT: &str = "push key";
/// How long a token is good; at most a day (RFC 8292 §2).
const TOKEN_FOR: i64 = 12 * HOUR;
/// A token is made anew when so much of its time is left.
const RENEW_BEFORE: i64 = HOUR;
/// Services are a handful; people may give any address, so there is a limit.
const MAX_TOKENS: usize = 1_000;

/// Why there is no key.
#[derive(Debug, thiserror::Error)]
pub enum VapidError {
    /// The key in the database cannot be opened. It is left as it is.
    #[error("the key of push messages cannot be read: {0}")]
    Sealed(#[from] SealError),
    /// The database does not answer.
    #[error(transparent)]
    Store(#[from] store::StoreError),
    /// What was sealed is no key.
    #[error("the key of push messages is damaged; restore the database from a backup")]
    Damaged,
}

/// The key of this installation, and its tokens.
pub struct Vapid {
    pair: EcdsaKeyPair,
    /// How a push service reaches the operator.
    contact: String,
    tokens: Mutex<HashMap<String, Token>>,
}

#[derive(Clone)]
struct Token {
    jwt: String,
    expires_at: Timestamp,
}

impl Vapid {
    /// The key of this installation; made if there is none yet. Of many processes at once, all get the same.
    pub async fn load(store: &dyn Store, secret: &SecretKey, contact: &str) -> Result<Self, VapidError> {
        let kept = match store.find_setting(SETTING).await? {
            Some(kept) => kept,
            None => {
                let fresh = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new())
                    .map_err(|_| VapidError::Damaged)?;
                store.keep_setting(SETTING, &STANDARD.encode(secret.seal(fresh.as_ref(), CONTEXT))).await?
            }
        };
        let sealed = STANDARD.decode(kept).map_err(|_| VapidError::Damaged)?;
        let pkcs8 = secret.open(&sealed, CONTEXT)?;
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &pkcs8, &SystemRandom::new())
            .map_err(|_| VapidError::Damaged)?;
        Ok(Vapid { pair, contact: contact.to_owned(), tokens: Mutex::default() })
    }

    /// The public key, as browsers want it for a subscription.
    pub fn public_key(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.pair.public_key().as_ref())
    }

    /// The `Authorization` header for a service.
    pub(super) fn authorization(&self, endpoint: &Url, now: Timestamp) -> Result<String, ring::error::Unspecified> {
        let origin = endpoint.origin().ascii_serialization();
        let mut tokens = self.tokens.lock().unwrap_or_else(PoisonError::into_inner);
        let known = tokens.get(&origin).filter(|token| token.expires_at.micros_since(now) > RENEW_BEFORE).cloned();
        let token = match known {
            Some(token) => token,
            None => {
                let token = self.token(&origin, now)?;
                if tokens.len() >= MAX_TOKENS {
                    tokens.clear();
                }
                tokens.insert(origin, token.clone());
                token
            }
        };
        Ok(format!("vapid t={}, k={}", token.jwt, self.public_key()))
    }

    /// A JSON web token, signed by ES256.
    fn token(&self, origin: &str, now: Timestamp) -> Result<Token, ring::error::Unspecified> {
        let expires_at = now.plus_micros(TOKEN_FOR);
        let claims = serde_json::json!({ "aud": origin, "exp": expires_at.as_micros() / SECOND, "sub": self.contact });
        let head = URL_SAFE_NO_PAD.encode(r#"{"typ":"JWT","alg":"ES256"}"#);
        let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
        let signature = self.pair.sign(&SystemRandom::new(), signed.as_bytes())?;
        Ok(Token { jwt: format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref())), expires_at })
    }
}

/// How a push service reaches the operator: the address that mails come from, or the site.
pub(in crate::notify) fn contact(mail_from: &str, public_url: &str) -> String {
    let address = mail_from.rsplit_once('<').map_or(mail_from, |(_, rest)| rest.trim_end_matches('>')).trim();
    match domain::user::parse_email(address) {
        Some(address) => format!("mailto:{address}"),
        None => public_url.to_owned(),
    }
}
