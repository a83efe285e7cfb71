//! A person's API tokens.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// One API token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenView {
    /// Names it in a form: the hash of its secret.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// `read`, `track` or `admin`.
    pub scope: String,
    /// The day it was made.
    pub made: String,
    /// When it ends, in words.
    pub ends: String,
    /// When it was last used, in words.
    pub used: String,
}

/// The page of API tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokensView {
    /// Newest first.
    pub tokens: Vec<TokenView>,
    /// The scopes that the viewer may give.
    pub scopes: Vec<String>,
    /// The secret of the token that was just made: shown once.
    pub secret: Option<String>,
    /// Where the HTTP API is.
    pub base: String,
}

/// The viewer's API tokens, with the secret of one that was just made.
#[server]
pub async fn list_tokens() -> Result<TokensView, ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let show = context::show();
    let tokens = actions::list_tokens(&plummet, &viewer).await.map_err(context::fail)?;
    let view = |token: &store::StoredToken| TokenView {
        id: actions::token_name(token),
        name: token.name.clone(),
        scope: token.scope.as_str().into(),
        made: show.day(token.created_at),
        ends: match token.expires_at {
            None => context::t("never").into(),
            Some(at) if at < show.now => context::t("ended").into(),
            Some(at) => show.day(at),
        },
        used: token.last_used_at.map_or_else(|| context::t("not yet").into(), |at| show.time(at).short),
    };
    let scopes = [domain::user::Scope::Read, domain::user::Scope::Track, domain::user::Scope::Admin];
    let scopes = scopes.into_iter().filter(|scope| *scope <= viewer.scope).map(|scope| scope.as_str().to_owned());
    Ok(TokensView {
        tokens: tokens.iter().map(view).collect(),
        scopes: scopes.collect(),
        secret: context::take_secret(&plummet),
        base: format!("{}/api/v1", plummet.instance.public_url),
    })
}

/// Makes an API token and comes back with its secret, once.
#[server]
pub async fn make_token(
    /// What it is called.
    token_name: String,
    /// What it may do.
    scope: String,
    /// After how many days it ends; nothing for never.
    days: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let scope = domain::user::Scope::parse(&scope);
    let scope = scope.ok_or_else(|| context::fail(actions::ActionError::invalid("scope", "choose what the token may do")))?;
    let wish = actions::TokenWish { name: token_name.clone(), scope, days: days.parse().ok() };
    let secret = actions::make_token(&plummet, &viewer, wish).await;
    let secret = secret.map_err(|error| context::fail(error).with_typed(&[("token_name", &token_name)]))?;
    context::leave_secret(&plummet, secrecy::ExposeSecret::expose_secret(&secret));
    Ok(())
}

/// Revokes an API token: whoever has it is out at once.
#[server]
pub async fn revoke_token(
    /// The hash of its secret.
    id: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::revoke_token(&plummet, &viewer, &id).await.map_err(context::fail)?;
    context::set_flash(&plummet, "revoked");
    Ok(())
}
