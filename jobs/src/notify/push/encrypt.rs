//! Message encryption for web push (RFC 8291) in the `aes128gcm` coding (RFC 8188): one record.

use ring::aead::{AES_128_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::error::Unspecified;
use ring::hkdf::{HKDF_SHA256, KeyType, Salt};
use ring::rand::{SecureRandom, SystemRandom};

/// The record's size as the header says it: push services take messages of at most 4,096 bytes (RFC 8030 §7.2).
const RECORD_SIZE: u32 = 4_096;
/// Ends the last record.
const LAST: u8 = 2;
const KEY_LEN: usize = 65;
const SALT_LEN: usize = 16;
const TAG_LEN: usize = 16;
/// Largest message: the header, the delimiter and the tag take their part.
pub(super) const MAX_PLAIN: usize = RECORD_SIZE as usize - (SALT_LEN + 4 + 1 + KEY_LEN) - 1 - TAG_LEN;

/// Encrypts a message for a browser's subscription: its public key and its secret.
pub(super) fn encrypt(plain: &[u8], browser: &[u8], auth: &[u8]) -> Result<Vec<u8>, Unspecified> {
    let random = SystemRandom::new();
    let ours = EphemeralPrivateKey::generate(&ECDH_P256, &random)?;
    let public = ours.compute_public_key()?;
    let mut salt = [0; SALT_LEN];
    random.fill(&mut salt)?;
    let parsed = UnparsedPublicKey::new(&ECDH_P256, browser);
    agree_ephemeral(ours, &parsed, |shared| seal(plain, shared, browser, public.as_ref(), auth, &salt))?
}

/// The message, its keys derived from what both sides share (RFC 8291 §3.4).
fn seal(
    plain: &[u8],
    shared: &[u8],
    browser: &[u8],
    ours: &[u8],
    auth: &[u8],
    salt: &[u8; SALT_LEN],
) -> Result<Vec<u8>, Unspecified> {
    if plain.len() > MAX_PLAIN || ours.len() != KEY_LEN {
        return Err(Unspecified);
    }
    let (key, nonce) = keys(shared, browser, ours, auth, salt)?;
    let mut record = plain.to_vec();
    record.push(LAST);
    key.seal_in_place_append_tag(nonce, Aad::empty(), &mut record)?;
    let key_len = [u8::try_from(KEY_LEN).unwrap_or(0)];
    Ok([salt.as_slice(), &RECORD_SIZE.to_be_bytes(), &key_len, ours, &record].concat())
}

/// Key and nonce of the only record.
pub(super) fn keys(
    shared: &[u8],
    browser: &[u8],
    ours: &[u8],
    auth: &[u8],
    salt: &[u8],
) -> Result<(LessSafeKey, Nonce), Unspecified> {
    let mut secret = [0; 32];
    Salt::new(HKDF_SHA256, auth).extract(shared).expand(&[b"WebPush: info\0", browser, ours], Len(32))?.fill(&mut secret)?;
    let derived = Salt::new(HKDF_SHA256, salt).extract(&secret);
    let (mut key, mut nonce) = ([0; 16], [0; 12]);
    derived.expand(&[b"Content-Encoding: aes128gcm\0"], Len(16))?.fill(&mut key)?;
    derived.expand(&[b"Content-Encoding: nonce\0"], Len(12))?.fill(&mut nonce)?;
    Ok((LessSafeKey::new(UnboundKey::new(&AES_128_GCM, &key)?), Nonce::assume_unique_for_key(nonce)))
}

struct Len(usize);

impl KeyType for Len {
    fn len(&self) -> usize {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    fn bytes(text: &str) -> Vec<u8> {
        URL_SAFE_NO_PAD.decode(text).unwrap()
    }

    /// RFC 8291, appendix A.
    #[test]
    fn the_example_of_the_standard_comes_out_byte_for_byte() {
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let browser = bytes("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4");
        let ours = bytes("BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8");
        let (auth, salt) = (bytes("BTBZMqHH6r4Tts7J_aSIgg"), bytes("DGv6ra1nlYgDCS1FRnbzlw"));
        let plain = b"When I grow up, I want to be a watermelon";
        let message = seal(plain, &shared, &browser, &ours, &auth, &salt.try_into().unwrap()).unwrap();
        let expect = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(message), expect);
    }

    #[test]
    fn what_is_too_long_or_no_key_is_refused() {
        let browser = super::super::receiver::Browser::new();
        assert!(encrypt(&vec![b'x'; MAX_PLAIN], &browser.p256dh, &browser.auth).unwrap().len() <= 4_096);
        assert!(encrypt(&vec![b'x'; MAX_PLAIN + 1], &browser.p256dh, &browser.auth).is_err());
        assert!(encrypt(b"x", &[4; 65], &browser.auth).is_err(), "a point that is not on the curve");
    }
}
