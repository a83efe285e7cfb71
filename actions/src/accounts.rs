//! Accounts: passwords, sessions, API tokens, the set-up link.

use domain::time::DAY;
use domain::user::{Role, User, parse_email};
use domain::{Timestamp, UserId};
use secrecy::{ExposeSecret, SecretString};
use store::{NewSession, NewUser};
use uuid::Uuid;

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer, passwords, secrets};

/// A secret that is shown once and stored only as its hash: a session's, an API token's, the set-up link's.
pub type Secret = SecretString;

/// How long a session lasts.
const SESSION: i64 = 30 * DAY;
/// The setting that holds the set-up link's hash and the moment it dies, as microseconds since 1970.
pub(crate) const SETUP_LINK_SETTING: &str = "setup_link";
/// What API tokens begin with, so that a leaked one is recognised for what it is.
pub(crate) const TOKEN_PREFIX: &str = "plm_";

/// An account to be made.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Its address.
    pub email: String,
    /// Its password, at least 12 characters.
    pub password: SecretString,
    /// Language and region, from the browser.
    pub locale: domain::Locale,
    /// IANA time zone, from the browser; `UTC` if unknown.
    pub time_zone: String,
}

/// A person who has just signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The account.
    pub user: User,
    /// The session's secret, for the cookie.
    pub session: Secret,
}

/// Whether there is no account yet: the first visitor with the set-up link makes the admin's.
pub async fn needs_setup(plummet: &Plummet) -> Result<bool> {
    Ok(!plummet.store.has_users().await?)
}

/// Whether a set-up token is the valid one: `DeadLink` if not.
pub async fn find_setup_link(plummet: &Plummet, token: &str) -> Result<()> {
    let setting = plummet.store.find_setting(SETUP_LINK_SETTING).await?;
    let kept = setting.as_deref().and_then(|setting| setting.split_once(' '));
    let good = kept.is_some_and(|(hash, dies)| {
        let dies = dies.parse().map(Timestamp::from_micros).unwrap_or_default();
        hash == secrets::hash_text(&token.into()) && plummet.clock.now() < dies
    });
    if good { Ok(()) } else { Err(ActionError::DeadLink) }
}

/// Makes the first account, an admin's, by the set-up link, and signs it in.
pub async fn create_first_admin(plummet: &Plummet, token: &str, account: NewAccount) -> Result<SignedIn> {
    find_setup_link(plummet, token).await?;
    let new = new_user(account, Role::Admin, plummet.clock.now()).await?;
    // Of two who hold the link, one makes the account; for the other it is used.
    if !plummet.store.create_first_user(&new).await? {
        return Err(ActionError::DeadLink);
    }
    plummet.store.put_setting(SETUP_LINK_SETTING, None).await?;
    open_session(plummet, new.user).await
}

/// An account ready to be stored: its address read, its password hashed.
pub(crate) async fn new_user(account: NewAccount, role: Role, now: Timestamp) -> Result<NewUser> {
    let email = parse_email(&account.email)
        .ok_or_else(|| ActionError::invalid("email", "this is no e-mail address; enter one such as anna@example.org"))?;
    let password_hash = Some(passwords::hash(account.password).await?);
    let (locale, time_zone) = (account.locale, account.time_zone);
    let id = UserId(Uuid::new_v4());
    Ok(NewUser { user: User { id, email, role, locale, time_zone, created_at: now }, password_hash })
}

/// Signs in. Slowed after wrong tries; takes as long for an unknown address as for a wrong password.
pub async fn sign_in(plummet: &Plummet, email: &str, password: SecretString) -> Result<SignedIn> {
    let email = parse_email(email).ok_or(ActionError::WrongPassword)?;
    plummet.throttle.admit(&email, plummet.clock.now())?;
    let credentials = plummet.store.find_credentials(&email).await?;
    let hash = credentials.as_ref().and_then(|credentials| credentials.password_hash.clone());
    let is_right = passwords::verify(password, hash).await?;
    match credentials {
        Some(credentials) if is_right => {
            plummet.throttle.forgive(&email);
            open_session(plummet, credentials.user).await
        }
        _ => Err(ActionError::WrongPassword),
    }
}

async fn open_session(plummet: &Plummet, user: User) -> Result<SignedIn> {
    let session = secrets::draw("");
    let now = plummet.clock.now();
    let secret_hash = secrets::hash(session.expose_secret());
    let new = NewSession { secret_hash, user_id: user.id, created_at: now, expires_at: now.plus_micros(SESSION) };
    plummet.store.create_session(&new).await?;
    Ok(SignedIn { user, session })
}

/// Ends a session.
pub async fn sign_out(plummet: &Plummet, session: &str) -> Result<()> {
    Ok(plummet.store.end_session(&secrets::hash(session)).await?)
}

/// Who holds a session.
pub async fn session_viewer(plummet: &Plummet, session: &str) -> Result<Option<Viewer>> {
    let user = plummet.store.find_session(&secrets::hash(session), plummet.clock.now()).await?;
    Ok(user.map(Viewer::by_session))
}

/// Who holds an API token.
pub async fn token_viewer(plummet: &Plummet, token: &str) -> Result<Option<Viewer>> {
    if !token.starts_with(TOKEN_PREFIX) {
        return Ok(None);
    }
    let holder = plummet.store.find_token(&secrets::hash(token), plummet.clock.now()).await?;
    Ok(holder.map(|holder| Viewer::by_token(holder.user, holder.scope)))
}
