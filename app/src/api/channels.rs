//! A person's ways to be told, and what they prefer.

use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use super::error::ApiError;

#[cfg(feature = "ssr")]
use crate::context;

/// The page of channels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelsView {
    /// The account's own address first.
    pub channels: Vec<ChannelRow>,
    /// Those that can be added: word and name.
    pub offered: Vec<(String, String)>,
    /// What browsers need for push; empty while it cannot be had.
    pub push_key: String,
    /// The secret address of the feed.
    pub feed: String,
    /// What the person prefers.
    pub preferences: PreferencesView,
}

/// One way to be told.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChannelRow {
    /// Its id.
    pub id: String,
    /// What the channel is called.
    pub channel: String,
    /// What its owner calls it.
    pub label: String,
    /// What is shown of its address.
    pub hint: String,
    /// Whether it is used.
    pub enabled: bool,
    /// Whether a code must be entered first.
    pub needs_code: bool,
    /// Whether it can be removed.
    pub is_removable: bool,
    /// What is wrong with it.
    pub problem: Option<String>,
}

/// What a person prefers, as it stands in the form.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PreferencesView {
    /// `22:00`.
    pub quiet_from: String,
    /// `07:00`.
    pub quiet_to: String,
    /// `18:00`.
    pub digest: String,
    /// A number.
    pub daily_cap: String,
    /// A percentage.
    pub drop: String,
    /// Word, name, and whether new trackings tell there.
    pub channels: Vec<(String, String, bool)>,
}

/// The viewer's channels.
#[server]
pub async fn list_channels() -> Result<ChannelsView, ApiError> {
    use super::notifications::channel_name;
    use domain::Channel;
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let channels = actions::list_channels(&plummet, &viewer).await.map_err(context::fail)?;
    let wish = actions::preferences(&plummet, &viewer).await.map_err(context::fail)?;
    let others = || Channel::ALL.into_iter().filter(|channel| *channel != Channel::Inbox);
    let word = |channel: Channel| (channel.as_str().to_owned(), channel_name(channel).to_owned());
    let is_there = |channel: Channel| channels.iter().any(|known| known.channel == channel);
    let rows = channels.iter().map(|known| ChannelRow {
        id: known.id.to_string(),
        channel: channel_name(known.channel).into(),
        label: known.label.clone(),
        hint: known.hint.clone(),
        enabled: known.enabled,
        needs_code: known.needs_code,
        is_removable: !known.is_account,
        problem: known.problem.clone(),
    });
    let text = |time: Option<domain::quiet_hours::DayTime>| time.map(|time| time.to_string()).unwrap_or_default();
    Ok(ChannelsView {
        channels: rows.collect(),
        offered: others().filter(|channel| *channel != Channel::Push && plummet.jobs.offers(*channel)).map(word).collect(),
        push_key: plummet.jobs.push_key().await.unwrap_or_default(),
        feed: actions::feed_link(&plummet, &viewer).await.map_err(context::fail)?,
        preferences: PreferencesView {
            quiet_from: text(wish.quiet.map(|quiet| quiet.from)),
            quiet_to: text(wish.quiet.map(|quiet| quiet.to)),
            digest: text(wish.digest),
            daily_cap: wish.daily_cap.map(|cap| cap.to_string()).unwrap_or_default(),
            drop: wish.drop.map(|drop| drop.percent().to_string()).unwrap_or_default(),
            channels: others()
                .filter(|channel| is_there(*channel) || wish.channels.contains(channel))
                .map(|channel| (channel.as_str().to_owned(), channel_name(channel).to_owned(), wish.channels.contains(&channel)))
                .collect(),
        },
    })
}

/// What is typed about a channel; each has some of the fields.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ChannelFields {
    /// An e-mail address.
    #[serde(default)]
    pub address: String,
    /// A telephone number.
    #[serde(default)]
    pub number: String,
    /// A webhook's link.
    #[serde(default)]
    pub url: String,
    /// A webhook's key.
    #[serde(default)]
    pub secret: String,
    /// A server.
    #[serde(default)]
    pub server: String,
    /// A topic of ntfy.
    #[serde(default)]
    pub topic: String,
    /// An access token.
    #[serde(default)]
    pub token: String,
    /// A bot of Telegram.
    #[serde(default)]
    pub bot_token: String,
    /// A chat of Telegram.
    #[serde(default)]
    pub chat_id: String,
    /// A browser's subscription.
    #[serde(default)]
    pub endpoint: String,
    /// Its key.
    #[serde(default)]
    pub p256dh: String,
    /// Its secret.
    #[serde(default)]
    pub auth: String,
}

/// Adds a channel.
#[server]
pub async fn add_channel(
    /// Its word.
    channel: String,
    /// What to call it.
    label: String,
    /// What was typed.
    fields: ChannelFields,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let all = [
        ("address", &fields.address),
        ("number", &fields.number),
        ("url", &fields.url),
        ("secret", &fields.secret),
        ("server", &fields.server),
        ("topic", &fields.topic),
        ("token", &fields.token),
        ("bot_token", &fields.bot_token),
        ("chat_id", &fields.chat_id),
        ("endpoint", &fields.endpoint),
        ("p256dh", &fields.p256dh),
        ("auth", &fields.auth),
    ];
    let typed = all.map(|(name, text)| (name.to_owned(), text.clone()));
    let new = actions::NewChannel { channel, label, fields: typed.into_iter().collect() };
    // Tokens are not sent back.
    let shown =
        [("address", fields.address.as_str()), ("number", &fields.number), ("server", &fields.server), ("topic", &fields.topic)];
    let added = actions::add_channel(&plummet, &viewer, new).await.map_err(|error| context::fail(error).with_typed(&shown))?;
    context::set_flash(&plummet, if added.needs_code { "code-sent" } else { "channel-added" });
    Ok(())
}

#[cfg(feature = "ssr")]
fn channel_id(id: &str) -> Result<domain::ChannelId, ApiError> {
    id.parse().map_err(|_| context::fail(actions::ActionError::NotFound("channel")))
}

/// Sends a test by a channel.
#[server]
pub async fn test_channel(
    /// Its id.
    id: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::test_channel(&plummet, &viewer, channel_id(&id)?).await.map_err(context::fail)?;
    context::set_flash(&plummet, "test-sent");
    Ok(())
}

/// Switches a channel on or off.
#[server]
pub async fn switch_channel(
    /// Its id.
    id: String,
    /// `on` or `off`.
    to: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let to = if to == "on" { actions::Switch::On } else { actions::Switch::Off };
    actions::switch_channel(&plummet, &viewer, channel_id(&id)?, to).await.map_err(context::fail)?;
    context::set_flash(&plummet, "profile");
    Ok(())
}

/// Removes a channel.
#[server]
pub async fn remove_channel(
    /// Its id.
    id: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::remove_channel(&plummet, &viewer, channel_id(&id)?).await.map_err(context::fail)?;
    context::set_flash(&plummet, "channel-removed");
    Ok(())
}

/// Enters the code of a channel.
#[server]
pub async fn confirm_channel(
    /// Its id.
    id: String,
    /// Six digits.
    code: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::confirm_channel(&plummet, viewer.user.id, channel_id(&id)?, &code).await.map_err(context::fail)?;
    context::set_flash(&plummet, "channel-added");
    Ok(())
}

/// Sends another code.
#[server]
pub async fn send_channel_code(
    /// The channel's id.
    id: String,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::send_channel_code(&plummet, &viewer, channel_id(&id)?).await.map_err(context::fail)?;
    context::set_flash(&plummet, "code-sent");
    Ok(())
}

/// Changes what the viewer prefers.
#[server]
pub async fn change_preferences(
    /// First quiet minute.
    quiet_from: String,
    /// First minute that is not quiet any more.
    quiet_to: String,
    /// When the daily e-mail comes.
    digest: String,
    /// Most alerts a day.
    daily_cap: String,
    /// The percentage rule of new trackings.
    drop: String,
    /// Words of the channels of new trackings.
    #[server(default)]
    channels: Vec<String>,
) -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    let typed = [
        ("quiet_from", quiet_from.as_str()),
        ("quiet_to", &quiet_to),
        ("digest", &digest),
        ("daily_cap", &daily_cap),
        ("drop", &drop),
    ];
    let edit = actions::PreferencesEdit {
        quiet_from: quiet_from.clone(),
        quiet_to: quiet_to.clone(),
        digest: digest.clone(),
        daily_cap: daily_cap.clone(),
        drop: drop.clone(),
        channels: channels.iter().filter_map(|word| domain::Channel::parse(word)).collect(),
    };
    let changed = actions::change_preferences(&plummet, &viewer, edit).await;
    changed.map_err(|error| context::fail(error).with_typed(&typed))?;
    context::set_flash(&plummet, "profile");
    Ok(())
}

/// Ends the feed's address and makes another.
#[server]
pub async fn renew_feed() -> Result<(), ApiError> {
    let plummet = context::plummet();
    let viewer = context::viewer(&plummet).await?;
    actions::renew_feed_link(&plummet, &viewer).await.map_err(context::fail)?;
    context::set_flash(&plummet, "profile");
    Ok(())
}
