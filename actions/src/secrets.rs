//! Secrets that are shown once and stored only as their hash.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest, Sha256};

/// A fresh secret: `prefix` and 256 random bits.
pub(crate) fn draw(prefix: &str) -> SecretString {
    let bits: [u8; 32] = rand::random();
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bits)).into()
}

/// What is stored of a secret. Plain SHA-256: 256 random bits cannot be guessed, so slowness would protect nothing.
pub(crate) fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret.as_bytes()).into()
}

/// The same as text, for settings.
pub(crate) fn hash_text(secret: &SecretString) -> String {
    URL_SAFE_NO_PAD.encode(hash(secret.expose_secret()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_differ_and_hash_to_what_sha_256_says() {
        let (one, other) = (draw("plm_"), draw("plm_"));
        assert_ne!(one.expose_secret(), other.expose_secret());
        assert_eq!(one.expose_secret().len(), "plm_".len() + 43);
        assert_eq!(hash("abc")[..4], [0xba, 0x78, 0x16, 0xbf]);
    }
}
