//! Opening the file: making it, refusing what is not ours, and asserting the settings that safety rests on.

use std::fs::{self, File, TryLockError};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row, SqliteConnection};

use super::SqliteStore;
use super::error::{CANTOPEN, CORRUPT, NOTADB, READONLY, is_busy, primary_code};
use crate::error::{Result, StoreError};

static MIGRATIONS: Migrator = sqlx::migrate!("./migrations/sqlite");

/// "Plum": says in the file's header whose it is (`PRAGMA application_id`).
const APPLICATION_ID: i64 = 0x506c_756d;
/// How long a connection waits for another program's write.
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// Files up to this size are checked for damage at every start, which takes well under a second.
const CHECKED_BYTES: u64 = 64 << 20;
const READERS: u32 = 4;

/// How to open the database.
#[derive(Clone, Copy, Debug, Default)]
pub struct OpenOptions {
    /// Refuse to start while another program has opened the file as its sole worker, and be the one that others are refused by.
    /// Commands that only write a row and end leave it off: they run beside a worker.
    pub sole_worker: bool,
}

impl SqliteStore {
    /// Opens the database in `path`, making folder and file where there are none, and brings its schema up to date.
    pub async fn open(path: &Path) -> Result<SqliteStore> {
        SqliteStore::open_with(path, OpenOptions::default()).await
    }

    /// The same, with options.
    pub async fn open_with(path: &Path, options: OpenOptions) -> Result<SqliteStore> {
        make_folder(path)?;
        let lock = if options.sole_worker { Some(lock(path)?) } else { None };
        let is_new = fs::metadata(path).map_or(true, |file| file.len() == 0);
        make_private(path)?;
        prepare(path, is_new, options.sole_worker).await.map_err(|error| refusal(path, error))?;
        let writer = SqlitePoolOptions::new()
            .max_connections(1)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(is_free_of_transactions(connection)))
            .after_connect(|connection, _| Box::pin(assert_settings(connection)))
            .connect_with(
                connect_options(path)
                    .pragma("cache_size", "-16000")
                    .pragma("journal_size_limit", "67108864")
                    .optimize_on_close(true, 400),
            )
            .await
            .map_err(|error| refusal(path, error.into()))?;
        let readers = SqlitePoolOptions::new()
            .max_connections(READERS)
            .max_lifetime(None)
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(is_free_of_transactions(connection)))
            .after_connect(|connection, _| Box::pin(assert_settings(connection)))
            .connect_with(connect_options(path).pragma("cache_size", "-8000").pragma("query_only", "ON"))
            .await
            .map_err(|error| refusal(path, error.into()))?;
        Ok(SqliteStore { writer, readers, lock: Mutex::new(lock) })
    }
}

fn connect_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .create_if_missing(true)
        .foreign_keys(true)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(BUSY_TIMEOUT)
        .pragma("temp_store", "MEMORY")
        .disable_statement_logging()
}

/// Turns on the write-ahead log, refuses a foreign or damaged file, and migrates. A sole worker takes back the leases of the one
/// before it, which can only have been killed: nobody else works on them.
async fn prepare(path: &Path, is_new: bool, sole_worker: bool) -> Result<(), PrepareError> {
    let mut connection = connect_options(path).connect().await?;
    // Both as of one moment: another program may be making the database right now.
    let mut moment = connection.begin().await?;
    let tables: i64 = sqlx::query_scalar("SELECT count(*) FROM sqlite_schema").fetch_one(&mut *moment).await?;
    let application: i64 = sqlx::query_scalar("PRAGMA application_id").fetch_one(&mut *moment).await?;
    moment.commit().await?;
    if tables > 0 && application != APPLICATION_ID {
        return Err(PrepareError::NotOurs);
    }
    if tables > 0 && fs::metadata(path).is_ok_and(|file| file.len() <= CHECKED_BYTES) {
        let verdict: String = sqlx::query_scalar("PRAGMA quick_check(1)").fetch_one(&mut connection).await?;
        if verdict != "ok" {
            return Err(PrepareError::Damaged(verdict));
        }
    }
    // Changing the mode cannot be waited on with the busy timeout, and two programs may start at once.
    let mut tries = 0;
    while let Err(error) = sqlx::query(JOURNAL_MODE).execute(&mut connection).await {
        tries += 1;
        if !is_busy(&error) || tries == 50 {
            return Err(error.into());
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    // One transaction around all migrations: another program that starts now waits, and then finds nothing to do.
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    sqlx::query(SET_APPLICATION_ID).execute(&mut *transaction).await?;
    MIGRATIONS.run_direct(None, &mut *transaction, false).await?;
    if sole_worker {
        sqlx::query(include_str!("../sql/sqlite/take_back_leases.sql")).execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    connection.close().await?;
    if is_new {
        tracing::info!(database.path = %path.display(), "made a new database");
    }
    Ok(())
}

const JOURNAL_MODE: &str = "PRAGMA journal_mode = WAL";
// 0x506c756d; a pragma takes no parameters.
const SET_APPLICATION_ID: &str = "PRAGMA application_id = 1349285229";

/// False for a connection whose transaction was never ended, so that another is made. Where the disk is full or does not answer, SQLite
/// rolls back by itself, and the roll-back that sqlx sends behind it fails: sqlx then takes the transaction for open for good.
async fn is_free_of_transactions(connection: &mut SqliteConnection) -> Result<bool, sqlx::Error> {
    if !connection.is_in_transaction() {
        return Ok(true);
    }
    // A roll-back may still be on its way; the answer comes behind it.
    connection.ping().await?;
    Ok(!connection.is_in_transaction())
}

/// SQLite ignores settings that it cannot apply: better not to start than to lose rows.
async fn assert_settings(connection: &mut SqliteConnection) -> Result<(), sqlx::Error> {
    let row = sqlx::query(include_str!("../sql/sqlite/connection_settings.sql")).fetch_one(connection).await?;
    let settings: (i64, i64, String) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
    let safe = (1, 2, "wal".to_owned());
    if settings != safe {
        let message = format!("foreign_keys, synchronous, journal_mode are {settings:?}, not {safe:?}");
        return Err(sqlx::Error::Configuration(message.into()));
    }
    Ok(())
}

fn make_folder(path: &Path) -> Result<()> {
    let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) else { return Ok(()) };
    fs::create_dir_all(folder).map_err(|error| {
        let folder = folder.display();
        StoreError::Unusable(format!("the data folder `{folder}` cannot be made: {error}; make it, or name another one"))
    })
}

/// Makes the file where there is none, for its owner alone: it holds addresses and password hashes.
fn make_private(path: &Path) -> Result<()> {
    let mut options = File::options();
    options.append(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        Err(error) => {
            let file = path.display();
            Err(StoreError::Unusable(format!("the database `{file}` cannot be made: {error}; check the folder's permissions")))
        }
    }
}

/// The file whose lock says that a worker has the database.
fn lock_path(path: &Path) -> PathBuf {
    path.with_extension("lock")
}

fn lock(path: &Path) -> Result<File> {
    let lock_path = lock_path(path);
    let cannot = |error: &dyn std::fmt::Display| {
        StoreError::Unusable(format!("the lock file `{}` cannot be used: {error}; check its permissions", lock_path.display()))
    };
    let file = File::options().create(true).write(true).truncate(false).open(&lock_path).map_err(|error| cannot(&error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Unusable(format!(
            "the database `{}` is in use by another running Plummet; stop that one first, or name another data folder",
            path.display()
        ))),
        Err(TryLockError::Error(error)) => Err(cannot(&error)),
    }
}

/// Why a file could not be prepared.
enum PrepareError {
    NotOurs,
    Damaged(String),
    Sqlx(sqlx::Error),
    Migrate(MigrateError),
}

impl From<sqlx::Error> for PrepareError {
    fn from(error: sqlx::Error) -> Self {
        PrepareError::Sqlx(error)
    }
}

impl From<MigrateError> for PrepareError {
    fn from(error: MigrateError) -> Self {
        match error {
            MigrateError::Execute(error) | MigrateError::ExecuteMigration(error, _) => PrepareError::Sqlx(error),
            other => PrepareError::Migrate(other),
        }
    }
}

/// The sentence that stops the start: which file, what is wrong, what to do.
fn refusal(path: &Path, error: PrepareError) -> StoreError {
    let file = path.display();
    StoreError::Unusable(match error {
        PrepareError::NotOurs => {
            format!("`{file}` is a database of another program, not of Plummet; move it away, or name another file")
        }
        PrepareError::Damaged(verdict) => {
            format!("the database `{file}` is damaged ({verdict}); restore it from a backup, or move it away to begin anew")
        }
        PrepareError::Migrate(MigrateError::VersionMissing(_) | MigrateError::VersionMismatch(_)) => {
            format!("the database `{file}` was written by a newer or different Plummet; run that version, or restore a backup")
        }
        PrepareError::Migrate(error) => format!("the database `{file}` cannot be brought up to date: {error}; restore a backup"),
        PrepareError::Sqlx(error) => match primary_code(&error) {
            Some(NOTADB) => format!("`{file}` is not a database; move it away, or name another file"),
            Some(CORRUPT) => {
                format!("the database `{file}` is damaged ({error}); restore it from a backup, or move it away to begin anew")
            }
            Some(CANTOPEN | READONLY) => {
                format!("the database `{file}` cannot be opened for writing: {error}; check the permissions of file and folder")
            }
            _ if is_busy(&error) => format!("the database `{file}` is locked by another program; stop that one first"),
            _ => format!("the database `{file}` cannot be opened: {error}"),
        },
    })
}
