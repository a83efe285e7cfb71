//! A PostgreSQL of one's own.

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::held::Held;
use crate::{folder, free_port, programs};

/// Longest time until a server answers, after a crash too.
const PATIENCE: Duration = Duration::from_secs(60);
/// Settings that make it quick. What a killed process wrote is with the operating system and not lost; only a machine that
/// crashes needs more.
const QUICK: &[(&str, &str)] = &[
    ("fsync", "off"),
    ("full_page_writes", "off"),
    ("max_connections", "400"),
    ("shared_buffers", "64MB"),
    ("max_wal_size", "2GB"),
    ("autovacuum_naptime", "60s"),
];
/// Settings that every server here has: reachable on this machine by TCP alone.
const PRIVATE: &[(&str, &str)] = &[("listen_addresses", "127.0.0.1"), ("unix_socket_directories", "")];

/// A PostgreSQL server with an empty cluster. It ends when it is dropped, and its data with it.
pub struct Postgres {
    held: Option<Held>,
    port: u16,
    settings: Vec<(String, String)>,
    folder: TempDir,
}

impl Postgres {
    /// Starts one that does not wait for the disk.
    pub async fn start() -> Self {
        Self::start_with(&[]).await
    }

    /// Starts one with these settings over the quick ones: `("fsync", "on")`.
    pub async fn start_with(settings: &[(&str, &str)]) -> Self {
        let folder = folder::temporary(programs::server_user());
        initialize(&folder.path().join("data"));
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let settings = settings.iter().copied().map(owned).collect();
        let mut postgres = Postgres { held: None, port: free_port(), settings, folder };
        postgres.start_again().await;
        postgres
    }

    /// The port at 127.0.0.1, the same after every start.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The main process.
    pub fn pid(&self) -> u32 {
        self.held.as_ref().expect("the server runs").pid()
    }

    /// Where its data is.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The URL of a database.
    pub fn url(&self, database: &str) -> String {
        url(self.port, database)
    }

    /// Makes an empty database; gives its URL.
    pub async fn create_database(&self) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(1);
        let name = format!("test_{}", COUNT.fetch_add(1, Ordering::Relaxed));
        create_database(self.port, &name);
        self.url(&name)
    }

    /// Runs SQL in a database; gives the rows as lines, their columns between `|`.
    pub fn query(&self, database: &str, sql: &str) -> String {
        query(self.port, database, sql)
    }

    /// SIGKILL to the main process; the others notice and end. Nothing is written any more.
    pub async fn kill(&mut self) {
        if let Some(held) = self.held.take() {
            held.end_by("KILL").await;
        }
    }

    /// Stops it in order: connections are ended, what was written stays.
    pub async fn stop(&mut self) {
        if let Some(held) = self.held.take() {
            held.end_by("INT").await;
        }
    }

    /// From now on its processes write nothing any more: no file may be longer than a page. That is how a full disk looks to it, and needs
    /// no disk of one's own. A server that cannot write its log ends; the next start has room again.
    pub fn fill_disk(&self) {
        let main = self.pid();
        let children = std::fs::read_to_string(format!("/proc/{main}/task/{main}/children")).unwrap_or_default();
        for process in std::iter::once(main.to_string()).chain(children.split_whitespace().map(str::to_owned)) {
            // As its owner: not even root may limit another account's process everywhere.
            let mut words = programs::prefix(Path::new("prlimit"), programs::server_user());
            words.extend(["prlimit".into(), "--pid".into(), process.clone(), "--fsize=8192:".into()]);
            let limited = Command::new(&words[0]).args(&words[1..]).stderr(Stdio::null()).status();
            assert!(
                limited.is_ok_and(|status| status.success()) || process != main.to_string(),
                "`prlimit` of util-linux failed"
            );
        }
    }

    /// Starts it on the same data and port, and waits until it answers.
    pub async fn start_again(&mut self) {
        assert!(self.held.is_none(), "the server runs already");
        let data = self.folder.path().join("data");
        let log = self.folder.path().join("log");
        let settings: Vec<(&str, &str)> = self.settings.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let until = Instant::now() + PATIENCE;
        loop {
            let held = Held::start(&command(&data, self.port, &settings), "QUIT", &log);
            while held.is_running() && !is_ready(&data, Some(held.pid())) {
                assert!(Instant::now() < until, "PostgreSQL does not answer:\n{}", folder::last_words(&log));
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
            if held.is_running() {
                self.held = Some(held);
                return;
            }
            // The processes of one that was killed keep its memory for a moment.
            assert!(Instant::now() < until, "PostgreSQL does not start:\n{}", folder::last_words(&log));
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

pub(crate) fn url(port: u16, database: &str) -> String {
    format!("postgres://plummet@127.0.0.1:{port}/{database}")
}

/// Makes an empty cluster.
pub(crate) fn initialize(data: &Path) {
    let program = programs::postgres("initdb");
    let mut words = programs::prefix(&program, programs::server_user());
    words.push(program.display().to_string());
    words.extend(["-U", "plummet", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "-D"].map(str::to_owned));
    let made = Command::new(&words[0]).args(&words[1..]).arg(data).current_dir("/").stdin(Stdio::null()).output();
    let made = made.expect("`env` can be run");
    assert!(made.status.success(), "initdb failed: {}", String::from_utf8_lossy(&made.stderr));
}

/// The command line of a server.
pub(crate) fn command(data: &Path, port: u16, settings: &[(&str, &str)]) -> Vec<String> {
    let program = programs::postgres("postgres");
    let mut words = programs::prefix(&program, programs::server_user());
    words.extend([program.display().to_string(), "-D".into(), data.display().to_string(), "-p".into(), port.to_string()]);
    for (name, value) in QUICK.iter().chain(settings).chain(PRIVATE) {
        words.extend(["-c".into(), format!("{name}={value}")]);
    }
    words
}

/// Whether the server says that it answers, in the eighth line of this file, as `pg_ctl` looks for it. The first line is its
/// process: the file of one that was killed is still there.
pub(crate) fn is_ready(data: &Path, pid: Option<u32>) -> bool {
    let text = std::fs::read_to_string(data.join("postmaster.pid")).unwrap_or_default();
    let mut lines = text.lines().map(str::trim);
    let is_its_own = lines.next().is_some_and(|line| pid.is_none_or(|pid| line == pid.to_string()));
    is_its_own && lines.nth(6) == Some("ready")
}

pub(crate) fn create_database(port: u16, name: &str) {
    query(port, "postgres", &format!("CREATE DATABASE {name} TEMPLATE template0"));
}

/// The words before a query.
pub(crate) fn psql(port: u16, database: &str) -> Vec<String> {
    let program = programs::postgres("psql");
    let mut words = programs::prefix(&program, None);
    words.push(program.display().to_string());
    words.extend(["-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-d"].map(str::to_owned));
    words.extend([url(port, database), "-c".into()]);
    words
}

fn query(port: u16, database: &str, sql: &str) -> String {
    let words = psql(port, database);
    let ran = Command::new(&words[0]).args(&words[1..]).arg(sql).stdin(Stdio::null()).output().expect("`env` can be run");
    assert!(ran.status.success(), "{sql}: {}", String::from_utf8_lossy(&ran.stderr));
    String::from_utf8_lossy(&ran.stdout).trim_end().to_owned()
}
