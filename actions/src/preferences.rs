//! What a person prefers for all of their trackings, and their feed.

use domain::preferences::{MAX_DAILY_CAP, Preferences};
use domain::quiet_hours::{DayTime, QuietHours};
use domain::tracking::DropBasisPoints;
use domain::user::Scope;
use domain::{Channel, UserId};
use jobs::LinkTarget;

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer};

/// What was typed; empty fields switch off what they are about.
#[derive(Clone, Debug, Default)]
pub struct PreferencesEdit {
    /// First quiet minute: `22:00`.
    pub quiet_from: String,
    /// First minute that is not quiet any more.
    pub quiet_to: String,
    /// When the daily e-mail comes.
    pub digest: String,
    /// Most alerts a day.
    pub daily_cap: String,
    /// The percentage rule of new trackings.
    pub drop: String,
    /// Where new trackings tell.
    pub channels: Vec<Channel>,
}

/// What the viewer prefers.
pub async fn preferences(plummet: &Plummet, viewer: &Viewer) -> Result<Preferences> {
    find(plummet, viewer.user.id).await
}

/// Changes what the viewer prefers.
pub async fn change_preferences(plummet: &Plummet, viewer: &Viewer, edit: PreferencesEdit) -> Result<()> {
    viewer.require(Scope::Track)?;
    let known = find(plummet, viewer.user.id).await?;
    let quiet = match (time("quiet_from", &edit.quiet_from)?, time("quiet_to", &edit.quiet_to)?) {
        (None, None) => None,
        (Some(from), Some(to)) if from != to => Some(QuietHours { from, to }),
        (Some(_), Some(_)) => return Err(ActionError::invalid("quiet_to", "it ends when it begins; choose another time")),
        (None, Some(_)) => return Err(ActionError::invalid("quiet_from", "say when it begins, or leave both empty")),
        (Some(_), None) => return Err(ActionError::invalid("quiet_to", "say when it ends, or leave both empty")),
    };
    let drop = some(&edit.drop).map(DropBasisPoints::from_percent).transpose();
    let changed = Preferences {
        channels: edit.channels.into_iter().filter(|channel| *channel != Channel::Inbox).collect(),
        drop: drop.map_err(|error| ActionError::invalid("drop", error))?,
        quiet,
        digest: time("digest", &edit.digest)?,
        daily_cap: some(&edit.daily_cap).map(daily_cap).transpose()?,
        feed: known.feed,
    };
    Ok(plummet.store.put_preferences(viewer.user.id, &changed).await?)
}

/// The secret address of the viewer's feed.
pub async fn feed_link(plummet: &Plummet, viewer: &Viewer) -> Result<String> {
    let number = find(plummet, viewer.user.id).await?.feed;
    Ok(plummet.jobs.links().to(LinkTarget::Feed(viewer.user.id, number)))
}

/// Ends the feed's address and makes another.
pub async fn renew_feed_link(plummet: &Plummet, viewer: &Viewer) -> Result<String> {
    viewer.require(Scope::Track)?;
    let known = find(plummet, viewer.user.id).await?;
    let renewed = Preferences { feed: known.feed.wrapping_add(1), ..known };
    plummet.store.put_preferences(viewer.user.id, &renewed).await?;
    feed_link(plummet, viewer).await
}

pub(crate) async fn find(plummet: &Plummet, user: UserId) -> Result<Preferences> {
    let found = plummet.store.find_preferences(&[user]).await?;
    Ok(found.into_iter().next().map(|(_, preferences)| preferences).unwrap_or_default())
}

fn some(text: &str) -> Option<&str> {
    Some(text.trim()).filter(|text| !text.is_empty())
}

fn time(field: &'static str, text: &str) -> Result<Option<DayTime>> {
    some(text).map(str::parse).transpose().map_err(|error| ActionError::invalid(field, error))
}

fn daily_cap(text: &str) -> Result<u32> {
    let cap = text.parse().ok().filter(|cap| (1..=MAX_DAILY_CAP).contains(cap));
    cap.ok_or_else(|| ActionError::invalid("daily_cap", format!("give a number from 1 to {MAX_DAILY_CAP}, or leave it empty")))
}
