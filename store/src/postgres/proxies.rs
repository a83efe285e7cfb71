//! Proxies that admins added.

use domain::ProxyId;
use sqlx::query;

use super::error::is_taken;
use super::{PostgresStore, sql};
use crate::error::{Result, StoreError};
use crate::model::StoredProxy;
use crate::rows;

pub(super) async fn list_proxies(store: &PostgresStore) -> Result<Vec<StoredProxy>> {
    let rows = query(sql::LIST_PROXIES).fetch_all(&store.pool).await?;
    rows.iter().map(rows::proxy).collect()
}

pub(super) async fn put_proxy(store: &PostgresStore, proxy: &StoredProxy) -> Result<()> {
    query(sql::PUT_PROXY)
        .bind(proxy.id.0)
        .bind(&proxy.name)
        .bind(&proxy.scheme)
        .bind(&proxy.address)
        .bind(&proxy.credentials)
        .bind(proxy.enabled)
        .bind(proxy.created_at.as_micros())
        .execute(&store.pool)
        .await
        .map_err(|error| if is_taken(&error) { StoreError::Taken("this proxy's address") } else { error.into() })?;
    Ok(())
}

pub(super) async fn remove_proxy(store: &PostgresStore, proxy: ProxyId) -> Result<bool> {
    let removed = query(sql::DELETE_PROXY).bind(proxy.0).execute(&store.pool).await?;
    Ok(removed.rows_affected() == 1)
}
