//! One way to one person, opened.

use domain::user::User;
use domain::{ChannelId, UserId};
use store::UserChannel;

use super::settings::ChannelSettings;
use crate::seal::{SealError, SecretKey};

/// One way to one person, opened.
#[derive(Clone, Debug)]
pub(crate) struct Way {
    pub(crate) id: ChannelId,
    pub(crate) user_id: UserId,
    pub(crate) settings: ChannelSettings,
    /// Whether its owner sees that something is wrong with it.
    pub(crate) had_error: bool,
}

impl Way {
    pub(crate) fn open(channel: &UserChannel, key: &SecretKey) -> Result<Self, SealError> {
        let settings = ChannelSettings::open(&channel.settings, key, channel.id)?;
        Ok(Way { id: channel.id, user_id: channel.user_id, settings, had_error: channel.last_error.is_some() })
    }

    /// What has a pace of its own at its server: one webhook, one bot.
    pub(crate) fn destination(&self) -> String {
        match &self.settings {
            ChannelSettings::Telegram { bot_token, .. } => bot_token.split(':').next().unwrap_or_default().to_owned(),
            ChannelSettings::Discord { url } | ChannelSettings::Slack { url } | ChannelSettings::Webhook { url, .. } => {
                url.as_str().to_owned()
            }
            ChannelSettings::Ntfy { topic, .. } => topic.clone(),
            ChannelSettings::Email { .. }
            | ChannelSettings::Push { .. }
            | ChannelSettings::Sms { .. }
            | ChannelSettings::Gotify { .. } => String::new(),
        }
    }
}

/// The account's own address as a way, while its owner has not changed anything about it. Accounts are made by operators, who know
/// the address: it counts as confirmed.
pub(crate) fn account_channel(user: &User, key: &SecretKey) -> UserChannel {
    let id = ChannelId::of_account(user.id);
    let settings = ChannelSettings::Email { address: user.email.clone() };
    UserChannel {
        id,
        user_id: user.id,
        channel: domain::Channel::Email,
        label: "Account".into(),
        hint: user.email.clone(),
        settings: settings.seal(key, id),
        enabled: true,
        verified_at: Some(user.created_at),
        last_error: None,
        created_at: user.created_at,
        code: None,
    }
}
