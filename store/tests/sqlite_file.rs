//! The SQLite file: made, refused, locked, and with the settings that safety rests on.
#![cfg(test)]

use std::fs;
use std::io::{Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::tracking::Rules;
use domain::user::{Role, User};
use domain::{Locale, ProductUrl, Timestamp, UserId};
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use store::sqlite::{OpenOptions, SqliteStore};
use store::{NewTracking, NewUser, Store, StoreError};
use tempfile::TempDir;

const SOLE: OpenOptions = OpenOptions { sole_worker: true };

fn folder() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("plummet.db");
    (folder, path)
}

async fn connect(path: &Path) -> SqliteConnection {
    SqliteConnectOptions::new().filename(path).create_if_missing(true).connect().await.unwrap()
}

/// Opening must fail, with a sentence that names the file and holds `remedy`.
async fn refused(path: &Path, remedy: &str) {
    match SqliteStore::open(path).await {
        Err(StoreError::Unusable(sentence)) => {
            assert!(sentence.contains(&path.display().to_string()), "names the file: {sentence}");
            assert!(sentence.contains(remedy), "names the remedy `{remedy}`: {sentence}");
        }
        other => panic!("it must be refused, not {other:?}"),
    }
}

/// A database with enough in it to have several pages.
async fn filled(path: &Path) {
    let store = SqliteStore::open(path).await.unwrap();
    for n in 0..200 {
        store.put_setting(&format!("name-{n}"), Some(&"x".repeat(500))).await.unwrap();
    }
    store.close().await;
}

#[tokio::test]
async fn folder_and_file_are_made() {
    let (_folder, path) = folder();
    let deep = path.with_file_name("a").join("b").join("plummet.db");
    SqliteStore::open(&deep).await.unwrap().ping().await.unwrap();
    assert!(deep.exists());
}

#[cfg(unix)]
#[tokio::test]
async fn the_file_is_its_owners_alone() {
    use std::os::unix::fs::PermissionsExt;
    let (_folder, path) = folder();
    let store = SqliteStore::open(&path).await.unwrap();
    store.put_setting("name", Some("value")).await.unwrap();
    for suffix in ["", "-wal", "-shm"] {
        let file = format!("{}{suffix}", path.display());
        assert_eq!(fs::metadata(&file).unwrap().permissions().mode() & 0o077, 0, "{file}");
    }
}

#[tokio::test]
async fn opening_again_changes_nothing() {
    let (_folder, path) = folder();
    filled(&path).await;
    let before = fs::read(&path).unwrap();
    let store = SqliteStore::open_with(&path, SOLE).await.unwrap();
    assert!(store.find_setting("name-7").await.unwrap().is_some());
    drop(store);
    let store = SqliteStore::open(&path).await.unwrap();
    store.close().await;
    assert_eq!(before.len(), fs::read(&path).unwrap().len());
}

#[tokio::test]
async fn a_text_file_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let text = "Dear diary, ".repeat(1_000);
    fs::write(&path, &text).unwrap();
    refused(&path, "not a database; move it away").await;
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_damaged_file_is_refused() {
    let (_folder, path) = folder();
    filled(&path).await;
    let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
    let length = file.metadata().unwrap().len();
    assert!(length > 60_000, "several pages: {length}");
    file.seek(SeekFrom::Start(4_096)).unwrap();
    file.write_all(&vec![0xa5; usize::try_from(length).unwrap() - 8_192]).unwrap();
    drop(file);
    refused(&path, "restore it from a backup").await;
}

#[tokio::test]
async fn a_truncated_file_is_refused() {
    let (_folder, path) = folder();
    filled(&path).await;
    let length = fs::metadata(&path).unwrap().len();
    fs::OpenOptions::new().write(true).open(&path).unwrap().set_len(length / 2).unwrap();
    refused(&path, "restore it from a backup").await;
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_alone() {
    let (_folder, path) = folder();
    let mut other = connect(&path).await;
    sqlx::query("CREATE TABLE bookmarks (id INTEGER)").execute(&mut other).await.unwrap();
    other.close().await.unwrap();
    let before = fs::read(&path).unwrap();
    refused(&path, "of another program").await;
    assert_eq!(fs::read(&path).unwrap(), before);
}

#[tokio::test]
async fn a_newer_schema_is_refused() {
    let (_folder, path) = folder();
    filled(&path).await;
    let mut newer = connect(&path).await;
    let migration = "INSERT INTO _sqlx_migrations VALUES (9999, 'from the future', CURRENT_TIMESTAMP, true, x'00', 0)";
    sqlx::query(migration).execute(&mut newer).await.unwrap();
    newer.close().await.unwrap();
    refused(&path, "written by a newer").await;
}

#[tokio::test]
async fn a_folder_in_place_of_the_file_is_refused() {
    let (_folder, path) = folder();
    fs::create_dir(&path).unwrap();
    refused(&path, "cannot be opened").await;
}

#[tokio::test]
async fn a_file_in_place_of_the_folder_is_refused() {
    let (_folder, path) = folder();
    fs::write(&path, "").unwrap();
    let inside = path.join("plummet.db");
    let Err(StoreError::Unusable(sentence)) = SqliteStore::open(&inside).await else { panic!("it must be refused") };
    assert!(sentence.contains("cannot be made"), "{sentence}");
}

#[tokio::test]
async fn a_file_locked_by_another_program_is_refused() {
    let (_folder, path) = folder();
    filled(&path).await;
    let mut other = connect(&path).await;
    for pragma in ["PRAGMA locking_mode = EXCLUSIVE", "BEGIN EXCLUSIVE"] {
        sqlx::query(pragma).execute(&mut other).await.unwrap();
    }
    refused(&path, "locked by another program; stop that one first").await;
}

#[tokio::test]
async fn a_second_sole_worker_is_refused_until_the_first_ends() {
    let (_folder, path) = folder();
    let first = SqliteStore::open_with(&path, SOLE).await.unwrap();
    let Err(StoreError::Unusable(sentence)) = SqliteStore::open_with(&path, SOLE).await else { panic!("refused") };
    assert!(sentence.contains("in use by another running Plummet; stop that one first"), "{sentence}");
    let command = SqliteStore::open(&path).await.unwrap();
    command.put_setting("from", Some("a command")).await.unwrap();
    assert_eq!(first.find_setting("from").await.unwrap().as_deref(), Some("a command"));
    command.close().await;
    first.close().await;
    let second = SqliteStore::open_with(&path, SOLE).await.unwrap();
    drop(second);
    SqliteStore::open_with(&path, SOLE).await.unwrap();
}

#[tokio::test]
async fn programs_that_start_at_once_make_one_database() {
    let (_folder, path) = folder();
    let programs: Vec<_> = (0..6)
        .map(|n| {
            let path = path.clone();
            tokio::spawn(async move {
                let store = SqliteStore::open(&path).await.unwrap();
                store.put_setting(&n.to_string(), Some("here")).await.unwrap();
                store
            })
        })
        .collect();
    for program in programs {
        program.await.unwrap();
    }
    let store = SqliteStore::open(&path).await.unwrap();
    for n in 0..6 {
        assert!(store.find_setting(&n.to_string()).await.unwrap().is_some());
    }
}

#[tokio::test]
async fn another_programs_long_write_is_a_reason_to_try_again() {
    let (_folder, path) = folder();
    filled(&path).await;
    let store = SqliteStore::open(&path).await.unwrap();
    let mut other = connect(&path).await;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
    assert!(matches!(store.put_setting("a", Some("b")).await, Err(StoreError::Unavailable(_))));
    sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
    store.put_setting("a", Some("b")).await.unwrap();
}

#[tokio::test]
async fn the_schema_keeps_its_names_and_types() {
    let (_folder, path) = folder();
    filled(&path).await;
    let mut file = connect(&path).await;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE '_sqlx_%' ORDER BY name",
    )
    .fetch_all(&mut file)
    .await
    .unwrap();
    let expect = [
        "api_tokens",
        "evidence",
        "notifications",
        "partly_delivered",
        "price_events",
        "price_runs",
        "product_texts",
        "products",
        "proxies",
        "sessions",
        "settings",
        "shares",
        "trackings",
        "user_channels",
        "user_preferences",
        "users",
    ];
    assert_eq!(tables, expect);
    for table in tables {
        let sql = format!("SELECT strict FROM pragma_table_list WHERE name = '{table}'");
        let strict: bool = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut file).await.unwrap();
        assert!(strict, "{table} is strict");
    }
}

/// One product that is due.
async fn tracked(path: &Path, now: Timestamp) {
    let store = SqliteStore::open(path).await.unwrap();
    let user = User {
        id: UserId(uuid::Uuid::from_u128(1)),
        email: "anna@example.org".into(),
        role: Role::User,
        locale: Locale::best("de"),
        time_zone: "Europe/Berlin".into(),
        created_at: now,
    };
    let user_id = user.id;
    store.create_user(&NewUser { user, password_hash: None }).await.unwrap();
    let product = ProductUrl::parse("https://shop.example/p/1").unwrap();
    let wish = NewTracking { user_id, product, rules: Rules::default(), channels: Vec::new() };
    store.track(&wish, now).await.unwrap();
    store.close().await;
}

#[tokio::test]
async fn a_sole_worker_takes_back_what_a_killed_one_had_leased_and_others_leave_it() {
    let (_folder, path) = folder();
    let (now, hour) = (Timestamp::from_micros(1_763_028_000_000_000), Duration::from_secs(3_600));
    tracked(&path, now).await;
    let killed = SqliteStore::open(&path).await.unwrap();
    assert_eq!(killed.claim_due(now, hour, 10).await.unwrap().len(), 1);
    drop(killed);

    let beside = SqliteStore::open(&path).await.unwrap();
    assert!(beside.claim_due(now, hour, 10).await.unwrap().is_empty(), "somebody may be at it");
    beside.close().await;

    let sole = SqliteStore::open_with(&path, SOLE).await.unwrap();
    assert_eq!(sole.claim_due(now, hour, 10).await.unwrap().len(), 1);
}
