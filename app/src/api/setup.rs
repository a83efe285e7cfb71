//! First run: the admin's account, and what it needs to know.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// What the first-run pages show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum SetupView {
    /// The link is good: make the account.
    Account,
    /// There is no account, and no link was given or it is dead.
    NeedsLink {
        /// Whether a link was given.
        is_dead: bool,
    },
    /// There is an account: the rest is about its owner.
    Welcome(WelcomeView),
    /// There is an account, and its owner is not signed in.
    Done,
}

/// What the steps after the account show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WelcomeView {
    /// The account's address: where mails go.
    pub email: String,
    /// Whether mails go out; otherwise they are written into the outbox folder.
    pub sends_mail: bool,
    /// Front page of the demo shop, if it runs.
    pub demo_shop: Option<String>,
}

/// What the first-run page shows for a link's token.
#[server]
pub async fn find_setup(
    /// The set-up link's token.
    token: String,
) -> Result<SetupView, ApiError> {
    let plummet = context::plummet();
    if let Some(viewer) = context::find_viewer() {
        let instance = &plummet.instance;
        let (sends_mail, demo_shop) = (instance.sends_mail, instance.demo_shop.clone());
        return Ok(SetupView::Welcome(WelcomeView { email: viewer.user.email, sends_mail, demo_shop }));
    }
    if !actions::needs_setup(&plummet).await.map_err(context::fail)? {
        return Ok(SetupView::Done);
    }
    match actions::find_setup_link(&plummet, &token).await {
        Ok(()) => Ok(SetupView::Account),
        Err(actions::ActionError::DeadLink) => Ok(SetupView::NeedsLink { is_dead: !token.is_empty() }),
        Err(error) => Err(context::fail(error)),
    }
}

/// Makes the first account, signs it in and goes to the second step. A plain form posts here.
#[server]
pub async fn create_account(
    /// The set-up link's token.
    token: String,
    /// Address.
    email: String,
    /// Password.
    password: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let (locale, time_zone) = (context::browser_locale(), context::browser_zone());
    let account = actions::NewAccount { email: email.clone(), password: password.into(), locale, time_zone };
    let made = actions::create_first_admin(&plummet, &token, account).await;
    let made = made.map_err(|error| context::fail(error).with_typed(&[("email", &email)]))?;
    context::set_session_cookie(&plummet, secrecy::ExposeSecret::expose_secret(&made.session));
    leptos_axum::redirect("/setup?step=2");
    Ok(())
}
