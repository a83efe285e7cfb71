//! Accounts, sessions and API tokens.

use anyhow::Context;
use domain::user::{Scope, User};
use domain::{Timestamp, UserId};
use sqlx::{Row, query};

use super::SqliteStore;
use super::error::is_taken;
use crate::error::{Result, StoreError};
use crate::model::{Credentials, NewSession, NewToken, NewUser, TokenHolder, UserChange};
use crate::params::USE_NOTED_EVERY;
use crate::rows;

macro_rules! insert_user {
    ($rest:literal) => {
        concat!(
            "INSERT INTO users (user_id, email, role, locale, time_zone, password_hash, created_at) ",
            "SELECT $1, $2, $3, $4, $5, $6, $7 ",
            $rest
        )
    };
}

pub(super) async fn create_user(store: &SqliteStore, user: &NewUser) -> Result<()> {
    insert_user(store, insert_user!(""), user).await?;
    Ok(())
}

pub(super) async fn create_first_user(store: &SqliteStore, user: &NewUser) -> Result<bool> {
    Ok(insert_user(store, insert_user!("WHERE NOT EXISTS (SELECT 1 FROM users)"), user).await? == 1)
}

async fn insert_user(store: &SqliteStore, sql: &'static str, new: &NewUser) -> Result<u64> {
    let mut tx = store.write().await?;
    let inserted = query(sql)
        .bind(new.user.id.0)
        .bind(new.user.email.to_lowercase())
        .bind(new.user.role.as_str())
        .bind(new.user.locale.tag())
        .bind(&new.user.time_zone)
        .bind(&new.password_hash)
        .bind(new.user.created_at.as_micros())
        .execute(&mut *tx)
        .await
        .map_err(|error| if is_taken(&error) { StoreError::Taken("this e-mail address") } else { error.into() })?;
    tx.commit().await?;
    Ok(inserted.rows_affected())
}

pub(super) async fn has_users(store: &SqliteStore) -> Result<bool> {
    Ok(sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM users)").fetch_one(&store.readers).await?)
}

pub(super) async fn find_user(store: &SqliteStore, user: UserId) -> Result<Option<User>> {
    const FIND: &str = concat!("SELECT ", include_str!("../sql/user_columns.sql"), " FROM users u WHERE u.user_id = $1");
    let row = query(FIND).bind(user.0).fetch_optional(&store.readers).await?;
    row.as_ref().map(rows::user).transpose()
}

pub(super) async fn find_credentials(store: &SqliteStore, email: &str) -> Result<Option<Credentials>> {
    const FIND: &str =
        concat!("SELECT ", include_str!("../sql/user_columns.sql"), ", u.password_hash FROM users u WHERE u.email = $1");
    let row = query(FIND).bind(email.trim().to_lowercase()).fetch_optional(&store.readers).await?;
    let Some(row) = row else { return Ok(None) };
    Ok(Some(Credentials { user: rows::user(&row)?, password_hash: row.try_get("password_hash")? }))
}

pub(super) async fn update_user(store: &SqliteStore, user: UserId, change: &UserChange) -> Result<bool> {
    let mut tx = store.write().await?;
    let updated = query(include_str!("../sql/update_user.sql"))
        .bind(user.0)
        .bind(change.role.map(|role| role.as_str()))
        .bind(&change.password_hash)
        .bind(change.locale.map(|locale| locale.tag()))
        .bind(&change.time_zone)
        .execute(&mut *tx)
        .await?;
    if change.password_hash.is_some() {
        // Whoever was signed in with the old password is out.
        query("DELETE FROM sessions WHERE user_id = $1").bind(user.0).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(updated.rows_affected() == 1)
}

pub(super) async fn create_session(store: &SqliteStore, session: &NewSession) -> Result<()> {
    let mut tx = store.write().await?;
    query("DELETE FROM sessions WHERE expires_at <= $1").bind(session.created_at.as_micros()).execute(&mut *tx).await?;
    query(include_str!("../sql/insert_session.sql"))
        .bind(session.secret_hash.as_slice())
        .bind(session.user_id.0)
        .bind(session.created_at.as_micros())
        .bind(session.expires_at.as_micros())
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_session(store: &SqliteStore, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>> {
    const FIND: &str = concat!(
        "SELECT ",
        include_str!("../sql/user_columns.sql"),
        " FROM sessions s JOIN users u ON u.user_id = s.user_id WHERE s.secret_hash = $1 AND s.expires_at > $2"
    );
    let row = query(FIND).bind(secret_hash.as_slice()).bind(now.as_micros()).fetch_optional(&store.readers).await?;
    row.as_ref().map(rows::user).transpose()
}

pub(super) async fn end_session(store: &SqliteStore, secret_hash: &[u8; 32]) -> Result<()> {
    let mut tx = store.write().await?;
    query("DELETE FROM sessions WHERE secret_hash = $1").bind(secret_hash.as_slice()).execute(&mut *tx).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn create_token(store: &SqliteStore, token: &NewToken) -> Result<()> {
    let mut tx = store.write().await?;
    query(include_str!("../sql/insert_token.sql"))
        .bind(token.secret_hash.as_slice())
        .bind(token.user_id.0)
        .bind(&token.name)
        .bind(token.scope.as_str())
        .bind(token.created_at.as_micros())
        .bind(token.expires_at.map(Timestamp::as_micros))
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}

pub(super) async fn find_token(store: &SqliteStore, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenHolder>> {
    const FIND: &str = concat!(
        "SELECT ",
        include_str!("../sql/user_columns.sql"),
        ", k.scope, k.last_used_at FROM ",
        include_str!("../sql/sqlite/token_holder.sql")
    );
    let row = query(FIND).bind(secret_hash.as_slice()).bind(now.as_micros()).fetch_optional(&store.readers).await?;
    let Some(row) = row else { return Ok(None) };
    let user = rows::user(&row)?;
    let scope = rows::word(&row, "scope", Scope::parse).with_context(|| format!("an API token of user {}", user.id))?;
    let last_used_at: Option<i64> = row.try_get("last_used_at")?;
    if last_used_at.is_none_or(|last| now.as_micros() - last >= USE_NOTED_EVERY) {
        // Noting it must not keep the holder out while the disk is full.
        if let Err(error) = note_use(store, secret_hash, now).await {
            tracing::warn!(error.message = %error, "could not note that an API token was used");
        }
    }
    Ok(Some(TokenHolder { user, scope }))
}

async fn note_use(store: &SqliteStore, secret_hash: &[u8; 32], now: Timestamp) -> Result<()> {
    let mut tx = store.write().await?;
    query("UPDATE api_tokens SET last_used_at = $2 WHERE secret_hash = $1")
        .bind(secret_hash.as_slice())
        .bind(now.as_micros())
        .execute(&mut *tx)
        .await?;
    Ok(tx.commit().await?)
}
