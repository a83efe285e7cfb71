//! The pool: which proxies there are, which of them work, and whose turn it is.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use domain::{ProductId, ProxyId, Timestamp};
use moka::sync::Cache;
use secrecy::ExposeSecret;
use store::{Store, StoredProxy};

use super::health::{Health, ProxyHealth};
use super::proxy_url::{ProxyUrl, ProxyUrlError};
use super::stored;
use crate::config::{DirectFallback, ProxiesConfig};
use crate::fetch::{Clients, HttpClient, ProxyFault};
use crate::seal::SecretKey;

/// How long it is remembered which way a product was asked.
const REMEMBERED: Duration = Duration::from_secs(3_600);
/// Products of which it is remembered.
const MAX_REMEMBERED: u64 = 50_000;

/// Hosts in trouble that are remembered.
const MAX_HOSTS: usize = 32;

/// All proxies. Clones share it.
#[derive(Clone, Debug)]
pub struct ProxyPool(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    configured: Vec<Arc<Proxy>>,
    direct: DirectFallback,
    clients: Clients,
    key: SecretKey,
    current: RwLock<Arc<[Arc<Proxy>]>>,
    health: Mutex<HashMap<ProxyId, Health>>,
    turn: AtomicUsize,
    last_ways: Cache<ProductId, Option<ProxyId>>,
    troubled_hosts: Mutex<VecDeque<String>>,
}

/// One proxy.
#[derive(Debug)]
pub struct Proxy {
    /// Its id.
    pub id: ProxyId,
    /// What the operator calls it.
    pub name: String,
    /// Where it stands.
    pub source: ProxySource,
    /// Whether it may be used.
    pub enabled: bool,
    /// Its client, or why there is none.
    pub(crate) way: Result<HttpClient, String>,
    /// Its address, for people.
    pub shown: String,
}

/// Where a proxy was set up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProxySource {
    /// In the configuration.
    Configuration,
    /// In the database, as this.
    Database(Box<StoredProxy>),
}

/// The ways that a request may take now, the best first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ways {
    /// Proxies, `None` for the direct way.
    pub(crate) open: Vec<Option<ProxyId>>,
    /// When the first of the paused ones may be tried again.
    pub(crate) opens_at: Option<Timestamp>,
}

impl ProxyPool {
    /// The configured proxies; those of the database come with [`ProxyPool::reload`].
    pub(crate) fn new(config: &ProxiesConfig, clients: Clients, key: SecretKey) -> Result<Self, ProxiesError> {
        let mut configured: Vec<Arc<Proxy>> = Vec::new();
        for text in &config.proxies {
            let url = ProxyUrl::parse(text.expose_secret())?;
            let proxy = Proxy::of_configuration(url, &clients);
            if configured.iter().any(|other| other.id == proxy.id) {
                return Err(ProxiesError::Twice(proxy.shown));
            }
            configured.push(Arc::new(proxy));
        }
        Ok(ProxyPool(Arc::new(Inner {
            current: RwLock::new(configured.clone().into()),
            configured,
            direct: config.direct,
            clients,
            key,
            health: Mutex::default(),
            turn: AtomicUsize::new(0),
            last_ways: Cache::builder().max_capacity(MAX_REMEMBERED).time_to_live(REMEMBERED).build(),
            troubled_hosts: Mutex::default(),
        })))
    }

    /// Reads the proxies of the database again. Those that are as they were keep their connections.
    pub async fn reload(&self, store: &dyn Store) -> store::Result<()> {
        let stored = store.list_proxies().await?;
        let known = self.all();
        let of_database = stored.into_iter().map(|stored| {
            let same = known.iter().find(|proxy| proxy.source.is(&stored));
            same.cloned().unwrap_or_else(|| Arc::new(Proxy::of_database(stored, &self.0.key, &self.0.clients)))
        });
        let all: Arc<[_]> = self.0.configured.iter().cloned().chain(of_database).collect();
        for changed in all.iter().filter(|proxy| !known.iter().any(|old| Arc::ptr_eq(old, proxy))) {
            // What was wrong with it may be what was changed.
            self.health().remove(&changed.id);
            if let Err(problem) = &changed.way {
                tracing::warn!(proxy.id = %changed.id, proxy.name = changed.name, problem, "a proxy cannot be used");
            }
        }
        self.health().retain(|id, _| all.iter().any(|proxy| proxy.id == *id));
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = all;
        Ok(())
    }

    /// All proxies, also those that cannot be used.
    pub fn all(&self) -> Arc<[Arc<Proxy>]> {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// One proxy.
    pub fn find(&self, id: ProxyId) -> Option<Arc<Proxy>> {
        self.all().iter().find(|proxy| proxy.id == id).cloned()
    }

    /// Whether there is any proxy that could be used.
    pub(crate) fn is_empty(&self) -> bool {
        self.all().is_empty()
    }

    /// The ways that a request may take at `now`, each time beginning with the next proxy; `avoided` come last.
    pub(crate) fn ways(&self, now: Timestamp, avoided: &[Option<ProxyId>]) -> Ways {
        let all = self.all();
        let (mut open, mut opens_at) = (Vec::new(), None::<Timestamp>);
        let may_be_used: Vec<&Arc<Proxy>> = all.iter().filter(|proxy| proxy.enabled && proxy.way.is_ok()).collect();
        if !may_be_used.is_empty() {
            let health = self.health();
            let turn = self.0.turn.fetch_add(1, Ordering::Relaxed) % may_be_used.len();
            let (later, first) = may_be_used.split_at(turn);
            for proxy in first.iter().chain(later) {
                match health.get(&proxy.id).and_then(|health| health.paused_until(now)) {
                    None => open.push(Some(proxy.id)),
                    Some(until) => opens_at = Some(opens_at.map_or(until, |earliest| earliest.min(until))),
                }
            }
        }
        let goes_direct = match self.0.direct {
            DirectFallback::Always => true,
            // A proxy that is switched off or cannot be opened was still meant to hide this machine's address.
            DirectFallback::WhenNoneConfigured => all.is_empty(),
            DirectFallback::Never => false,
        };
        if goes_direct {
            open.push(None);
        }
        open.sort_by_key(|way| avoided.contains(way));
        Ways { open, opens_at }
    }

    /// A request through this proxy found the proxy at fault.
    pub(crate) fn failed(&self, id: ProxyId, fault: ProxyFault, now: Timestamp) {
        let until = self.health().entry(id).or_default().failed(fault, now);
        if let Some(until) = until {
            tracing::warn!(proxy.id = %id, proxy.fault = %fault, pause.until = %until, "a proxy does not work; it is paused");
        }
    }

    /// A request through this proxy reached its shop.
    pub(crate) fn worked(&self, id: ProxyId) {
        if self.health().remove(&id).is_some_and(|health| health.was_paused()) {
            tracing::info!(proxy.id = %id, "a proxy works again");
        }
    }

    /// What is known of a proxy's health.
    pub fn health_of(&self, id: ProxyId, now: Timestamp) -> ProxyHealth {
        self.health().get(&id).map(|health| health.shown(now)).unwrap_or_default()
    }

    /// Remembers the way that a product was asked by, while there is more than one.
    pub(crate) fn remember_way(&self, product: ProductId, way: Option<ProxyId>) {
        if !self.is_empty() {
            self.0.last_ways.insert(product, way);
        }
    }

    /// The way that a product was asked by the last time, if this process did it lately.
    pub(crate) fn last_way(&self, product: ProductId) -> Option<Option<ProxyId>> {
        if self.is_empty() { None } else { self.0.last_ways.get(&product) }
    }

    /// Remembers a host that is no platform's and had trouble, so that its routes can be shown.
    pub(crate) fn note_trouble(&self, host: &str) {
        let mut hosts = self.0.troubled_hosts.lock().unwrap_or_else(PoisonError::into_inner);
        if hosts.iter().any(|known| known == host) {
            return;
        }
        if hosts.len() == MAX_HOSTS {
            hosts.pop_front();
        }
        hosts.push_back(host.to_owned());
    }

    /// Hosts that had trouble lately.
    pub(crate) fn troubled_hosts(&self) -> Vec<String> {
        self.0.troubled_hosts.lock().unwrap_or_else(PoisonError::into_inner).iter().cloned().collect()
    }

    /// A proxy as it is stored, its credentials sealed.
    pub fn to_stored(&self, id: ProxyId, name: String, url: &ProxyUrl, enabled: bool, created_at: Timestamp) -> StoredProxy {
        stored::seal(
            &self.0.key,
            StoredProxy {
                id,
                name,
                scheme: url.scheme().as_str().to_owned(),
                address: url.address(),
                credentials: None,
                enabled,
                created_at,
            },
            url,
        )
    }

    /// The address and credentials of a stored proxy, or a sentence with the remedy.
    pub fn open_stored(&self, stored: &StoredProxy) -> Result<ProxyUrl, String> {
        stored::open(&self.0.key, stored)
    }

    fn health(&self) -> MutexGuard<'_, HashMap<ProxyId, Health>> {
        self.0.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is wrong with the configured proxies.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ProxiesError {
    /// An entry that is none.
    #[error(transparent)]
    Url(#[from] ProxyUrlError),
    /// An entry that is there already.
    #[error("the proxy `{0}` is listed twice; remove one")]
    Twice(String),
}

impl Proxy {
    fn of_configuration(url: ProxyUrl, clients: &Clients) -> Self {
        let user = url.credentials().map_or("", |credentials| credentials.user());
        Proxy {
            id: ProxyId::derive(url.scheme().as_str(), &url.address(), user),
            name: url.address(),
            source: ProxySource::Configuration,
            enabled: true,
            shown: url.to_string(),
            way: Ok(clients.through(&url)),
        }
    }

    fn of_database(stored: StoredProxy, key: &SecretKey, clients: &Clients) -> Self {
        let way = stored::open(key, &stored).map(|url| clients.through(&url));
        let mask = if stored.credentials.is_some() { "***@" } else { "" };
        Proxy {
            id: stored.id,
            name: stored.name.clone(),
            enabled: stored.enabled,
            way,
            shown: format!("{}://{mask}{}", stored.scheme, stored.address),
            source: ProxySource::Database(Box::new(stored)),
        }
    }

    /// Its `host:port`.
    pub fn address(&self) -> &str {
        self.shown.rsplit(['/', '@']).next().unwrap_or_default()
    }

    /// Why it cannot be used, if it cannot.
    pub fn problem(&self) -> Option<&str> {
        self.way.as_ref().err().map(String::as_str)
    }
}

impl ProxySource {
    fn is(&self, stored: &StoredProxy) -> bool {
        match self {
            ProxySource::Configuration => false,
            ProxySource::Database(known) => **known == *stored,
        }
    }
}
