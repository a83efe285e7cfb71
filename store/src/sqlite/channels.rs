//! Ways to tell people, and what they prefer.

use async_trait::async_trait;
use domain::preferences::Preferences;
use domain::{Channel, ChannelId, NotificationId, ProductId, Timestamp, UserId};
use sqlx::{Row, query};

use super::SqliteStore;
use crate::channels::{ChannelStore, CodeTry, HeldNotification, PartlyDelivered, UserChannel};
use crate::error::Result;
use crate::{params, rows};

macro_rules! select {
    ($where:literal) => {
        concat!(
            "SELECT ",
            include_str!("../sql/channel_columns.sql"),
            " FROM user_channels WHERE ",
            $where,
            " ORDER BY created_at, channel_id"
        )
    };
}

#[async_trait]
impl ChannelStore for SqliteStore {
    async fn list_channels(&self, user: UserId) -> Result<Vec<UserChannel>> {
        let found = query(select!("user_id = $1")).bind(bytes(&user.0)).fetch_all(&self.readers).await?;
        found.iter().map(rows::channel).collect()
    }

    async fn find_channels_of(&self, users: &[UserId], of: Channel) -> Result<Vec<UserChannel>> {
        let found = query(select!("user_id IN (SELECT unhex(value) FROM json_each($1)) AND channel = $2"))
            .bind(params::hex_array(users.iter().map(|user| user.0)))
            .bind(of.as_str())
            .fetch_all(&self.readers)
            .await?;
        found.iter().map(rows::channel).collect()
    }

    async fn put_channel(&self, new: &UserChannel) -> Result<()> {
        let mut tx = self.write().await?;
        query(include_str!("../sql/put_channel.sql"))
            .bind(bytes(&new.user_id.0))
            .bind(bytes(&new.id.0))
            .bind(new.channel.as_str())
            .bind(&new.label)
            .bind(&new.settings)
            .bind(&new.hint)
            .bind(new.enabled)
            .bind(params::micros(new.verified_at))
            .bind(&new.last_error)
            .bind(new.created_at.as_micros())
            .bind(new.code.map(|code| code.hash.to_vec()))
            .bind(params::micros(new.code.map(|code| code.expires_at)))
            .bind(new.code.map(|code| i64::from(code.tries_left)))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn remove_channel(&self, user: UserId, which: ChannelId) -> Result<bool> {
        let mut tx = self.write().await?;
        let removed = query("DELETE FROM user_channels WHERE user_id = $1 AND channel_id = $2")
            .bind(bytes(&user.0))
            .bind(bytes(&which.0))
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(removed.rows_affected() == 1)
    }

    async fn note_channel(&self, user: UserId, which: ChannelId, error: Option<&str>, enabled: Option<bool>) -> Result<()> {
        let mut tx = self.write().await?;
        query(include_str!("../sql/note_channel.sql"))
            .bind(bytes(&user.0))
            .bind(bytes(&which.0))
            .bind(error)
            .bind(enabled)
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn try_channel_code(&self, user: UserId, which: ChannelId, hash: &[u8; 32], now: Timestamp) -> Result<CodeTry> {
        let mut tx = self.write().await?;
        let row = query(include_str!("../sql/try_channel_code.sql"))
            .bind(bytes(&user.0))
            .bind(bytes(&which.0))
            .bind(hash.as_slice())
            .bind(now.as_micros())
            .fetch_optional(&mut *tx)
            .await?;
        let came = match row {
            None => CodeTry::Over,
            Some(row) => match row.try_get::<Option<i64>, _>("code_tries_left")? {
                None => CodeTry::Verified,
                Some(left) => CodeTry::Wrong { tries_left: u32::try_from(left).unwrap_or(0) },
            },
        };
        tx.commit().await?;
        Ok(came)
    }

    async fn find_preferences(&self, users: &[UserId]) -> Result<Vec<(UserId, Preferences)>> {
        const FIND: &str =
            "SELECT user_id, preferences FROM user_preferences WHERE user_id IN (SELECT unhex(value) FROM json_each($1))";
        let ids = params::hex_array(users.iter().map(|user| user.0));
        let found = query(FIND).bind(ids).fetch_all(&self.readers).await?;
        found.iter().map(rows::preferences).collect()
    }

    async fn put_preferences(&self, user: UserId, preferences: &Preferences) -> Result<()> {
        let mut tx = self.write().await?;
        query(include_str!("../sql/put_preferences.sql"))
            .bind(bytes(&user.0))
            .bind(params::json(preferences))
            .execute(&mut *tx)
            .await?;
        Ok(tx.commit().await?)
    }

    async fn hold_notifications(&self, held: &[HeldNotification]) -> Result<()> {
        if held.is_empty() {
            return Ok(());
        }
        let held: Vec<_> = held
            .iter()
            .map(|held| (params::hex(held.product_id.0), params::hex(held.id.0), held.until.as_micros(), &held.reason))
            .collect();
        let mut tx = self.write().await?;
        query(include_str!("../sql/sqlite/hold_notifications.sql")).bind(params::json(&held)).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    async fn partly_delivered(&self, notifications: &[(ProductId, NotificationId)]) -> Result<Vec<PartlyDelivered>> {
        if notifications.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<_> = notifications.iter().map(|(product, id)| (params::hex(product.0), params::hex(id.0))).collect();
        let found =
            query(include_str!("../sql/sqlite/partly_delivered.sql")).bind(params::json(&ids)).fetch_all(&self.readers).await?;
        found.iter().map(rows::partly_delivered).collect()
    }

    async fn note_partly_delivered(&self, delivered: &[PartlyDelivered]) -> Result<()> {
        if delivered.is_empty() {
            return Ok(());
        }
        let ids: Vec<_> = delivered
            .iter()
            .map(|done| (params::hex(done.product_id.0), params::hex(done.id.0), params::hex(done.channel_id.0)))
            .collect();
        let mut tx = self.write().await?;
        query(include_str!("../sql/sqlite/note_partly_delivered.sql")).bind(params::json(&ids)).execute(&mut *tx).await?;
        Ok(tx.commit().await?)
    }

    async fn keep_setting(&self, name: &str, value: &str) -> Result<String> {
        let mut tx = self.write().await?;
        query(include_str!("../sql/keep_setting.sql")).bind(name).bind(value).execute(&mut *tx).await?;
        let kept = sqlx::query_scalar("SELECT value FROM settings WHERE name = $1").bind(name).fetch_one(&mut *tx).await?;
        tx.commit().await?;
        Ok(kept)
    }
}

fn bytes(id: &uuid::Uuid) -> &[u8] {
    id.as_bytes().as_slice()
}
