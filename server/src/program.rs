//! Opening what commands work on: the data folder, the database, the secret key, and what processes share.

use std::fs::{DirBuilder, OpenOptions, Permissions, set_permissions};
use std::io::{ErrorKind, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use actions::Operator;
use anyhow::Context;
use jobs::{Clock, Role, SecretKey};
use store::Store;
use store::cache::{Cache, CachedStore, InProcessCache, RedisCache};
use store::postgres::{Place, PostgresOptions, PostgresStore, Presence};
use store::redis::RedisLink;
use store::sqlite::SqliteStore;

use crate::config::{Config, DatabaseConfig, secret_key, secret_key_text};

/// Readable and writable by the owner alone.
const OWNER_ONLY: u32 = 0o600;
/// Connections of a command that writes a row and ends.
const FEW_CONNECTIONS: u32 = 2;

/// What a running program works on.
pub struct Opened {
    /// The truth.
    pub store: Arc<dyn Store>,
    /// The Redis that processes share, if there is one.
    pub redis: Option<RedisLink>,
    /// The place among the processes that work on a PostgreSQL, kept until the end.
    _place: Option<Place>,
}

impl Opened {
    /// A store that nobody else works on.
    pub fn alone(store: Arc<dyn Store>) -> Self {
        Opened { store, redis: None, _place: None }
    }
}

/// Opens the database beside a running program, for a command that writes a row and ends.
pub async fn open_beside(config: &Config) -> anyhow::Result<Operator> {
    make_folder(&config.data.folder)?;
    let store: Arc<dyn Store> = match &config.database {
        DatabaseConfig::Sqlite(path) => Arc::new(open_file(path, false).await?),
        DatabaseConfig::Postgres { url, .. } => {
            let options = PostgresOptions { url: url.clone(), replica_url: None, max_connections: FEW_CONNECTIONS };
            Arc::new(PostgresStore::open(&options).await?)
        }
    };
    Ok(Operator { store, clock: Clock::System })
}

/// Opens the database as the one program that works on it, or as one of those that share it.
pub async fn open(config: &Config, role: Role) -> anyhow::Result<Opened> {
    config.check_role(role)?;
    make_folder(&config.data.folder)?;
    let redis = match &config.scale.redis_url {
        Some(url) => Some(RedisLink::connect(url).await?),
        None => None,
    };
    match &config.database {
        // A read of the file is as quick as one of a cache.
        DatabaseConfig::Sqlite(path) => Ok(Opened { store: Arc::new(open_file(path, true).await?), redis, _place: None }),
        DatabaseConfig::Postgres { url, replica_url, max_connections } => {
            let (url, replica_url, max_connections) = (url.clone(), replica_url.clone(), *max_connections);
            let server = PostgresStore::open(&PostgresOptions { url: url.clone(), replica_url, max_connections }).await?;
            let presence = if redis.is_some() { Presence::Shared } else { Presence::Alone };
            let place = Some(presence.take(&url).await?);
            let cache: Arc<dyn Cache> = match &redis {
                Some(link) => Arc::new(RedisCache::new(link.clone())),
                None => Arc::new(InProcessCache::default()),
            };
            Ok(Opened { store: Arc::new(CachedStore::new(Arc::new(server), cache)), redis, _place: place })
        }
    }
}

async fn open_file(path: &Path, sole_worker: bool) -> anyhow::Result<SqliteStore> {
    make_private(path)?;
    Ok(SqliteStore::open_with(path, store::sqlite::OpenOptions { sole_worker }).await?)
}

/// Makes the data folder for its owner alone.
fn make_folder(folder: &Path) -> anyhow::Result<()> {
    let made = DirBuilder::new().recursive(true).mode(0o700).create(folder);
    made.with_context(|| format!("the data folder `{}` cannot be made; set PLUMMET_DATA to one that can", folder.display()))
}

/// Sees to it that only the owner reads the database: it holds hashes of passwords and of sessions. SQLite gives its side files
/// the same mode.
fn make_private(database: &Path) -> anyhow::Result<()> {
    if let Some(folder) = database.parent() {
        make_folder(folder)?;
    }
    if database.exists() {
        return Ok(());
    }
    let made = OpenOptions::new().create_new(true).write(true).mode(OWNER_ONLY).open(database);
    match made {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).with_context(|| format!("the database `{}` cannot be made", database.display())),
    }
}

/// What secrets in the database are sealed with: `PLUMMET_SECRET_KEY`, or the file in the data folder, which is made at the first
/// start.
pub fn find_secret_key(config: &Config) -> anyhow::Result<SecretKey> {
    if let Some(key) = config.data.secret_key {
        return Ok(SecretKey::new(key));
    }
    make_folder(&config.data.folder)?;
    let path = config.data.folder.join("secret.key");
    let text = match std::fs::read_to_string(&path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            draw_secret_key(&path)?;
            std::fs::read_to_string(&path)
        }
        read => read,
    };
    let text = text.with_context(|| format!("the secret key `{}` cannot be read; check its permissions", path.display()))?;
    let key = secret_key(&text).map_err(|_| {
        anyhow::anyhow!(
            "the secret key `{}` is damaged; restore it from a backup, or remove it and save the passwords of proxies again",
            path.display()
        )
    })?;
    Ok(SecretKey::new(key))
}

/// Makes the key's file, whole or not at all: of two processes that start at once, one makes it and both use it.
fn draw_secret_key(path: &Path) -> anyhow::Result<()> {
    let draft = path.with_extension(format!("key-{}", std::process::id()));
    write_secret(&draft, &secret_key_text(&SecretKey::draw()))?;
    let made = std::fs::hard_link(&draft, path);
    remove_secret(&draft)?;
    match made {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => {
            Err(error).with_context(|| format!("the secret key `{}` cannot be made", path.display()))
        }
        _ => Ok(()),
    }
}

/// Writes a secret into the data folder, for its owner alone.
pub fn write_secret(path: &Path, secret: &str) -> anyhow::Result<()> {
    let mut file = OpenOptions::new().create(true).truncate(true).write(true).mode(OWNER_ONLY).open(path)?;
    set_permissions(path, Permissions::from_mode(OWNER_ONLY))?;
    Ok(writeln!(file, "{secret}")?)
}

/// Removes a secret that was used.
pub fn remove_secret(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Where the set-up link is kept until it is used.
pub fn setup_link_path(config: &Config) -> PathBuf {
    config.data.folder.join("setup-link")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(folder: &Path) -> Config {
        let data = ("PLUMMET_DATA".to_owned(), folder.to_str().unwrap().to_owned());
        Config::of([data].into_iter()).unwrap()
    }

    #[test]
    fn the_secret_key_is_drawn_once_and_is_its_owners_alone() {
        let folder = tempfile::tempdir().unwrap();
        let config = config(folder.path());
        let sealed = find_secret_key(&config).unwrap().seal(b"sesame", "a test");
        assert_eq!(find_secret_key(&config).unwrap().open(&sealed, "a test").unwrap(), b"sesame");
        let path = folder.path().join("secret.key");
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, OWNER_ONLY);
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left");

        std::fs::write(&path, "half a ke").unwrap();
        let error = find_secret_key(&config).err().unwrap().to_string();
        assert!(error.contains("secret.key") && error.contains("restore it"), "{error}");
    }
}
