//! A browser's side of web push, for tests: it opens messages as browsers do.

use ring::aead::Aad;
use ring::agreement::{ECDH_P256, EphemeralPrivateKey, UnparsedPublicKey, agree_ephemeral};
use ring::rand::{SecureRandom, SystemRandom};

use super::encrypt::keys;

/// A subscription. Its key is good for one message, which is all that a test sends to it.
pub(crate) struct Browser {
    key: EphemeralPrivateKey,
    pub(crate) p256dh: Vec<u8>,
    pub(crate) auth: Vec<u8>,
}

impl Browser {
    pub(crate) fn new() -> Self {
        let random = SystemRandom::new();
        let key = EphemeralPrivateKey::generate(&ECDH_P256, &random).unwrap();
        let p256dh = key.compute_public_key().unwrap().as_ref().to_vec();
        let mut auth = vec![0; 16];
        random.fill(&mut auth).unwrap();
        Browser { key, p256dh, auth }
    }

    /// Opens a message, or panics with what is wrong with it.
    pub(crate) fn open(self, message: &[u8]) -> Vec<u8> {
        let (salt, rest) = message.split_at(16);
        let (record_size, rest) = rest.split_at(4);
        let record_size = u32::from_be_bytes(record_size.try_into().unwrap());
        assert_eq!(rest[0], 65, "an uncompressed point of P-256 follows");
        let (theirs, record) = rest[1..].split_at(65);
        assert!(record.len() <= record_size as usize && message.len() <= 4_096, "one record, and not too large");
        let peer = UnparsedPublicKey::new(&ECDH_P256, theirs);
        let (p256dh, auth) = (self.p256dh, self.auth);
        let (key, nonce) =
            agree_ephemeral(self.key, &peer, |shared| keys(shared, &p256dh, theirs, &auth, salt)).unwrap().unwrap();
        let mut record = record.to_vec();
        let plain = key.open_in_place(nonce, Aad::empty(), &mut record).expect("the tag fits");
        let end = plain.iter().rposition(|byte| *byte != 0).unwrap();
        assert_eq!(plain[end], 2, "the delimiter of the last record");
        plain[..end].to_vec()
    }
}
