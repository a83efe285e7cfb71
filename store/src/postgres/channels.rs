//! Ways to tell people, and what they prefer.

use async_trait::async_trait;
use domain::preferences::Preferences;
use domain::{Channel, ChannelId, NotificationId, ProductId, Timestamp, UserId};
use sqlx::query;
use uuid::Uuid;

use super::{PostgresStore, sql};
use crate::channels::{ChannelStore, CodeTry, HeldNotification, PartlyDelivered, UserChannel};
use crate::error::Result;
use crate::rows::Columns;
use crate::{params, rows};

#[async_trait]
impl ChannelStore for PostgresStore {
    async fn list_channels(&self, user: UserId) -> Result<Vec<UserChannel>> {
        self.unit(async || {
            let found = query(sql::CHANNELS_OF_USER).bind(user.0).fetch_all(&self.pool).await?;
            found.iter().map(rows::channel).collect()
        })
        .await
    }

    async fn find_channels_of(&self, users: &[UserId], channel: Channel) -> Result<Vec<UserChannel>> {
        self.unit(async || {
            let found = query(sql::CHANNELS_OF_USERS).bind(ids(users)).bind(channel.as_str()).fetch_all(&self.pool).await?;
            found.iter().map(rows::channel).collect()
        })
        .await
    }

    async fn put_channel(&self, new: &UserChannel) -> Result<()> {
        self.unit(async || {
            query(sql::PUT_CHANNEL)
                .bind(new.user_id.0)
                .bind(new.id.0)
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
                .execute(&self.pool)
                .await?;
            Ok(())
        })
        .await
    }

    async fn remove_channel(&self, user: UserId, channel: ChannelId) -> Result<bool> {
        self.unit(async || {
            let removed = query(sql::DELETE_CHANNEL).bind(user.0).bind(channel.0).execute(&self.pool).await?;
            Ok(removed.rows_affected() == 1)
        })
        .await
    }

    async fn note_channel(&self, user: UserId, channel: ChannelId, error: Option<&str>, enabled: Option<bool>) -> Result<()> {
        let error = params::maybe_text(error);
        self.unit(async || {
            query(sql::NOTE_CHANNEL).bind(user.0).bind(channel.0).bind(&error).bind(enabled).execute(&self.pool).await?;
            Ok(())
        })
        .await
    }

    async fn try_channel_code(&self, user: UserId, channel: ChannelId, hash: &[u8; 32], now: Timestamp) -> Result<CodeTry> {
        self.unit(async || {
            // One statement: of many at once, each waits for the one before and sees the tries that it left.
            let row = query(sql::TRY_CHANNEL_CODE)
                .bind(user.0)
                .bind(channel.0)
                .bind(hash.as_slice())
                .bind(now.as_micros())
                .fetch_optional(&self.pool)
                .await?;
            let Some(row) = row else { return Ok(CodeTry::Over) };
            Ok(match row.maybe_int("code_tries_left")? {
                None => CodeTry::Verified,
                Some(left) => CodeTry::Wrong { tries_left: u32::try_from(left).unwrap_or(0) },
            })
        })
        .await
    }

    async fn find_preferences(&self, users: &[UserId]) -> Result<Vec<(UserId, Preferences)>> {
        self.unit(async || {
            let found = query(sql::FIND_PREFERENCES).bind(ids(users)).fetch_all(&self.pool).await?;
            found.iter().map(rows::preferences).collect()
        })
        .await
    }

    async fn put_preferences(&self, user: UserId, preferences: &Preferences) -> Result<()> {
        self.unit(async || {
            query(sql::PUT_PREFERENCES).bind(user.0).bind(params::json(preferences)).execute(&self.pool).await?;
            Ok(())
        })
        .await
    }

    async fn hold_notifications(&self, held: &[HeldNotification]) -> Result<()> {
        let mut held: Vec<&HeldNotification> = held.iter().collect();
        held.sort_by_key(|held| (held.product_id, held.id));
        self.unit(async || {
            query(sql::HOLD_NOTIFICATIONS)
                .bind(held.iter().map(|held| held.product_id.0).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.id.0).collect::<Vec<_>>())
                .bind(held.iter().map(|held| held.until.as_micros()).collect::<Vec<_>>())
                .bind(held.iter().map(|held| params::text(&held.reason)).collect::<Vec<_>>())
                .execute(&self.pool)
                .await?;
            Ok(())
        })
        .await
    }

    async fn partly_delivered(&self, notifications: &[(ProductId, NotificationId)]) -> Result<Vec<PartlyDelivered>> {
        let (products, ids): (Vec<Uuid>, Vec<Uuid>) = notifications.iter().map(|(product, id)| (product.0, id.0)).unzip();
        self.unit(async || {
            let found = query(sql::PARTLY_DELIVERED).bind(&products).bind(&ids).fetch_all(&self.pool).await?;
            found.iter().map(rows::partly_delivered).collect()
        })
        .await
    }

    async fn note_partly_delivered(&self, delivered: &[PartlyDelivered]) -> Result<()> {
        self.unit(async || {
            query(sql::NOTE_PARTLY_DELIVERED)
                .bind(delivered.iter().map(|done| done.product_id.0).collect::<Vec<_>>())
                .bind(delivered.iter().map(|done| done.id.0).collect::<Vec<_>>())
                .bind(delivered.iter().map(|done| done.channel_id.0).collect::<Vec<_>>())
                .execute(&self.pool)
                .await?;
            Ok(())
        })
        .await
    }

    async fn keep_setting(&self, name: &str, value: &str) -> Result<String> {
        self.unit(async || {
            // Whoever comes second waits here for the first; the next statement sees what that one wrote.
            query(sql::KEEP_SETTING).bind(name).bind(value).execute(&self.pool).await?;
            Ok(sqlx::query_scalar(sql::FIND_SETTING).bind(name).fetch_one(&self.pool).await?)
        })
        .await
    }
}

fn ids(users: &[UserId]) -> Vec<Uuid> {
    users.iter().map(|user| user.0).collect()
}
