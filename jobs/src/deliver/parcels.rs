//! From a batch of notifications to what is sent: whom to tell by which ways, now or later, alone or in a digest.

use std::collections::HashMap;

use domain::preferences::{Preferences, When};
use domain::{Channel, ChannelId, NotificationId, Timestamp, UserId};
use store::{DueNotification, HeldNotification, UserChannel};

use crate::context::JobContext;
use crate::notify::{ChannelSettings, Way, account_channel};

/// What goes out together.
#[derive(Debug)]
pub(super) struct Parcel {
    pub(super) channel: Channel,
    /// One, or those of a digest.
    pub(super) due: Vec<DueNotification>,
    pub(super) is_digest: bool,
    /// Where it goes; not where it already is.
    pub(super) ways: Vec<Way>,
    /// Why there is none.
    pub(super) no_way: String,
    /// Whether some ways have it already.
    pub(super) is_partly_delivered: bool,
}

/// What people prefer, and how they are reached.
struct People {
    preferences: HashMap<UserId, Preferences>,
    channels: HashMap<UserId, Vec<UserChannel>>,
    done: HashMap<NotificationId, Vec<ChannelId>>,
}

/// Sorts a batch: what is to be sent now, and what waits.
pub(super) async fn parcels(
    ctx: &JobContext,
    channel: Channel,
    batch: Vec<DueNotification>,
    now: Timestamp,
) -> store::Result<(Vec<Parcel>, Vec<HeldNotification>)> {
    let people = people(ctx, channel, &batch).await?;
    let (mut ready, mut held): (Vec<Parcel>, Vec<HeldNotification>) = (Vec::new(), Vec::new());
    let usual = Preferences::default();
    for due in batch {
        let (told, user) = (&due.notification, &due.user);
        let wish = people.preferences.get(&user.id).unwrap_or(&usual);
        let hold =
            |until, reason: &str| HeldNotification { product_id: told.product_id, id: told.id, until, reason: reason.into() };
        match wish.when(user.id, &user.time_zone, channel, told.created_at, now) {
            When::AfterQuiet(end) => held.push(hold(end, "it waits for the end of your quiet hours")),
            When::AtDigest(at) => held.push(hold(at, "it waits for your daily e-mail")),
            When::InDigest => match ready.iter_mut().find(|parcel| parcel.is_digest && parcel.due[0].user.id == user.id) {
                Some(parcel) => parcel.due.push(due),
                None => ready.push(parcel(ctx, channel, due, &people, true)),
            },
            When::Now => ready.push(parcel(ctx, channel, due, &people, false)),
        }
    }
    // The digest that may go on in the next batch stands last.
    ready.sort_by_key(|parcel| parcel.is_digest);
    Ok((ready, held))
}

fn parcel(ctx: &JobContext, channel: Channel, due: DueNotification, people: &People, is_digest: bool) -> Parcel {
    let (ways, no_way) = ways(ctx, channel, &due, people);
    let done = people.done.get(&due.notification.id);
    let left = ways.into_iter().filter(|way| done.is_none_or(|done| !done.contains(&way.id))).collect();
    Parcel { channel, due: vec![due], is_digest, ways: left, no_way, is_partly_delivered: done.is_some() }
}

/// The ways of a person that may be used, or why there is none.
fn ways(ctx: &JobContext, channel: Channel, due: &DueNotification, people: &People) -> (Vec<Way>, String) {
    let key = &ctx.config.secret_key;
    let mut channels = people.channels.get(&due.user.id).cloned().unwrap_or_default();
    let account = account_channel(&due.user, key);
    if channel == Channel::Email && channels.iter().all(|known| known.id != account.id) {
        channels.push(account);
    }
    let (mut ways, mut why) = (Vec::new(), None);
    for known in &channels {
        if !known.enabled {
            why.get_or_insert_with(|| format!("{} is switched off; switch it on in the settings", known.hint));
        } else if known.verified_at.is_none() && ChannelSettings::needs_code(channel) {
            why.get_or_insert_with(|| format!("{} is not confirmed yet; enter the code that was sent there", known.hint));
        } else {
            match Way::open(known, key) {
                Ok(way) => ways.push(way),
                Err(error) => {
                    tracing::error!(channel.id = %known.id, %error, "a channel cannot be opened");
                    why.get_or_insert_with(|| format!("{} cannot be read: {error}", known.hint));
                }
            }
        }
    }
    let nothing = || format!("{} is not set up; add it in the settings", channel.as_str());
    (ways, why.unwrap_or_else(nothing))
}

async fn people(ctx: &JobContext, channel: Channel, batch: &[DueNotification]) -> store::Result<People> {
    let mut users: Vec<UserId> = batch.iter().map(|due| due.user.id).collect();
    users.sort_unstable();
    users.dedup();
    // Only those that were tried before may be somewhere already.
    let tried = |due: &&DueNotification| due.notification.attempts > 1;
    let tried: Vec<_> = batch.iter().filter(tried).map(|due| (due.notification.product_id, due.notification.id)).collect();
    let (preferences, channels, partly) = futures::try_join!(
        ctx.store.find_preferences(&users),
        ctx.store.find_channels_of(&users, channel),
        ctx.store.partly_delivered(&tried),
    )?;
    let mut people = People { preferences: preferences.into_iter().collect(), channels: HashMap::new(), done: HashMap::new() };
    for channel in channels {
        people.channels.entry(channel.user_id).or_default().push(channel);
    }
    for done in partly {
        people.done.entry(done.id).or_default().push(done.channel_id);
    }
    Ok(people)
}
