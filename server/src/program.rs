//! Opening what commands work on: the data folder and the database in it.

use std::fs::{DirBuilder, OpenOptions, Permissions, set_permissions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Arc;

use actions::Operator;
use anyhow::Context;
use jobs::Clock;
use store::Store;
use store::sqlite::SqliteStore;

use crate::config::Config;

/// Readable and writable by the owner alone.
const OWNER_ONLY: u32 = 0o600;

/// Opens the database beside a running program, for a command that writes a row and ends.
pub async fn open_beside(config: &Config) -> anyhow::Result<Operator> {
    let store: Arc<dyn Store> = Arc::new(open(config, false).await?);
    Ok(Operator { store, clock: Clock::System })
}

/// Opens the database as the one program that works on it.
pub async fn open_alone(config: &Config) -> anyhow::Result<Arc<dyn Store>> {
    Ok(Arc::new(open(config, true).await?))
}

async fn open(config: &Config, sole_worker: bool) -> anyhow::Result<SqliteStore> {
    make_folder(&config.data.folder)?;
    make_private(&config.data.database)?;
    Ok(SqliteStore::open_with(&config.data.database, store::sqlite::OpenOptions { sole_worker }).await?)
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
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        Err(error) => Err(error).with_context(|| format!("the database `{}` cannot be made", database.display())),
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
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

/// Where the set-up link is kept until it is used.
pub fn setup_link_path(config: &Config) -> std::path::PathBuf {
    config.data.folder.join("setup-link")
}
