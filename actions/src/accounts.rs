//! Accounts: passwords, sessions, API tokens, the set-up link.

use domain::user::{Role, Scope, User};
use secrecy::SecretString;

use crate::error::Result;
use crate::{Plummet, Viewer};

/// A secret that is shown once and stored only as its hash: a session's, an API token's, the set-up link's.
pub type Secret = SecretString;

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
    let _ = plummet;
    unimplemented!()
}

/// Makes a new set-up link (the old one dies) and gives its token. Only while there is no account.
pub async fn new_setup_link(plummet: &Plummet) -> Result<Secret> {
    let _ = plummet;
    unimplemented!()
}

/// Whether a set-up token is the valid one: `DeadLink` if not.
pub async fn find_setup_link(plummet: &Plummet, token: &str) -> Result<()> {
    let _ = (plummet, token);
    unimplemented!()
}

/// Makes the first account, an admin's, by the set-up link, and signs it in.
pub async fn create_first_admin(plummet: &Plummet, token: &str, account: NewAccount) -> Result<SignedIn> {
    let _ = (plummet, token, account);
    unimplemented!()
}

/// Makes an account on the operator's word.
pub async fn add_user(plummet: &Plummet, account: NewAccount, role: Role) -> Result<User> {
    let _ = (plummet, account, role);
    unimplemented!()
}

/// Sets a password; every session of the account ends.
pub async fn set_password(plummet: &Plummet, email: &str, password: SecretString) -> Result<()> {
    let _ = (plummet, email, password);
    unimplemented!()
}

/// Makes an account an admin's.
pub async fn promote(plummet: &Plummet, email: &str) -> Result<()> {
    let _ = (plummet, email);
    unimplemented!()
}

/// Signs in. Slowed after wrong tries; takes as long for an unknown address as for a wrong password.
pub async fn sign_in(plummet: &Plummet, email: &str, password: SecretString) -> Result<SignedIn> {
    let _ = (plummet, email, password);
    unimplemented!()
}

/// Ends a session.
pub async fn sign_out(plummet: &Plummet, session: &str) -> Result<()> {
    let _ = (plummet, session);
    unimplemented!()
}

/// Who holds a session.
pub async fn session_viewer(plummet: &Plummet, session: &str) -> Result<Option<Viewer>> {
    let _ = (plummet, session);
    unimplemented!()
}

/// Makes an API token of an account and gives its secret, which begins with `plm_`.
pub async fn create_token(plummet: &Plummet, email: &str, name: &str, scope: Scope) -> Result<Secret> {
    let _ = (plummet, email, name, scope);
    unimplemented!()
}

/// Who holds an API token.
pub async fn token_viewer(plummet: &Plummet, token: &str) -> Result<Option<Viewer>> {
    let _ = (plummet, token);
    unimplemented!()
}
