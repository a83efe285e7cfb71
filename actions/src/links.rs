//! What links in messages do, for whoever holds them: nobody needs to sign in for it.

use domain::user::User;
use domain::{ChannelId, Timestamp};
use jobs::LinkTarget;
use store::{InboxEntry, Owned, TrackingChange, UserChannel, Window};

use crate::error::{ActionError, Result};
use crate::{Plummet, channels, preferences};

/// Entries of a feed.
const FEED_ENTRIES: u32 = 50;

/// What a link is about, to be asked before anything is done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LinkView {
    /// No more e-mails to this address.
    StopEmail {
        /// What is shown of it.
        hint: String,
    },
    /// Pause the tracking of this product.
    Pause {
        /// Its name.
        product: String,
    },
    /// Confirm this address.
    Confirm {
        /// What is shown of it.
        hint: String,
    },
}

/// A person's alerts for a feed reader.
#[derive(Clone, Debug)]
pub struct Feed {
    /// Whose.
    pub user: User,
    /// Its own address.
    pub link: String,
    /// Newest first.
    pub entries: Vec<InboxEntry>,
    /// When the newest was told.
    pub updated_at: Timestamp,
}

/// What a link is about. Looking at it changes nothing: programs that scan mails open every link.
pub async fn find_link(plummet: &Plummet, token: &str) -> Result<LinkView> {
    match target(plummet, token)? {
        LinkTarget::StopEmail(user, channel) => Ok(LinkView::StopEmail { hint: channel_of(plummet, user, channel).await?.hint }),
        LinkTarget::Confirm(user, channel) => Ok(LinkView::Confirm { hint: channel_of(plummet, user, channel).await?.hint }),
        LinkTarget::Pause(user_id, tracking_id) => {
            let tracked = plummet.store.find_tracking(Owned { user_id, tracking_id }).await?;
            let product = tracked.ok_or(ActionError::NotFound("tracking"))?.product;
            Ok(LinkView::Pause { product: product.facts.name.unwrap_or(product.url) })
        }
        LinkTarget::Feed(..) => Err(ActionError::NotFound("page")),
    }
}

/// Does what a link is for. Doing it twice is as good as once. `code` is for links that confirm.
pub async fn follow_link(plummet: &Plummet, token: &str, code: &str) -> Result<()> {
    let now = plummet.clock.now();
    match target(plummet, token)? {
        LinkTarget::StopEmail(user, channel) => {
            let known = channel_of(plummet, user, channel).await?;
            Ok(plummet.store.put_channel(&UserChannel { enabled: false, last_error: None, ..known }).await?)
        }
        LinkTarget::Pause(user_id, tracking_id) => {
            let change = TrackingChange { active: Some(false), ..TrackingChange::default() };
            let paused = plummet.store.update_tracking(Owned { user_id, tracking_id }, &change, now).await?;
            paused.map(|_| ()).ok_or(ActionError::NotFound("tracking"))
        }
        LinkTarget::Confirm(user, channel) => channels::confirm_channel(plummet, user, channel, code).await,
        LinkTarget::Feed(..) => Err(ActionError::NotFound("page")),
    }
}

/// The feed of a secret address.
pub async fn feed(plummet: &Plummet, token: &str) -> Result<Feed> {
    let LinkTarget::Feed(user, number) = target(plummet, token)? else { return Err(ActionError::NotFound("feed")) };
    if preferences::find(plummet, user).await?.feed != number {
        return Err(ActionError::NotFound("feed"));
    }
    let account = plummet.store.find_user(user).await?.ok_or(ActionError::NotFound("feed"))?;
    let entries = plummet.store.list_inbox(user, Window { limit: FEED_ENTRIES, offset: 0 }).await?.rows;
    let updated_at = entries.first().map_or(account.created_at, |entry| entry.notification.created_at);
    Ok(Feed { user: account, link: plummet.jobs.links().to(LinkTarget::Feed(user, number)), entries, updated_at })
}

fn target(plummet: &Plummet, token: &str) -> Result<LinkTarget> {
    plummet.jobs.links().read(token).ok_or(ActionError::NotFound("link"))
}

/// A person's way; the account's own address also where nothing about it was ever changed.
async fn channel_of(plummet: &Plummet, user: domain::UserId, id: ChannelId) -> Result<UserChannel> {
    let known = plummet.store.list_channels(user).await?.into_iter().find(|channel| channel.id == id);
    if let Some(known) = known {
        return Ok(known);
    }
    let account = plummet.store.find_user(user).await?.filter(|_| id == ChannelId::of_account(user));
    account.map(|account| plummet.jobs.account_channel(&account)).ok_or(ActionError::NotFound("channel"))
}
