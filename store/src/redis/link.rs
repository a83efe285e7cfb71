//! The link itself: connects when it is needed, notices what broke, and connects again.

use std::fmt;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use futures::FutureExt;
use redis::aio::ConnectionLike;
use redis::{Cmd, ErrorKind, Pipeline, RedisError, RedisFuture, RedisResult, ServerErrorKind, Value, cmd};
use secrecy::SecretString;

use super::address::{RedisAddress, RedisAddressError, RedisKind};
use super::connector::{Connection, Connector};
use super::outage::Outage;

/// Longest time to find a master and connect to it.
const CONNECT: Duration = Duration::from_secs(3);
/// After a failure to connect nobody tries again for so long: who asks meanwhile gets the same error at once.
const RECONNECT_PAUSE: Duration = Duration::from_millis(200);
/// How long a start waits for the first answer.
const FIRST_ANSWER: Duration = Duration::from_secs(3);

/// A link to Redis. Cheap to clone; all clones share one connection.
///
/// As a [`ConnectionLike`] it gives each error to who asked, and connects anew for the next request. [`RedisLink::quick`] is for
/// those who can do without: it waits a moment only, and not at all while Redis is known not to answer.
#[derive(Clone)]
pub struct RedisLink(Arc<Inner>);

struct Inner {
    address: RedisAddress,
    connector: Connector,
    current: Mutex<Current>,
    connecting: tokio::sync::Mutex<()>,
    outage: Outage,
}

/// The connection in use. Each has a number, so that only who used it can call it broken.
#[derive(Default)]
struct Current {
    number: u64,
    connection: Option<Connection>,
    failed: Option<(Instant, RedisError)>,
}

/// Why there can be no link.
#[derive(Debug, thiserror::Error)]
pub enum RedisLinkError {
    /// The URL is none.
    #[error(transparent)]
    Address(#[from] RedisAddressError),
    /// Redis answers, and will never do what it is asked for.
    #[error("Redis at {address} refuses to work for Plummet: {reason}; correct REDIS_URL, or the settings of that Redis")]
    Refused {
        /// Where.
        address: String,
        /// What it said.
        reason: String,
    },
}

/// Redis did not do what it was asked for in the time there was: go on without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("Redis does not answer")]
pub struct RedisDown;

impl RedisLink {
    /// A link to the Redis of this URL. A wrong URL and a refusal are errors. A Redis that does not answer is none: Plummet
    /// works without it, slower, and the link connects when it is there.
    pub async fn connect(url: &SecretString) -> Result<Self, RedisLinkError> {
        let address = RedisAddress::parse(url)?;
        let refused = |reason: String| RedisLinkError::Refused { address: address.to_string(), reason };
        let connector = Connector::new(&address).map_err(|error| refused(error.to_string()))?;
        let link = RedisLink(Arc::new(Inner {
            address: address.clone(),
            connector,
            current: Mutex::default(),
            connecting: tokio::sync::Mutex::default(),
            outage: Outage::default(),
        }));
        match tokio::time::timeout(FIRST_ANSWER, link.check()).await {
            Ok(Ok(None)) => {}
            Ok(Ok(Some(reason))) => return Err(refused(reason.to_owned())),
            Ok(Err(error)) if is_refusal(&error) => return Err(refused(error.to_string())),
            Ok(Err(error)) => link.is_away(&error.to_string()),
            Err(_) => link.is_away("no answer in time"),
        }
        Ok(link)
    }

    /// Whether what answers is what the URL says it is; the reason if it is not.
    async fn check(&self) -> RedisResult<Option<&'static str>> {
        let mut link = self.clone();
        let () = cmd("PING").query_async::<String>(&mut link).await.map(|_| ())?;
        if self.is_cluster() {
            return Ok(None);
        }
        let info: String = cmd("INFO").arg("cluster").query_async(&mut link).await?;
        Ok(info.contains("cluster_enabled:1").then_some("it is a node of a cluster, write redis+cluster://"))
    }

    /// Whether keys lie on several nodes: then a script or a pipeline may touch keys of one hash tag only.
    pub fn is_cluster(&self) -> bool {
        self.0.address.kind == RedisKind::Cluster
    }

    /// Whether Redis did not do what it was last asked for through [`RedisLink::quick`].
    pub fn is_down(&self) -> bool {
        self.0.outage.lasts()
    }

    /// Asks for what one can do without. Waits at most for `patience`; during an outage one request in half a second tries, and
    /// all others are told at once.
    pub async fn quick<T, Asked>(&self, patience: Duration, ask: impl FnOnce(RedisLink) -> Asked) -> Result<T, RedisDown>
    where
        Asked: Future<Output = RedisResult<T>>,
    {
        if !self.0.outage.may_ask() {
            return Err(RedisDown);
        }
        let number = self.current().number;
        match tokio::time::timeout(patience, ask(self.clone())).await {
            Ok(Ok(answer)) => {
                if self.0.outage.ends() {
                    tracing::info!(redis.address = %self.0.address, "Redis answers again");
                }
                Ok(answer)
            }
            Ok(Err(error)) => {
                self.is_away(&error.to_string());
                Err(RedisDown)
            }
            Err(_) => {
                // A connection may be dead without anybody saying so: a cable that was cut sends nothing.
                self.forget(number);
                self.is_away("no answer in time");
                Err(RedisDown)
            }
        }
    }

    fn is_away(&self, reason: &str) {
        if self.0.outage.begins() {
            tracing::warn!(redis.address = %self.0.address, reason, "Redis does not answer; going on without it, slower");
        }
    }

    async fn connection(&self) -> RedisResult<(u64, Connection)> {
        if let Some(known) = self.current().known()? {
            return Ok(known);
        }
        // One connects, the others wait for what comes of it.
        let _turn = self.0.connecting.lock().await;
        if let Some(known) = self.current().known()? {
            return Ok(known);
        }
        let made = match tokio::time::timeout(CONNECT, self.0.connector.connect()).await {
            Ok(made) => made,
            Err(_) => Err(std::io::Error::from(std::io::ErrorKind::TimedOut).into()),
        };
        let mut current = self.current();
        match made {
            Ok(connection) => {
                current.number += 1;
                current.failed = None;
                current.connection = Some(connection.clone());
                Ok((current.number, connection))
            }
            Err(error) => {
                current.failed = Some((Instant::now(), error.clone()));
                Err(error)
            }
        }
    }

    /// The connection of this number is broken, unless there is another one already. A cluster's mends itself.
    fn forget(&self, number: u64) {
        let mut current = self.current();
        if current.number == number && matches!(current.connection, Some(Connection::Node(_))) {
            current.connection = None;
        }
    }

    fn judge<T>(&self, number: u64, answer: RedisResult<T>, is_demoted: impl Fn(&T) -> bool) -> RedisResult<T> {
        let broken = match &answer {
            Ok(value) => is_demoted(value),
            Err(error) => error.is_io_error() || error.is_unrecoverable_error() || is_demotion(error.kind()),
        };
        if broken {
            self.forget(number);
        }
        answer
    }

    fn current(&self) -> MutexGuard<'_, Current> {
        self.0.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Current {
    fn known(&self) -> RedisResult<Option<(u64, Connection)>> {
        match (&self.connection, &self.failed) {
            (Some(connection), _) => Ok(Some((self.number, connection.clone()))),
            (None, Some((at, error))) if at.elapsed() < RECONNECT_PAUSE => Err(error.clone()),
            (None, _) => Ok(None),
        }
    }
}

/// What a server says that was the master: there is another one by now.
fn is_demotion(kind: ErrorKind) -> bool {
    matches!(kind, ErrorKind::Server(ServerErrorKind::ReadOnly | ServerErrorKind::MasterDown))
}

fn holds_demotion(value: &Value) -> bool {
    match value {
        Value::ServerError(error) => error.kind().is_some_and(|kind| is_demotion(ErrorKind::Server(kind))),
        _ => false,
    }
}

/// Whether asking again would help nobody: wrong password, no rights, not the kind of Redis that the URL says.
fn is_refusal(error: &RedisError) -> bool {
    match error.kind() {
        ErrorKind::AuthenticationFailed | ErrorKind::InvalidClientConfig | ErrorKind::RESP3NotSupported => true,
        ErrorKind::Server(ServerErrorKind::NoPerm | ServerErrorKind::ResponseError) => true,
        _ => matches!(error.code(), Some("NOAUTH" | "WRONGPASS" | "NOPERM")),
    }
}

impl ConnectionLike for RedisLink {
    fn req_packed_command<'a>(&'a mut self, cmd: &'a Cmd) -> RedisFuture<'a, Value> {
        async move {
            let (number, mut connection) = self.connection().await?;
            let answer = connection.req_packed_command(cmd).await;
            self.judge(number, answer, holds_demotion)
        }
        .boxed()
    }

    fn req_packed_commands<'a>(&'a mut self, pipeline: &'a Pipeline, offset: usize, count: usize) -> RedisFuture<'a, Vec<Value>> {
        async move {
            let (number, mut connection) = self.connection().await?;
            let answer = connection.req_packed_commands(pipeline, offset, count).await;
            self.judge(number, answer, |values| values.iter().any(holds_demotion))
        }
        .boxed()
    }

    fn get_db(&self) -> i64 {
        self.0.address.database
    }
}

impl fmt::Debug for RedisLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RedisLink").field(&self.0.address).finish()
    }
}
