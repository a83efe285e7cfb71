//! Accounts, sessions and API tokens.

use std::sync::atomic::Ordering;

use anyhow::Context;
use domain::time::MINUTE;
use domain::user::{Scope, User};
use domain::{Timestamp, UserId};
use sqlx::{PgConnection, Row, query};
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::error::{Result, StoreError};
use crate::model::{Credentials, NewSession, NewToken, NewUser, TokenHolder, UserChange};
use crate::params::USE_NOTED_EVERY;
use crate::rows;
use crate::rows::Columns;

/// Sessions that ended are looked for once in so long: on a cluster, every server has some.
const SWEEP_EVERY: i64 = MINUTE;

pub(super) async fn create_user(store: &PostgresStore, user: &NewUser) -> Result<()> {
    let mut tx = store.write().await?;
    insert_user(&mut tx, user).await?;
    Ok(tx.commit().await?)
}

pub(super) async fn create_first_user(store: &PostgresStore, user: &NewUser) -> Result<bool> {
    let mut tx = store.write().await?;
    // Whoever writes this row holds the others back until it is decided who is first.
    query(sql::PUT_SETTING).bind("first_user").bind(user.user.id.to_string()).execute(&mut *tx).await?;
    if sqlx::query_scalar(sql::HAS_USERS).fetch_one(&mut *tx).await? {
        return Ok(false);
    }
    insert_user(&mut tx, user).await?;
    tx.commit().await?;
    Ok(true)
}

async fn insert_user(tx: &mut PgConnection, new: &NewUser) -> Result<()> {
    let email = new.user.email.to_lowercase();
    let taken = query(sql::TAKE_EMAIL).bind(&email).bind(new.user.id.0).execute(&mut *tx).await?;
    if taken.rows_affected() == 0 {
        return Err(StoreError::Taken("this e-mail address"));
    }
    query(sql::INSERT_USER)
        .bind(new.user.id.0)
        .bind(email)
        .bind(new.user.role.as_str())
        .bind(new.user.locale.tag())
        .bind(&new.user.time_zone)
        .bind(&new.password_hash)
        .bind(new.user.created_at.as_micros())
        .execute(&mut *tx)
        .await?;
    Ok(())
}

pub(super) async fn has_users(store: &PostgresStore) -> Result<bool> {
    Ok(sqlx::query_scalar(sql::HAS_USERS).fetch_one(&store.pool).await?)
}

pub(super) async fn find_user(store: &PostgresStore, user: UserId) -> Result<Option<User>> {
    let row = query(sql::FIND_USER).bind(user.0).fetch_optional(&store.pool).await?;
    row.as_ref().map(rows::user).transpose()
}

pub(super) async fn find_credentials(store: &PostgresStore, email: &str) -> Result<Option<Credentials>> {
    let id: Option<Uuid> =
        sqlx::query_scalar(sql::USER_OF_EMAIL).bind(email.trim().to_lowercase()).fetch_optional(&store.pool).await?;
    let Some(id) = id else { return Ok(None) };
    let Some(row) = query(sql::FIND_USER).bind(id).fetch_optional(&store.pool).await? else { return Ok(None) };
    Ok(Some(Credentials { user: rows::user(&row)?, password_hash: row.try_get("password_hash")? }))
}

pub(super) async fn update_user(store: &PostgresStore, user: UserId, change: &UserChange) -> Result<bool> {
    let mut tx = store.write().await?;
    let updated = query(sql::UPDATE_USER)
        .bind(user.0)
        .bind(change.role.map(|role| role.as_str()))
        .bind(&change.password_hash)
        .bind(change.locale.map(|locale| locale.tag()))
        .bind(&change.time_zone)
        .execute(&mut *tx)
        .await?;
    if change.password_hash.is_some() {
        // Whoever was signed in with the old password is out.
        query(sql::DELETE_SESSIONS_OF).bind(user.0).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(updated.rows_affected() == 1)
}

pub(super) async fn create_session(store: &PostgresStore, session: &NewSession) -> Result<()> {
    sweep_sessions(store, session.created_at).await?;
    query(sql::INSERT_SESSION)
        .bind(session.secret_hash.as_slice())
        .bind(session.user_id.0)
        .bind(session.created_at.as_micros())
        .bind(session.expires_at.as_micros())
        .execute(&store.pool)
        .await?;
    Ok(())
}

async fn sweep_sessions(store: &PostgresStore, now: Timestamp) -> Result<()> {
    let now = now.as_micros();
    let before = store.swept_at.load(Ordering::Relaxed);
    let is_mine = now.saturating_sub(before) >= SWEEP_EVERY
        && store.swept_at.compare_exchange(before, now, Ordering::Relaxed, Ordering::Relaxed).is_ok();
    if is_mine {
        query(sql::DELETE_ENDED_SESSIONS).bind(now).execute(&store.pool).await?;
    }
    Ok(())
}

pub(super) async fn find_session(store: &PostgresStore, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<User>> {
    let id: Option<Uuid> = sqlx::query_scalar(sql::USER_OF_SESSION)
        .bind(secret_hash.as_slice())
        .bind(now.as_micros())
        .fetch_optional(&store.pool)
        .await?;
    match id {
        Some(id) => find_user(store, UserId(id)).await,
        None => Ok(None),
    }
}

pub(super) async fn end_session(store: &PostgresStore, secret_hash: &[u8; 32]) -> Result<()> {
    query(sql::DELETE_SESSION).bind(secret_hash.as_slice()).execute(&store.pool).await?;
    Ok(())
}

pub(super) async fn create_token(store: &PostgresStore, token: &NewToken) -> Result<()> {
    query(sql::INSERT_TOKEN)
        .bind(token.secret_hash.as_slice())
        .bind(token.user_id.0)
        .bind(&token.name)
        .bind(token.scope.as_str())
        .bind(token.created_at.as_micros())
        .bind(token.expires_at.map(Timestamp::as_micros))
        .execute(&store.pool)
        .await?;
    Ok(())
}

pub(super) async fn find_token(store: &PostgresStore, secret_hash: &[u8; 32], now: Timestamp) -> Result<Option<TokenHolder>> {
    let row = query(sql::FIND_TOKEN).bind(secret_hash.as_slice()).bind(now.as_micros()).fetch_optional(&store.pool).await?;
    let Some(row) = row else { return Ok(None) };
    let Some(user) = find_user(store, UserId(row.id("user_id")?)).await? else { return Ok(None) };
    let scope = rows::word(&row, "scope", Scope::parse).with_context(|| format!("an API token of user {}", user.id))?;
    if row.maybe_int("last_used_at")?.is_none_or(|last| now.as_micros() - last >= USE_NOTED_EVERY) {
        // Noting it must not keep the holder out while the disk is full.
        let noted = query(sql::NOTE_USE).bind(secret_hash.as_slice()).bind(now.as_micros()).execute(&store.pool).await;
        if let Err(error) = noted {
            tracing::warn!(error.message = %error, "could not note that an API token was used");
        }
    }
    Ok(Some(TokenHolder { user, scope }))
}
