//! Opening the database: reaching it, refusing what cannot serve, and bringing the schema up to date.

use std::str::FromStr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};
use std::time::{Duration, Instant};

use secrecy::{ExposeSecret, SecretString};
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{ConnectOptions, Connection, Executor, PgConnection, PgPool};

use super::PostgresStore;
use super::error::code;
use super::replica::Replica;
use crate::error::{Result, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/postgres");

/// The oldest version that it is tried with.
const MIN_VERSION: i64 = 15;
/// How long a server may take to come up.
const START_PATIENCE: Duration = Duration::from_secs(30);
/// How long a connection may be refused: a server that has not begun to listen yet.
const REFUSED_PATIENCE: Duration = Duration::from_secs(3);
/// Longest wait for a free connection.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(10);
/// A replica is not waited for: the primary knows the same.
const REPLICA_TIMEOUT: Duration = Duration::from_secs(2);
/// A connection that was idle for longer is asked whether it still answers.
const IDLE: Duration = Duration::from_secs(1);

/// For every connection: the server gives up what takes too long, and what a client that is gone has left open.
const SETTINGS: &str = "SET statement_timeout = '30s'; SET lock_timeout = '20s'; \
    SET idle_in_transaction_session_timeout = '30s'; SET tcp_keepalives_idle = 30; SET tcp_keepalives_interval = 10; \
    SET client_min_messages = warning; SET timezone = 'UTC'";

/// Where the database is.
#[derive(Clone, Debug)]
pub struct PostgresOptions {
    /// The primary: `postgres://user:password@host:5432/database`, by `DATABASE_URL`.
    pub url: SecretString,
    /// A replica for history and search, which may be some seconds behind.
    pub replica_url: Option<SecretString>,
    /// Most connections to each, at least two.
    pub max_connections: u32,
}

impl PostgresStore {
    /// Opens a database and brings its schema up to date. Any number of programs may do so at once.
    pub async fn open(options: &PostgresOptions) -> Result<PostgresStore> {
        let server = Server::parse("DATABASE_URL", &options.url)?;
        let is_sharded = server.prepare().await.map_err(|error| server.refusal(error))?;
        let has_hung = Arc::new(AtomicBool::new(false));
        let pool = pool(&server.options, options.max_connections, ACQUIRE_TIMEOUT, &has_hung);
        let replica = options.replica_url.as_ref().map(|url| Server::parse("the replica's URL", url)).transpose()?;
        let replica = replica
            .map(|replica| Replica::new(self::pool(&replica.options, options.max_connections, REPLICA_TIMEOUT, &has_hung)));
        Ok(PostgresStore { pool, replica, is_sharded, swept_at: AtomicI64::new(i64::MIN), has_hung })
    }

    /// The same, with the statements for tables that are spread over servers, whether they are or not.
    pub async fn open_sharded(options: &PostgresOptions) -> Result<PostgresStore> {
        Ok(PostgresStore { is_sharded: true, ..PostgresStore::open(options).await? })
    }

    /// Brings the schema up to date; where the extension `citus` is present, spreads its tables over the cluster's servers.
    pub async fn migrate(url: &SecretString) -> Result<()> {
        let server = Server::parse("DATABASE_URL", url)?;
        server.prepare().await.map_err(|error| server.refusal(error))?;
        Ok(())
    }
}

fn pool(options: &PgConnectOptions, most: u32, patience: Duration, has_hung: &Arc<AtomicBool>) -> PgPool {
    let has_hung = has_hung.clone();
    PgPoolOptions::new()
        .max_connections(most.max(2))
        .acquire_timeout(patience)
        .idle_timeout(Duration::from_secs(10 * 60))
        // After a fail-over, the name of the server leads to another one.
        .max_lifetime(Duration::from_secs(30 * 60))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move { Ok(meta.idle_for < IDLE || answers(connection, REPLICA_TIMEOUT).await) })
        })
        .after_connect(|connection, _| {
            Box::pin(async move {
                connection.execute(SETTINGS).await?;
                Ok(())
            })
        })
        // The pool itself asks a connection that comes back, but without an end to its patience.
        .after_release(move |connection, _| {
            let has_hung = has_hung.clone();
            Box::pin(async move {
                if !has_hung.load(Ordering::Relaxed) {
                    return Ok(true);
                }
                if !answers(connection, REPLICA_TIMEOUT).await {
                    return Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into()));
                }
                has_hung.store(false, Ordering::Relaxed);
                Ok(true)
            })
        })
        .connect_lazy_with(options.clone())
}

async fn answers(connection: &mut PgConnection, patience: Duration) -> bool {
    matches!(tokio::time::timeout(patience, connection.ping()).await, Ok(Ok(())))
}

/// A server and how to reach it.
pub(super) struct Server {
    /// What the operator calls it.
    name: &'static str,
    pub(super) options: PgConnectOptions,
}

impl Server {
    pub(super) fn parse(name: &'static str, url: &SecretString) -> Result<Self> {
        let options = PgConnectOptions::from_str(url.expose_secret()).map_err(|error| {
            StoreError::Unusable(format!(
                "{name} is no PostgreSQL URL ({error}); write it as postgres://user:password@host:5432/database"
            ))
        })?;
        Ok(Server { name, options: options.application_name("plummet").log_statements(tracing::log::LevelFilter::Off) })
    }

    /// Refuses what cannot serve, and migrates. Whether its tables are spread over servers.
    async fn prepare(&self) -> Result<bool, PrepareError> {
        let mut connection = self.connect().await?;
        let version: String = sqlx::query_scalar("SHOW server_version_num").fetch_one(&mut connection).await?;
        // 150018 is 15.18.
        let version = version.parse::<i64>().unwrap_or_default() / 10_000;
        if version < MIN_VERSION {
            return Err(PrepareError::Wrong(format!("is PostgreSQL {version}; Plummet needs {MIN_VERSION} or later")));
        }
        let encoding: String = sqlx::query_scalar("SHOW server_encoding").fetch_one(&mut connection).await?;
        if encoding != "UTF8" {
            return Err(PrepareError::Wrong(format!("keeps texts as {encoding}; create it with ENCODING 'UTF8'")));
        }
        if sqlx::query_scalar::<_, bool>("SELECT pg_is_in_recovery()").fetch_one(&mut connection).await? {
            return Err(PrepareError::Wrong("is a replica, which cannot be written; name the primary".to_owned()));
        }
        let is_sharded = migrate(&mut connection).await?;
        connection.close().await?;
        Ok(is_sharded)
    }

    /// Connects; a server that is starting is waited for.
    async fn connect(&self) -> Result<PgConnection, sqlx::Error> {
        let start = Instant::now();
        loop {
            let attempt = tokio::time::timeout(ACQUIRE_TIMEOUT, self.options.connect()).await;
            let error = match attempt {
                Ok(Ok(connection)) => return Ok(connection),
                Ok(Err(error)) => error,
                Err(_) => return Err(sqlx::Error::Io(std::io::ErrorKind::TimedOut.into())),
            };
            let patience = match &error {
                sqlx::Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => REFUSED_PATIENCE,
                other if code(other).as_deref() == Some("57P03") => START_PATIENCE,
                _ => Duration::ZERO,
            };
            if start.elapsed() >= patience {
                return Err(error);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The sentence that stops the start: which database, what is wrong, what to do. Never the password.
    fn refusal(&self, error: PrepareError) -> StoreError {
        let database = self.options.get_database().unwrap_or_else(|| self.options.get_username());
        let (host, port, user) = (self.options.get_host(), self.options.get_port(), self.options.get_username());
        let place = format!("`{database}` at {host}:{port} ({})", self.name);
        StoreError::Unusable(match error {
            PrepareError::Wrong(what) => format!("the database {place} {what}"),
            PrepareError::Migrate(MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_)) => {
                format!(
                    "the database {place} was written by a newer or different program; run that Plummet, or name another database"
                )
            }
            PrepareError::Migrate(error) => {
                format!("the database {place} cannot be brought up to date: {error}; restore a backup")
            }
            PrepareError::Sqlx(error) => match code(&error).as_deref() {
                Some("28P01" | "28000") => {
                    format!("user `{user}` may not enter the database {place}: {error}; check user and password")
                }
                Some("3D000") => {
                    format!("there is no database {place}; create it with: CREATE DATABASE {database} ENCODING 'UTF8'")
                }
                Some("42501") => {
                    format!("user `{user}` may not make tables in the database {place}: {error}; make the user its owner")
                }
                Some(_) => format!("the database {place} cannot be used: {error}"),
                None => format!("the database {place} cannot be reached: {error}; start the server, or correct the URL"),
            },
        })
    }
}

/// Makes and changes tables, one program after the other, all or nothing. Whether tables are spread over servers.
async fn migrate(connection: &mut PgConnection) -> Result<bool, PrepareError> {
    let mut tx = connection.begin().await?;
    sqlx::query("SELECT pg_advisory_xact_lock(hashtextextended('plummet.migrate', 0))").execute(&mut *tx).await?;
    let is_ours: bool = sqlx::query_scalar("SELECT to_regclass('_sqlx_migrations') IS NOT NULL").fetch_one(&mut *tx).await?;
    let has_tables: bool = sqlx::query_scalar("SELECT coalesce(to_regclass('products'), to_regclass('users')) IS NOT NULL")
        .fetch_one(&mut *tx)
        .await?;
    if has_tables && !is_ours {
        return Err(PrepareError::Wrong("holds tables of another program; name an empty database".to_owned()));
    }
    if let Err(error) = MIGRATIONS.run_direct(None, &mut *tx, false).await {
        return Err(match error {
            MigrateError::ExecuteMigration(error, _) if error.to_string().contains("pg_trgm") => PrepareError::Wrong(format!(
                "lacks the extension pg_trgm ({error}); install the package postgresql-contrib on its server, or let its \
                 administrator run: CREATE EXTENSION pg_trgm"
            )),
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => PrepareError::Sqlx(error),
            other => PrepareError::Migrate(other),
        });
    }
    let is_sharded: bool =
        sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'citus')").fetch_one(&mut *tx).await?;
    if is_sharded && !is_distributed(&mut tx).await? {
        tx.execute(include_str!("../sql/postgres/distribute.sql")).await?;
    }
    tx.commit().await?;
    Ok(is_sharded)
}

async fn is_distributed(tx: &mut PgConnection) -> Result<bool, sqlx::Error> {
    const FIND: &str = "SELECT EXISTS (SELECT 1 FROM pg_dist_partition WHERE logicalrelid = 'products'::regclass)";
    sqlx::query_scalar(FIND).fetch_one(tx).await
}

/// Why a database could not be prepared.
enum PrepareError {
    /// What is wrong with it and what to do, to stand behind its name.
    Wrong(String),
    Sqlx(sqlx::Error),
    Migrate(MigrateError),
}

impl From<sqlx::Error> for PrepareError {
    fn from(error: sqlx::Error) -> Self {
        PrepareError::Sqlx(error)
    }
}
