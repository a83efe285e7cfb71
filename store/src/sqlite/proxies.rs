//! Proxies that admins added.

use domain::ProxyId;
use sqlx::query;

use super::SqliteStore;
use super::error::is_taken;
use crate::error::{Result, StoreError};
use crate::model::StoredProxy;
use crate::rows;

pub(super) async fn list_proxies(store: &SqliteStore) -> Result<Vec<StoredProxy>> {
    const LIST: &str = include_str!("../sql/list_proxies.sql");
    let rows = query(LIST).fetch_all(&store.readers).await?;
    rows.iter().map(rows::proxy).collect()
}

pub(super) async fn put_proxy(store: &SqliteStore, proxy: &StoredProxy) -> Result<()> {
    let mut tx = store.write().await?;
    query(include_str!("../sql/put_proxy.sql"))
        .bind(proxy.id.0)
        .bind(&proxy.name)
        .bind(&proxy.scheme)
        .bind(&proxy.address)
        .bind(&proxy.credentials)
        .bind(proxy.enabled)
        .bind(proxy.created_at.as_micros())
        .execute(&mut *tx)
        .await
        .map_err(|error| if is_taken(&error) { StoreError::Taken("this proxy's address") } else { error.into() })?;
    Ok(tx.commit().await?)
}

pub(super) async fn remove_proxy(store: &SqliteStore, proxy: ProxyId) -> Result<bool> {
    let mut tx = store.write().await?;
    let removed = query("DELETE FROM proxies WHERE proxy_id = $1").bind(proxy.0).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(removed.rows_affected() == 1)
}
