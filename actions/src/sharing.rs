//! Sharing a product's history by a link, and API tokens.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use domain::time::DAY;
use domain::user::Scope;
use domain::{ProductId, ProductState};
use secrecy::{ExposeSecret, SecretString};
use store::{NewToken, Share, StoredToken};
use uuid::Uuid;

use crate::accounts::TOKEN_PREFIX;
use crate::error::{ActionError, Result};
use crate::products::{History, HistoryWindow, read_history};
use crate::{Plummet, Viewer, secrets};

/// Random bytes of a share's token: nobody guesses 96 bits.
const TOKEN_BYTES: usize = 12;
/// Tokens a person may have.
const MOST_TOKENS: usize = 50;

/// Shares a product that the viewer tracks, or gives the share that there is.
pub async fn share(plummet: &Plummet, viewer: &Viewer, product: ProductId) -> Result<Share> {
    viewer.require(Scope::Track)?;
    if plummet.store.find_tracking_of(viewer.user.id, product).await?.is_none() {
        return Err(ActionError::NotFound("product"));
    }
    let random: [u8; TOKEN_BYTES] = rand::random();
    // The product's id goes before: a token is looked up beside its product.
    let token = URL_SAFE_NO_PAD.encode([product.0.as_bytes().as_slice(), &random].concat());
    let share = Share { product_id: product, user_id: viewer.user.id, token, created_at: plummet.clock.now() };
    Ok(plummet.store.put_share(&share).await?)
}

/// Ends the viewer's share of a product: its link is dead at once.
pub async fn unshare(plummet: &Plummet, viewer: &Viewer, product: ProductId) -> Result<()> {
    viewer.require(Scope::Track)?;
    if plummet.store.remove_share(viewer.user.id, product).await? { Ok(()) } else { Err(ActionError::NotFound("share")) }
}

/// The viewer's share of a product, if it is shared.
pub async fn find_share_of(plummet: &Plummet, viewer: &Viewer, product: ProductId) -> Result<Option<Share>> {
    Ok(plummet.store.find_share_of(viewer.user.id, product).await?)
}

/// What a link shows to anybody: the product and a part of its history. Nothing of whoever shares it.
pub async fn find_shared(plummet: &Plummet, token: &str, window: HistoryWindow) -> Result<(ProductState, History)> {
    let product = product_of(token).ok_or(ActionError::NotFound("page"))?;
    plummet.store.find_share(product, token).await?.ok_or(ActionError::NotFound("page"))?;
    let history = read_history(plummet, product, window).await?;
    Ok((history.product.clone(), history))
}

/// The product that a share's token begins with.
fn product_of(token: &str) -> Option<ProductId> {
    let bytes = URL_SAFE_NO_PAD.decode(token).ok().filter(|bytes| bytes.len() == 16 + TOKEN_BYTES)?;
    Uuid::from_slice(&bytes[..16]).ok().map(ProductId)
}

/// An API token to be made by its owner.
#[derive(Clone, Debug)]
pub struct TokenWish {
    /// What it is called.
    pub name: String,
    /// What it may do; at most what the account may.
    pub scope: Scope,
    /// After how many days it ends; never, if `None`.
    pub days: Option<u32>,
}

/// Makes an API token of the viewer and gives its secret, the only time that it is seen.
pub async fn make_token(plummet: &Plummet, viewer: &Viewer, wish: TokenWish) -> Result<SecretString> {
    // Whoever has a token may not make one that can more.
    viewer.require(wish.scope)?;
    let name = wish.name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(ActionError::invalid("name", "give the token a name of 1 to 100 characters"));
    }
    if plummet.store.list_tokens(viewer.user.id).await?.len() >= MOST_TOKENS {
        return Err(ActionError::invalid("name", format!("there are {MOST_TOKENS} tokens already; revoke one first")));
    }
    let secret = secrets::draw(TOKEN_PREFIX);
    let now = plummet.clock.now();
    let token = NewToken {
        secret_hash: secrets::hash(secret.expose_secret()),
        user_id: viewer.user.id,
        name: name.to_owned(),
        scope: wish.scope,
        created_at: now,
        expires_at: wish.days.map(|days| now.plus_micros(i64::from(days) * DAY)),
    };
    plummet.store.create_token(&token).await?;
    Ok(secret)
}

/// The viewer's API tokens, newest first.
pub async fn list_tokens(plummet: &Plummet, viewer: &Viewer) -> Result<Vec<StoredToken>> {
    Ok(plummet.store.list_tokens(viewer.user.id).await?)
}

/// Revokes one of the viewer's API tokens; `name` is the hash of its secret as hex digits.
pub async fn revoke_token(plummet: &Plummet, viewer: &Viewer, name: &str) -> Result<()> {
    viewer.require(Scope::Track)?;
    let hash = parse_hash(name).ok_or(ActionError::NotFound("token"))?;
    if plummet.store.remove_token(viewer.user.id, &hash).await? { Ok(()) } else { Err(ActionError::NotFound("token")) }
}

/// The name of a token: the hash of its secret as hex digits.
pub fn token_name(token: &StoredToken) -> String {
    token.secret_hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn parse_hash(text: &str) -> Option<[u8; 32]> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let bytes: Option<Vec<u8>> = (0..32).map(|at| u8::from_str_radix(&text[2 * at..2 * at + 2], 16).ok()).collect();
    bytes?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_a_share_names_its_product() {
        let product = ProductId(Uuid::from_u128(7));
        let token = URL_SAFE_NO_PAD.encode([product.0.as_bytes().as_slice(), &[1; TOKEN_BYTES]].concat());
        assert_eq!(product_of(&token), Some(product));
        for wrong in ["", "abc", &token[1..], "../../etc/passwd"] {
            assert_eq!(product_of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_hash_is_read_back_from_its_name() {
        let name: String = (0..32_u8).map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(parse_hash(&name).map(|hash| hash[31]), Some(31));
        assert_eq!(parse_hash("zz"), None);
        assert_eq!(parse_hash(&"é".repeat(32)), None);
    }
}
