//! The part of the port about ways to tell a person: straight to the store behind.

use async_trait::async_trait;
use domain::preferences::Preferences;
use domain::{Channel, ChannelId, NotificationId, ProductId, Timestamp, UserId};

use super::cached_store::CachedStore;
use crate::channels::{ChannelStore, CodeTry, HeldNotification, PartlyDelivered, UserChannel};
use crate::error::Result;

#[async_trait]
impl ChannelStore for CachedStore {
    async fn list_channels(&self, user: UserId) -> Result<Vec<UserChannel>> {
        self.store.list_channels(user).await
    }

    async fn find_channels_of(&self, users: &[UserId], channel: Channel) -> Result<Vec<UserChannel>> {
        self.store.find_channels_of(users, channel).await
    }

    async fn put_channel(&self, channel: &UserChannel) -> Result<()> {
        self.store.put_channel(channel).await
    }

    async fn remove_channel(&self, user: UserId, channel: ChannelId) -> Result<bool> {
        self.store.remove_channel(user, channel).await
    }

    async fn note_channel(&self, user: UserId, channel: ChannelId, error: Option<&str>, enabled: Option<bool>) -> Result<()> {
        self.store.note_channel(user, channel, error, enabled).await
    }

    async fn try_channel_code(&self, user: UserId, channel: ChannelId, hash: &[u8; 32], now: Timestamp) -> Result<CodeTry> {
        self.store.try_channel_code(user, channel, hash, now).await
    }

    async fn find_preferences(&self, users: &[UserId]) -> Result<Vec<(UserId, Preferences)>> {
        self.store.find_preferences(users).await
    }

    async fn put_preferences(&self, user: UserId, preferences: &Preferences) -> Result<()> {
        self.store.put_preferences(user, preferences).await
    }

    async fn hold_notifications(&self, held: &[HeldNotification]) -> Result<()> {
        self.store.hold_notifications(held).await
    }

    async fn partly_delivered(&self, notifications: &[(ProductId, NotificationId)]) -> Result<Vec<PartlyDelivered>> {
        self.store.partly_delivered(notifications).await
    }

    async fn note_partly_delivered(&self, delivered: &[PartlyDelivered]) -> Result<()> {
        self.store.note_partly_delivered(delivered).await
    }

    async fn keep_setting(&self, name: &str, value: &str) -> Result<String> {
        self.store.keep_setting(name, value).await
    }
}
