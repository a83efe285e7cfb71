//! The proxies that requests go through: what an admin sees of them and does to them. User and password go in and never come out.

use domain::user::Scope;
use domain::{ProductUrl, ProxyId, Timestamp};
use jobs::{Proxy, ProxySource, ProxyTest, ProxyUrl, ShopHealth};
use store::StoredProxy;

use crate::error::{ActionError, Result};
use crate::{Plummet, Viewer};

/// Longest name.
const MAX_NAME_CHARS: usize = 100;

/// A proxy as an admin sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyView {
    /// Its id.
    pub id: ProxyId,
    /// What it is called.
    pub name: String,
    /// Its address, with `***` for user and password.
    pub url: String,
    /// Whether it stands in the configuration; such a one is changed there.
    pub is_configured: bool,
    /// Whether it may be used.
    pub enabled: bool,
    /// How it is.
    pub status: ProxyStatus,
    /// What is or was wrong with it, and what to do.
    pub problem: Option<String>,
    /// Until when it is left alone.
    pub paused_until: Option<Timestamp>,
    /// Shops that paused it, or do not answer through it.
    pub shops: Vec<ShopHealth>,
    /// When it was added; `None` for one of the configuration.
    pub created_at: Option<Timestamp>,
}

/// How a proxy is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ProxyStatus {
    /// It is used.
    Working,
    /// It failed, and is tried again later.
    Paused,
    /// It is switched off.
    Disabled,
    /// Its user and password cannot be read.
    Unusable,
}

/// What an admin says about a proxy; what is not given stays.
#[derive(Clone, Debug, Default)]
pub struct ProxyEdit {
    /// What it is called; by default its address.
    pub name: Option<String>,
    /// Its address with user and password. With `***` in their place they stay.
    pub url: Option<String>,
    /// Whether it may be used.
    pub enabled: Option<bool>,
}

impl ProxyStatus {
    /// The word in the HTTP API.
    pub const fn as_str(self) -> &'static str {
        match self {
            ProxyStatus::Working => "working",
            ProxyStatus::Paused => "paused",
            ProxyStatus::Disabled => "disabled",
            ProxyStatus::Unusable => "unusable",
        }
    }
}

/// All proxies, those of the configuration first.
pub async fn list_proxies(plummet: &Plummet, viewer: &Viewer) -> Result<Vec<ProxyView>> {
    viewer.require(Scope::Admin)?;
    refresh(plummet).await?;
    let shops = plummet.jobs.shops_of_proxies().await;
    Ok(plummet.jobs.proxies().all().iter().map(|proxy| view(plummet, proxy, &shops)).collect())
}

/// Adds a proxy. It is used at once here, and within half a minute by every other process.
pub async fn add_proxy(plummet: &Plummet, viewer: &Viewer, edit: ProxyEdit) -> Result<ProxyView> {
    viewer.require(Scope::Admin)?;
    let text = edit.url.ok_or_else(|| ActionError::invalid("url", "give its address, such as http://user:password@host:port"))?;
    if ProxyUrl::is_masked(&text) {
        return Err(ActionError::invalid(
            "url",
            "`***` stands for a user and password that are known; a new proxy needs its own",
        ));
    }
    let url = parse(&text)?;
    let name = read_name(edit.name, &url)?;
    let id = ProxyId(uuid::Uuid::new_v4());
    let stored = plummet.jobs.proxies().to_stored(id, name, &url, edit.enabled.unwrap_or(true), plummet.clock.now());
    save(plummet, &stored).await
}

/// Changes a proxy of the database.
pub async fn change_proxy(plummet: &Plummet, viewer: &Viewer, id: ProxyId, edit: ProxyEdit) -> Result<ProxyView> {
    viewer.require(Scope::Admin)?;
    let known = editable(plummet, id).await?;
    let enabled = edit.enabled.unwrap_or(known.enabled);
    let stored = match edit.url {
        Some(text) => {
            let url = new_address(plummet, &known, &text)?;
            let name = read_name(edit.name.or_else(|| Some(known.name.clone())), &url)?;
            plummet.jobs.proxies().to_stored(id, name, &url, enabled, known.created_at)
        }
        // The sealed user and password stay as they are, also where they cannot be opened.
        None => {
            let name = edit.name.map_or(Ok(known.name.clone()), |name| checked_name(&name))?;
            StoredProxy { name, enabled, ..known }
        }
    };
    save(plummet, &stored).await
}

/// Removes a proxy of the database.
pub async fn remove_proxy(plummet: &Plummet, viewer: &Viewer, id: ProxyId) -> Result<()> {
    viewer.require(Scope::Admin)?;
    editable(plummet, id).await?;
    let was_there = plummet.store.remove_proxy(id).await?;
    refresh(plummet).await?;
    if was_there { Ok(()) } else { Err(ActionError::NotFound("proxy")) }
}

/// Opens a page through a proxy and tells how it went.
pub async fn test_proxy(plummet: &Plummet, viewer: &Viewer, id: ProxyId, page: Option<&str>) -> Result<ProxyTest> {
    viewer.require(Scope::Admin)?;
    refresh(plummet).await?;
    let proxy = plummet.jobs.proxies().find(id).ok_or(ActionError::NotFound("proxy"))?;
    if let Some(problem) = proxy.problem() {
        return Err(ActionError::invalid("proxy_id", problem));
    }
    let page =
        page.ok_or_else(|| ActionError::invalid("url", "give the link of a page to open, such as one of a shop that you track"))?;
    let page = ProductUrl::parse(page).map_err(|error| ActionError::invalid("url", error))?;
    match plummet.jobs.test_proxy(id, &page).await {
        ProxyTest::NotBefore(at) => Err(ActionError::NotBefore(at)),
        test => Ok(test),
    }
}

/// What other processes changed counts, too.
async fn refresh(plummet: &Plummet) -> Result<()> {
    Ok(plummet.jobs.proxies().reload(&*plummet.store).await?)
}

/// A proxy that can be changed: one of the database.
async fn editable(plummet: &Plummet, id: ProxyId) -> Result<StoredProxy> {
    refresh(plummet).await?;
    let proxy = plummet.jobs.proxies().find(id).ok_or(ActionError::NotFound("proxy"))?;
    match &proxy.source {
        ProxySource::Database(stored) => Ok((**stored).clone()),
        ProxySource::Configuration => Err(ActionError::invalid(
            "proxy_id",
            "this proxy stands in the configuration; change PLUMMET_PROXIES and start again",
        )),
    }
}

/// The new address of a known proxy. Masked credentials are those that it has; they are not sent to another address.
fn new_address(plummet: &Plummet, known: &StoredProxy, text: &str) -> Result<ProxyUrl> {
    if !ProxyUrl::is_masked(text) {
        return parse(text);
    }
    let bare = parse(&text.replacen(&format!("{}@", ProxyUrl::MASK), "", 1))?;
    if bare.scheme().as_str() != known.scheme || bare.address() != known.address {
        let remedy = "the address is another one: write user and password again, so that they are sent nowhere by mistake";
        return Err(ActionError::invalid("url", remedy));
    }
    plummet.jobs.proxies().open_stored(known).map_err(|problem| ActionError::invalid("url", problem))
}

fn parse(text: &str) -> Result<ProxyUrl> {
    ProxyUrl::parse(text).map_err(|error| ActionError::invalid("url", error))
}

fn read_name(name: Option<String>, url: &ProxyUrl) -> Result<String> {
    match name.filter(|name| !name.trim().is_empty()) {
        Some(name) => checked_name(&name),
        None => Ok(url.address().chars().take(MAX_NAME_CHARS).collect()),
    }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || name.chars().any(char::is_control) {
        return Err(ActionError::invalid("name", format!("give the proxy a name of 1 to {MAX_NAME_CHARS} characters")));
    }
    Ok(name.to_owned())
}

async fn save(plummet: &Plummet, stored: &StoredProxy) -> Result<ProxyView> {
    let all = plummet.jobs.proxies().all();
    let mut configured = all.iter().filter(|proxy| proxy.source == ProxySource::Configuration);
    if configured.any(|proxy| proxy.address() == stored.address) {
        return Err(ActionError::Taken("the address of this proxy"));
    }
    plummet.store.put_proxy(stored).await?;
    refresh(plummet).await?;
    let proxy = plummet.jobs.proxies().find(stored.id).ok_or(ActionError::NotFound("proxy"))?;
    Ok(view(plummet, &proxy, &[]))
}

fn view(plummet: &Plummet, proxy: &Proxy, shops: &[(ProxyId, ShopHealth)]) -> ProxyView {
    let health = plummet.jobs.proxies().health_of(proxy.id, plummet.clock.now());
    let status = match () {
        () if !proxy.enabled => ProxyStatus::Disabled,
        () if proxy.problem().is_some() => ProxyStatus::Unusable,
        () if health.paused_until.is_some() => ProxyStatus::Paused,
        () => ProxyStatus::Working,
    };
    let created_at = match &proxy.source {
        ProxySource::Configuration => None,
        ProxySource::Database(stored) => Some(stored.created_at),
    };
    ProxyView {
        id: proxy.id,
        name: proxy.name.clone(),
        url: proxy.shown.clone(),
        is_configured: created_at.is_none(),
        enabled: proxy.enabled,
        status,
        problem: proxy.problem().map(str::to_owned).or(health.problem),
        paused_until: health.paused_until,
        shops: shops.iter().filter(|(id, _)| *id == proxy.id).map(|(_, shop)| shop.clone()).collect(),
        created_at,
    }
}
