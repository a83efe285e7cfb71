//! Telling one person something now: a test, a code. By the same senders as alerts, with what was really answered.

use domain::user::User;
use domain::{Channel, ChannelId};
use store::UserChannel;
use uuid::Uuid;

use crate::Jobs;
use crate::links::Links;
use crate::notify::{ChannelSettings, DeliveryError, Letter, Says, VapidError, Way, account_channel};

impl Jobs {
    /// The links of messages: they work without signing in.
    pub fn links(&self) -> &Links {
        self.ctx.notifiers.links()
    }

    /// What browsers need for a push subscription.
    pub async fn push_key(&self) -> Result<String, VapidError> {
        self.ctx.notifiers.push_key().await
    }

    /// Whether this Plummet can tell by the channel at all.
    pub fn offers(&self, channel: Channel) -> bool {
        self.ctx.notifiers.offers(channel)
    }

    /// Why messages cannot go where these settings lead, if so: a private address, no service.
    pub fn check_channel(&self, settings: &ChannelSettings) -> Result<(), String> {
        self.ctx.notifiers.check(settings)
    }

    /// Settings as they are stored.
    pub fn seal_channel(&self, settings: &ChannelSettings, id: ChannelId) -> Vec<u8> {
        settings.seal(&self.ctx.config.secret_key, id)
    }

    /// The account's own address as a way to tell, while nothing about it was changed.
    pub fn account_channel(&self, user: &User) -> UserChannel {
        account_channel(user, &self.ctx.config.secret_key)
    }

    /// Sends a test, as alerts are sent.
    pub async fn send_test(&self, user: &User, channel: &UserChannel) -> Result<(), DeliveryError> {
        self.send_now(user, channel, Says::Test).await
    }

    /// Sends the code that shows that a way is its owner's.
    pub async fn send_code(&self, user: &User, channel: &UserChannel, code: &str) -> Result<(), DeliveryError> {
        let says = Says::Code { code: code.to_owned(), link: self.links().confirm(user.id, channel.id, code) };
        self.send_now(user, channel, says).await
    }

    async fn send_now(&self, user: &User, channel: &UserChannel, says: Says) -> Result<(), DeliveryError> {
        let ctx = &self.ctx;
        let way = Way::open(channel, &ctx.config.secret_key)
            .map_err(|error| DeliveryError::Permanent(format!("the settings of this channel cannot be read: {error}")))?;
        let now = ctx.clock.now();
        let letter = Letter { id: Uuid::new_v4().to_string(), at: now, now, user: user.clone(), says };
        ctx.notifiers.send(&way, &letter).await
    }
}
