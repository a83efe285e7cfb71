//! Several processes on one PostgreSQL and one Redis: what is refused, and what each says about itself.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::program::{Running, assert_ended, plummet, printed};

/// The status and the body of an answer.
fn get(address: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    write!(stream, "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head[9..12].parse().unwrap(), body.to_owned())
}

fn wait_for(address: &str, path: &str, expect: (u16, &str)) {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let (status, body) = get(address, path);
        if status == expect.0 && body.contains(expect.1) {
            return;
        }
        assert!(Instant::now() < until, "{path}: {status} {body}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

#[test]
fn parts_of_a_whole_without_what_they_share_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let with = |command: &str, variables: &[(&str, &str)]| {
        plummet(folder.path(), &[command]).envs(variables.iter().copied()).output().unwrap()
    };
    let database = ("DATABASE_URL", "postgres://u:sesame@127.0.0.1:1/d");
    assert_ended(&with("web", &[]), 2, "`DATABASE_URL` is a SQLite file");
    assert_ended(&with("worker", &[("REDIS_URL", "redis://127.0.0.1:1")]), 2, "`DATABASE_URL` is a SQLite file");
    assert_ended(&with("web", &[database]), 2, "`REDIS_URL` is not set");
    assert_ended(&with("worker", &[database, ("REDIS_URL", "redis://127.0.0.1:1")]), 2, "`PLUMMET_URL` is not set");
    assert!(!folder.path().join("plummet.db").exists(), "nothing was opened");
}

#[tokio::test]
async fn without_redis_a_postgres_is_worked_on_by_one_process() {
    let (database, redis) = (testbed::shared_postgres().await, testbed::shared_redis().await);
    let folder = tempfile::tempdir().unwrap();
    let command = || {
        let mut command = plummet(folder.path(), &["serve"]);
        command.env("DATABASE_URL", &database);
        command
    };
    let migrated = plummet(folder.path(), &["migrate"]).env("DATABASE_URL", &database).output().unwrap();
    assert_ended(&migrated, 0, "");
    assert!(printed(&migrated).contains("is up to date") && printed(&migrated).contains("postgres://***@127.0.0.1"));

    let mut first = Running::start_by(command());
    first.line("Plummet is at ");
    assert_ended(&command().output().unwrap(), 1, "set REDIS_URL for all of them");
    assert_ended(&command().env("REDIS_URL", &redis).output().unwrap(), 1, "without REDIS_URL");
    assert_eq!(first.terminate(), Some(0));

    let mut first = Running::start_by({
        let mut command = command();
        command.env("REDIS_URL", &redis);
        command
    });
    first.line("Plummet is at ");
    let mut second = Running::start_by({
        let mut command = command();
        command.env("REDIS_URL", &redis);
        command
    });
    second.line("Plummet is at ");
    assert_ended(&command().output().unwrap(), 1, "set REDIS_URL for all of them");
    assert_eq!((first.terminate(), second.terminate()), (Some(0), Some(0)));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_and_a_web_tell_how_they_are() {
    let (mut postgres, mut redis) = (testbed::Postgres::start().await, testbed::Redis::start().await);
    let database = postgres.create_database().await;
    let folder = tempfile::tempdir().unwrap();
    let start = |command: &str| {
        let mut command = plummet(folder.path(), &[command]);
        command.env("DATABASE_URL", &database).env("REDIS_URL", redis.url()).env("PLUMMET_URL", "https://plummet.example");
        Running::start_by(command)
    };
    let mut worker = start("worker");
    let address = worker.line("127.0.0.1:");
    let mut web = start("web");
    assert_eq!(web.line("Plummet is at "), "Plummet is at https://plummet.example");
    assert!(web.line("plummet setup-link").contains("setup-link"), "no link that another web's would end");

    assert_eq!(get(&address, "/healthz"), (200, "ok".to_owned()));
    wait_for(&address, "/readyz", (200, r#"{"degraded":[],"missing":[],"ready":true}"#));
    let (status, metrics) = get(&address, "/metrics");
    assert!(status == 200 && metrics.contains("plummet_stage_seconds_count{stage=\"claim\"} "), "{metrics}");
    assert_eq!(get(&address, "/").0, 404, "a worker has no pages");

    redis.kill().await;
    wait_for(&address, "/readyz", (200, r#"{"degraded":["queue"],"missing":[],"ready":true}"#));
    postgres.kill().await;
    wait_for(&address, "/readyz", (503, r#"{"degraded":["queue"],"missing":["database"],"ready":false}"#));
    assert_eq!(get(&address, "/healthz").0, 200, "a restart would mend nothing");
    postgres.start_again().await;
    redis.start_again(testbed::Memory::Lose).await;
    wait_for(&address, "/readyz", (200, r#"{"degraded":[],"missing":[],"ready":true}"#));

    assert_eq!(worker.terminate(), Some(0));
    assert_eq!(web.terminate(), Some(0));
}
