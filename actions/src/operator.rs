//! What the operator does from a terminal. It needs the store alone, so it works beside a running program and without one.

use std::sync::Arc;

use domain::UserId;
use domain::time::HOUR;
use domain::user::{Role, Scope, User, parse_email};
use jobs::Clock;
use secrecy::{ExposeSecret, SecretString};
use store::{NewToken, Store, UserChange};

use crate::accounts::{NewAccount, SETUP_LINK_SETTING, Secret, TOKEN_PREFIX, new_user};
use crate::error::{ActionError, Result};
use crate::{passwords, secrets};

/// How long a set-up link is good.
const SETUP_LINK: i64 = 24 * HOUR;

/// The operator, at a terminal of the machine.
#[derive(Clone)]
pub struct Operator {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// The time.
    pub clock: Clock,
}

/// Makes a new set-up link (the old one dies) and gives its token. Only while there is no account.
pub async fn new_setup_link(operator: &Operator) -> Result<Secret> {
    if operator.store.has_users().await? {
        return Err(ActionError::Taken("the first account"));
    }
    let token = secrets::draw("");
    let dies = operator.clock.now().plus_micros(SETUP_LINK).as_micros();
    operator.store.put_setting(SETUP_LINK_SETTING, Some(&format!("{} {dies}", secrets::hash_text(&token)))).await?;
    Ok(token)
}

/// Makes an account.
pub async fn add_user(operator: &Operator, account: NewAccount, role: Role) -> Result<User> {
    let new = new_user(account, role, operator.clock.now()).await?;
    operator.store.create_user(&new).await?;
    Ok(new.user)
}

/// Sets a password; every session of the account ends.
pub async fn set_password(operator: &Operator, email: &str, password: SecretString) -> Result<()> {
    let user = find_account(operator, email).await?;
    let change = UserChange { password_hash: Some(passwords::hash(password).await?), ..UserChange::default() };
    update(operator, user.id, &change).await
}

/// Makes an account an admin's.
pub async fn promote(operator: &Operator, email: &str) -> Result<()> {
    let user = find_account(operator, email).await?;
    update(operator, user.id, &UserChange { role: Some(Role::Admin), ..UserChange::default() }).await
}

/// Makes an API token of an account and gives its secret, which begins with `plm_`.
pub async fn create_token(operator: &Operator, email: &str, name: &str, scope: Scope) -> Result<Secret> {
    let user = find_account(operator, email).await?;
    if scope == Scope::Admin && user.role != Role::Admin {
        let remedy = "a token of scope `admin` needs an admin's account; run `plummet user promote` first";
        return Err(ActionError::invalid("scope", remedy));
    }
    let name = name.trim();
    if name.is_empty() || name.chars().count() > 100 {
        return Err(ActionError::invalid("name", "give the token a name of 1 to 100 characters"));
    }
    let secret = secrets::draw(TOKEN_PREFIX);
    let token = NewToken {
        secret_hash: secrets::hash(secret.expose_secret()),
        user_id: user.id,
        name: name.to_owned(),
        scope,
        created_at: operator.clock.now(),
        expires_at: None,
    };
    operator.store.create_token(&token).await?;
    Ok(secret)
}

async fn update(operator: &Operator, user: UserId, change: &UserChange) -> Result<()> {
    if operator.store.update_user(user, change).await? { Ok(()) } else { Err(ActionError::NotFound("account")) }
}

async fn find_account(operator: &Operator, email: &str) -> Result<User> {
    let email = parse_email(email).ok_or(ActionError::NotFound("account"))?;
    let found = operator.store.find_credentials(&email).await?;
    found.map(|credentials| credentials.user).ok_or(ActionError::NotFound("account"))
}
