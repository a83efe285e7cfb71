//! Servers that all tests of this work tree share, as every test may be a process of its own.
//!
//! The first test starts one; a small shell script keeps it until no test has used it for a while (see `shared.sh`).

use std::fs::File;
use std::net::{Ipv4Addr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use crate::{folder, free_port, postgres, programs, redis};

const PATIENCE: Duration = Duration::from_secs(60);
/// How many databases the shared Redis has; after so many tests the first is emptied and used again.
const REDIS_DATABASES: u32 = 4096;

/// The URL of an empty database on the shared PostgreSQL. It is dropped after this process has ended.
pub async fn shared_postgres() -> String {
    static COUNT: AtomicU32 = AtomicU32::new(1);
    let port = server("postgres").await;
    let name = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
    postgres::create_database(port, &name);
    postgres::url(port, &name)
}

/// The URL of an empty database on the shared Redis. Commands that touch all databases, such as `FLUSHALL`, are for [`crate::Redis`].
pub async fn shared_redis() -> String {
    let port = server("redis").await;
    let database = next_number() % REDIS_DATABASES;
    redis::command_to(port, &format!("SELECT {database}\nFLUSHDB")).expect("the shared Redis answers");
    format!("redis://127.0.0.1:{port}/{database}")
}

/// The port of the shared server of a kind. From here to its end this process counts as its user.
async fn server(kind: &'static str) -> u16 {
    static USED: Mutex<Vec<File>> = Mutex::new(Vec::new());
    let state = state(kind);
    // Before the other lock: the script that ends the server takes them the other way round, but never waits for this one.
    let users = lock_file(&state, "users");
    users.lock_shared().expect("a file of ours can be locked");
    USED.lock().expect("nothing panics while it is held").push(users);
    let start = lock_file(&state, "start");
    start.lock().expect("a file of ours can be locked");
    let known = std::fs::read_to_string(state.join("port")).ok().and_then(|port| port.trim().parse().ok());
    if let Some(port) = known.filter(|port| TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).is_ok()) {
        return port;
    }
    let port = start_server(kind, &state).await;
    std::fs::write(state.join("port"), port.to_string()).expect("a file of ours can be written");
    port
}

async fn start_server(kind: &str, state: &Path) -> u16 {
    let port = free_port();
    let owner = programs::server_user().filter(|_| kind == "postgres");
    // It outlives this process: the script removes it.
    let folder = folder::temporary(owner).keep();
    let data = folder.join("data");
    if kind == "postgres" {
        postgres::initialize(&data);
        let sweep: Vec<String> = postgres::psql(port, "postgres").iter().map(|word| format!("'{word}'")).collect();
        detach(state, &folder, port, "INT", &sweep.join(" "), &postgres::command(&data, port, &[]));
        wait(&folder, || postgres::is_ready(&data, None)).await;
    } else {
        std::fs::create_dir(&data).expect("a folder of ours can be made");
        let mut command = redis::command(&data, port);
        command.extend(["--appendonly", "no", "--databases", &REDIS_DATABASES.to_string()].map(str::to_owned));
        detach(state, &folder, port, "TERM", "", &command);
        wait(&folder, || redis::command_to(port, "PING").is_ok_and(|answer| answer == "+PONG")).await;
    }
    port
}

/// Starts the script in a session of its own, so that what ends this test does not end it.
fn detach(state: &Path, folder: &Path, port: u16, signal: &str, sweep: &str, command: &[String]) {
    let mut shell = Command::new("setsid");
    shell.args(["--fork", "sh", "-c", include_str!("shared.sh"), "sh"]).arg(state).arg(folder);
    shell.args([&port.to_string(), signal, sweep]).args(command);
    // No stream of this test's: its runner waits until nobody holds them.
    shell.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).current_dir("/");
    let started = shell.status().expect("`setsid` can be run");
    assert!(started.success(), "the shared server could not be started");
}

async fn wait(folder: &Path, is_ready: impl Fn() -> bool) {
    let until = Instant::now() + PATIENCE;
    while !is_ready() {
        assert!(Instant::now() < until, "the shared server does not start:\n{}", folder::last_words(&folder.join("log")));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Where the tests of this work tree agree about the server of a kind.
fn state(kind: &str) -> PathBuf {
    let state = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/testbed").join(kind);
    std::fs::create_dir_all(&state).expect("a folder below target can be made");
    state
}

fn lock_file(state: &Path, name: &str) -> File {
    File::options().create(true).append(true).open(state.join(name)).expect("a file below target can be opened")
}

/// A number that no other test has.
fn next_number() -> u32 {
    let (state, file) = (state("redis"), "next");
    let lock = lock_file(&state, "numbers");
    lock.lock().expect("a file of ours can be locked");
    let path = state.join(file);
    let number: u32 = std::fs::read_to_string(&path).ok().and_then(|text| text.trim().parse().ok()).unwrap_or(0);
    std::fs::write(&path, number.wrapping_add(1).to_string()).expect("a file of ours can be written");
    number
}
