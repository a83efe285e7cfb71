//! Sealing secrets that are stored in the database: ChaCha20-Poly1305 under one key of the installation.
//!
//! A sealed secret is `version (1) | key mark (4) | nonce (12) | ciphertext | tag (16)`. The context says what the secret is for and is
//! bound to it, so that nobody who can write rows moves a secret to where it does not belong. The mark tells a wrong key from
//! damage: the first is mended by the operator, the second is not.

use std::fmt;

use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::digest::{SHA256, digest};
use ring::hmac::{self, HMAC_SHA256};
use ring::rand::{SecureRandom, SystemRandom};

const VERSION: u8 = 1;
const MARK_LEN: usize = 4;
const HEADER_LEN: usize = 1 + MARK_LEN + NONCE_LEN;

/// The key that secrets in the database are sealed with. Every process of an installation has the same.
#[derive(Clone)]
pub struct SecretKey {
    key: LessSafeKey,
    links: hmac::Key,
    mark: [u8; MARK_LEN],
}

/// Why a sealed secret was not opened. Nothing was changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealError {
    /// It was sealed with another key.
    #[error("it was sealed with another secret key; set PLUMMET_SECRET_KEY to the one it was saved with, or save it again")]
    WrongKey,
    /// It is not what was sealed, or was sealed for something else.
    #[error("it is damaged; save it again")]
    Damaged,
    /// A newer Plummet wrote it.
    #[error("a newer version of Plummet sealed it; run that version, or save it again")]
    TooNew,
}

impl SecretKey {
    /// The key of these bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        let key = UnboundKey::new(&CHACHA20_POLY1305, &bytes).expect("a key of this cipher has 32 bytes");
        let marked = digest(&SHA256, &[b"plummet key mark".as_slice(), &bytes].concat());
        let mut mark = [0; MARK_LEN];
        mark.copy_from_slice(&marked.as_ref()[..MARK_LEN]);
        let links = hmac::sign(&hmac::Key::new(HMAC_SHA256, &bytes), b"plummet links");
        SecretKey { key: LessSafeKey::new(key), links: hmac::Key::new(HMAC_SHA256, links.as_ref()), mark }
    }

    /// Bytes of a new key, for an installation that has none yet.
    pub fn draw() -> [u8; 32] {
        let mut bytes = [0; 32];
        fill_randomly(&mut bytes);
        bytes
    }

    /// What shows that a text is ours: HMAC-SHA256 under a key that is derived from this one.
    pub fn sign(&self, text: &[u8]) -> [u8; 32] {
        let mut signature = [0; 32];
        signature.copy_from_slice(hmac::sign(&self.links, text).as_ref());
        signature
    }

    /// Whether a signature is that of [`SecretKey::sign`]; as slow for a wrong one as for the right one.
    pub fn is_signed(&self, text: &[u8], signature: &[u8]) -> bool {
        hmac::verify(&self.links, text, signature).is_ok()
    }

    /// Seals a secret for a purpose. Sealing it twice gives different bytes.
    pub fn seal(&self, secret: &[u8], context: &str) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        fill_randomly(&mut nonce);
        let mut sealed = secret.to_vec();
        self.key
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(context), &mut sealed)
            .expect("a secret is shorter than what one nonce may seal");
        [&[VERSION], self.mark.as_slice(), &nonce, &sealed].concat()
    }

    /// Opens what was sealed for the same purpose with the same key.
    pub fn open(&self, sealed: &[u8], context: &str) -> Result<Vec<u8>, SealError> {
        let (header, ciphertext) = sealed.split_at_checked(HEADER_LEN).ok_or(SealError::Damaged)?;
        if header[0] != VERSION {
            return Err(if header[0] > VERSION { SealError::TooNew } else { SealError::Damaged });
        }
        if header[1..=MARK_LEN] != self.mark {
            return Err(SealError::WrongKey);
        }
        let nonce = Nonce::try_assume_unique_for_key(&header[1 + MARK_LEN..]).map_err(|_| SealError::Damaged)?;
        let mut opened = ciphertext.to_vec();
        let secret = self.key.open_in_place(nonce, Aad::from(context), &mut opened).map_err(|_| SealError::Damaged)?.len();
        opened.truncate(secret);
        Ok(opened)
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(***)")
    }
}

fn fill_randomly(bytes: &mut [u8]) {
    SystemRandom::new().fill(bytes).expect("the system gives random bytes");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(byte: u8) -> SecretKey {
        SecretKey::new([byte; 32])
    }

    #[test]
    fn what_was_sealed_opens_with_its_key_and_context_only() {
        let sealed = key(1).seal(b"sesame", "proxy a");
        assert_eq!(key(1).open(&sealed, "proxy a"), Ok(b"sesame".to_vec()));
        assert_eq!(key(1).open(&sealed, "proxy b"), Err(SealError::Damaged), "moved elsewhere");
        assert_eq!(key(2).open(&sealed, "proxy a"), Err(SealError::WrongKey));
        assert!(!sealed.windows(6).any(|part| part == b"sesame"));
        assert_ne!(sealed, key(1).seal(b"sesame", "proxy a"), "a nonce is used once");
        assert_eq!(key(1).open(&key(1).seal(b"", "x"), "x"), Ok(Vec::new()));
    }

    #[test]
    fn every_changed_byte_is_noticed() {
        let sealed = key(1).seal(b"sesame", "proxy a");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 0x40;
            assert!(key(1).open(&changed, "proxy a").is_err(), "byte {at}");
            assert!(key(1).open(&sealed[..at], "proxy a").is_err(), "cut at {at}");
        }
        let newer = [&[2], &sealed[1..]].concat();
        assert_eq!(key(1).open(&newer, "proxy a"), Err(SealError::TooNew));
    }

    #[test]
    fn a_key_is_never_shown() {
        assert_eq!(format!("{:?}", key(0x41)), "SecretKey(***)");
    }
}
