//! A person's ways to be told: what they see of them and do to them. Addresses, keys and tokens go in and never come out.

use domain::user::Scope;
use domain::{Channel, ChannelId, Timestamp, UserId};
use jobs::{ChannelSettings, DeliveryError, FieldError, Fields};
use rand::RngExt;
use sha2::{Digest, Sha256};
use store::{ChannelCode, CodeTry, UserChannel};
use uuid::Uuid;

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer};

/// Ways of one person.
const MAX_CHANNELS: usize = 20;
const MAX_LABEL_CHARS: usize = 60;
/// A code counts so long, and may be tried so often.
const CODE_FOR: i64 = 30 * domain::time::MINUTE;
const CODE_TRIES: u32 = 5;
/// The next code is sent this long after the last.
const CODE_PAUSE: i64 = domain::time::MINUTE;

/// A way to be told, as its owner sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChannelView {
    /// Its id.
    pub id: ChannelId,
    /// The channel.
    pub channel: Channel,
    /// What its owner calls it.
    pub label: String,
    /// What is shown of its address.
    pub hint: String,
    /// Whether it is used.
    pub enabled: bool,
    /// Whether a code must be entered first.
    pub needs_code: bool,
    /// Whether it is the account's own address, which cannot be removed, only switched off.
    pub is_account: bool,
    /// What is wrong with it, and what to do.
    pub problem: Option<String>,
}

/// A way to be added.
#[derive(Clone, Debug, Default)]
pub struct NewChannel {
    /// The channel's word: `webhook`, `ntfy`, …
    pub channel: String,
    /// What to call it; by default what is shown of its address.
    pub label: String,
    /// What was typed, by field.
    pub fields: Fields,
}

impl From<FieldError> for ActionError {
    fn from(error: FieldError) -> Self {
        ActionError::invalid(error.field, error.message)
    }
}

/// The viewer's ways, the account's own address first.
pub async fn list_channels(plummet: &Plummet, viewer: &Viewer) -> Result<Vec<ChannelView>> {
    let all = all(plummet, viewer).await?;
    Ok(all.iter().map(|channel| view(viewer, channel)).collect())
}

/// Adds a way. To an e-mail address or a telephone number a code is sent, and nothing else until it is entered.
pub async fn add_channel(plummet: &Plummet, viewer: &Viewer, new: NewChannel) -> Result<ChannelView> {
    viewer.require(Scope::Track)?;
    let channel = Channel::parse(&new.channel).ok_or_else(|| ActionError::invalid("channel", "choose one of the channels"))?;
    let settings = ChannelSettings::parse(channel, &new.fields)?;
    let field = if channel == Channel::Sms { "number" } else { "url" };
    plummet.jobs.check_channel(&settings).map_err(|problem| ActionError::invalid(field, problem))?;
    let id = new_id(viewer.user.id, &settings);
    let others = plummet.store.list_channels(viewer.user.id).await?;
    if others.len() >= MAX_CHANNELS && others.iter().all(|other| other.id != id) {
        return Err(ActionError::invalid("channel", format!("there are {MAX_CHANNELS} already; remove one first")));
    }
    let label = label(&new.label, &settings.hint())?;
    let needs_code = ChannelSettings::needs_code(channel);
    let now = plummet.clock.now();
    let mut added = UserChannel {
        id,
        user_id: viewer.user.id,
        channel,
        label,
        settings: plummet.jobs.seal_channel(&settings, id),
        hint: settings.hint(),
        enabled: !needs_code,
        verified_at: (!needs_code).then_some(now),
        last_error: None,
        created_at: now,
        code: None,
    };
    if needs_code {
        send_code(plummet, viewer, &mut added).await?;
    }
    plummet.store.put_channel(&added).await?;
    Ok(view(viewer, &added))
}

/// Sends another code.
pub async fn send_channel_code(plummet: &Plummet, viewer: &Viewer, id: ChannelId) -> Result<()> {
    viewer.require(Scope::Track)?;
    let mut channel = find(plummet, viewer, id).await?;
    if channel.verified_at.is_some() {
        return Err(ActionError::invalid("code", "it is confirmed already"));
    }
    let next = channel.code.map(|code| code.expires_at.plus_micros(CODE_PAUSE - CODE_FOR));
    let wait = next.map_or(0, |next| next.micros_since(plummet.clock.now()));
    if wait > 0 {
        let seconds = wait.unsigned_abs().div_ceil(domain::time::SECOND.unsigned_abs());
        return Err(ActionError::TooOften { seconds });
    }
    send_code(plummet, viewer, &mut channel).await?;
    Ok(plummet.store.put_channel(&channel).await?)
}

/// Enters the code that was sent.
pub async fn confirm_channel(plummet: &Plummet, user: UserId, id: ChannelId, code: &str) -> Result<()> {
    let code: String = code.chars().filter(|c| !c.is_whitespace()).take(20).collect();
    match plummet.store.try_channel_code(user, id, &code_hash(id, &code), plummet.clock.now()).await? {
        CodeTry::Verified => Ok(()),
        CodeTry::Wrong { tries_left } => {
            Err(ActionError::invalid("code", format!("this is not the code; {tries_left} more may be tried")))
        }
        CodeTry::Over => Err(ActionError::invalid("code", "this code does not count any more; have another one sent")),
    }
}

/// Switches a way on or off.
pub async fn switch_channel(plummet: &Plummet, viewer: &Viewer, id: ChannelId, enabled: Switch) -> Result<()> {
    viewer.require(Scope::Track)?;
    let channel = find(plummet, viewer, id).await?;
    if channel.verified_at.is_none() {
        return Err(ActionError::invalid("code", "enter the code that was sent there first"));
    }
    // Whoever switches it on again has seen what was wrong.
    Ok(plummet.store.put_channel(&UserChannel { enabled: enabled == Switch::On, last_error: None, ..channel }).await?)
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// Removes a way. The account's own address can only be switched off.
pub async fn remove_channel(plummet: &Plummet, viewer: &Viewer, id: ChannelId) -> Result<()> {
    viewer.require(Scope::Track)?;
    if id == ChannelId::of_account(viewer.user.id) {
        return Err(ActionError::invalid("channel", "this is your account's address; switch it off instead"));
    }
    let was_there = plummet.store.remove_channel(viewer.user.id, id).await?;
    if was_there { Ok(()) } else { Err(ActionError::NotFound("channel")) }
}

/// Sends a test by a way, as alerts are sent, and says what was really answered.
pub async fn test_channel(plummet: &Plummet, viewer: &Viewer, id: ChannelId) -> Result<()> {
    viewer.require(Scope::Track)?;
    let channel = find(plummet, viewer, id).await?;
    if channel.verified_at.is_none() {
        return Err(ActionError::invalid("code", "enter the code that was sent there first"));
    }
    plummet.throttle.admit(&format!("test {}", viewer.user.id), plummet.clock.now())?;
    let sent = plummet.jobs.send_test(&viewer.user, &channel).await;
    let is_dead = matches!(sent, Err(DeliveryError::Gone(_)));
    let problem = sent.as_ref().err().map(ToString::to_string);
    if problem.is_some() || channel.last_error.is_some() {
        let off = is_dead.then_some(false);
        plummet.store.note_channel(viewer.user.id, id, problem.as_deref(), off).await?;
    }
    sent.map_err(|error| ActionError::invalid("test", error))
}

async fn send_code(plummet: &Plummet, viewer: &Viewer, channel: &mut UserChannel) -> Result<()> {
    // A stranger's telephone is not to be rung at will: this counts as a wrong try does.
    plummet.throttle.admit(&format!("code {}", viewer.user.id), plummet.clock.now())?;
    let code = format!("{:06}", rand::rng().random_range(0..1_000_000));
    plummet.jobs.send_code(&viewer.user, channel, &code).await.map_err(|error| ActionError::invalid("address", error))?;
    let expires_at: Timestamp = plummet.clock.now().plus_micros(CODE_FOR);
    channel.code = Some(ChannelCode { hash: code_hash(channel.id, &code), expires_at, tries_left: CODE_TRIES });
    Ok(())
}

fn code_hash(id: ChannelId, code: &str) -> [u8; 32] {
    Sha256::new().chain_update(id.0.as_bytes()).chain_update(code.as_bytes()).finalize().into()
}

/// All ways, with the account's own address also where nothing about it was ever changed.
async fn all(plummet: &Plummet, viewer: &Viewer) -> Result<Vec<UserChannel>> {
    let mut all = plummet.store.list_channels(viewer.user.id).await?;
    let account = ChannelId::of_account(viewer.user.id);
    if all.iter().all(|channel| channel.id != account) {
        all.push(plummet.jobs.account_channel(&viewer.user));
    }
    all.sort_by_key(|channel| (channel.id != account, channel.created_at));
    Ok(all)
}

async fn find(plummet: &Plummet, viewer: &Viewer, id: ChannelId) -> Result<UserChannel> {
    let all = all(plummet, viewer).await?;
    all.into_iter().find(|channel| channel.id == id).ok_or(ActionError::NotFound("channel"))
}

/// A browser that subscribes again replaces what it was before.
fn new_id(user: UserId, settings: &ChannelSettings) -> ChannelId {
    match settings {
        ChannelSettings::Push { endpoint, .. } => ChannelId(Uuid::new_v5(&user.0, endpoint.as_str().as_bytes())),
        _ => ChannelId(Uuid::new_v4()),
    }
}

fn label(text: &str, hint: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > MAX_LABEL_CHARS || text.chars().any(char::is_control) {
        return Err(ActionError::invalid("label", format!("give it a name of at most {MAX_LABEL_CHARS} characters")));
    }
    Ok(if text.is_empty() { hint.to_owned() } else { text.to_owned() })
}

fn view(viewer: &Viewer, channel: &UserChannel) -> ChannelView {
    ChannelView {
        id: channel.id,
        channel: channel.channel,
        label: channel.label.clone(),
        hint: channel.hint.clone(),
        enabled: channel.enabled,
        needs_code: channel.verified_at.is_none(),
        is_account: channel.id == ChannelId::of_account(viewer.user.id),
        problem: channel.last_error.clone(),
    }
}
