//! Passwords: argon2id, away from the runtime's threads.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use secrecy::{ExposeSecret, SecretString};

use crate::error::{ActionError, Result};

/// Fewest characters of a password.
const MIN_CHARS: usize = 12;
/// Most bytes of a password: hashing must not be made to work through megabytes.
const MAX_BYTES: usize = 1_024;

/// Hashes a new password to a PHC string, or says why it will not do.
pub(crate) async fn hash(password: SecretString) -> Result<String> {
    let text = password.expose_secret();
    if text.chars().count() < MIN_CHARS {
        return Err(ActionError::invalid("password", format!("use at least {MIN_CHARS} characters; a short sentence is good")));
    }
    if text.len() > MAX_BYTES {
        return Err(ActionError::invalid("password", format!("use at most {MAX_BYTES} characters")));
    }
    work(move || hash_now(&password)).await
}

/// Whether the password is that of the hash. Without a hash (an unknown address) it is no, after as much work.
pub(crate) async fn verify(password: SecretString, hash: Option<String>) -> Result<bool> {
    if password.expose_secret().len() > MAX_BYTES {
        return Ok(false);
    }
    work(move || match hash {
        Some(hash) => {
            let hash = PasswordHash::new(&hash).map_err(|error| anyhow::anyhow!("a stored password hash is damaged: {error}"))?;
            Ok(Argon2::default().verify_password(password.expose_secret().as_bytes(), &hash).is_ok())
        }
        None => hash_now(&password).map(|_| false),
    })
    .await
}

fn hash_now(password: &SecretString) -> anyhow::Result<String> {
    let hash = Argon2::default().hash_password(password.expose_secret().as_bytes());
    Ok(hash.map_err(|error| anyhow::anyhow!("a password could not be hashed: {error}"))?.to_string())
}

/// Runs what takes tens of milliseconds and 19 MB on the threads meant for it.
async fn work<T: Send + 'static>(job: impl FnOnce() -> anyhow::Result<T> + Send + 'static) -> Result<T> {
    let done = tokio::task::spawn_blocking(job).await.map_err(anyhow::Error::from)?;
    Ok(done?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_again_and_another_is_not() {
        let hash = hash("correct horse battery".into()).await.unwrap();
        assert!(hash.starts_with("$argon2id$"), "{hash}");
        assert!(verify("correct horse battery".into(), Some(hash.clone())).await.unwrap());
        assert!(!verify("correct horse batterY".into(), Some(hash)).await.unwrap());
        assert!(!verify("correct horse battery".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn a_password_has_12_to_1024_characters() {
        for (wrong, says) in [("eleven char".to_owned(), "at least 12"), ("x".repeat(1025), "at most 1024")] {
            let error = hash(wrong.into()).await.unwrap_err().to_string();
            assert!(error.contains(says), "{error}");
        }
        // Twelve letters of another script are twelve characters, whatever their bytes.
        assert!(hash("пароль пароль"[..23].into()).await.is_ok());
    }
}
