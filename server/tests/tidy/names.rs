//! What code may name: databases, queues, connections, clocks and the environment each have their place.

use crate::source::{Problem, SourceFile, names, repository, sample};

/// A word that may stand in some places only.
struct Rule {
    /// Whole identifiers, or paths such as `std::env`.
    words: &'static [&'static str],
    /// Where the rule holds; empty for everywhere.
    within: &'static [&'static str],
    /// Where the words may stand all the same.
    places: &'static [&'static str],
    /// What to do instead.
    remedy: &'static str,
}

const DATABASE: Rule = Rule {
    words: &["sqlx"],
    within: &[],
    places: &["store/"],
    remedy: "only `store` names sqlx; add a unit of work to the port in store/src/port.rs",
};

const QUEUE: Rule = Rule {
    words: &["apalis", "apalis_core", "apalis_redis", "apalis_sqlite", "apalis_cron"],
    within: &[],
    places: &["jobs/src/queue"],
    remedy: "only jobs/src/queue names apalis; ring the bell through its functions",
};

const CONNECTIONS: Rule = Rule {
    words: &["reqwest", "hyper_util", "lettre", "TcpStream", "UdpSocket", "UnixStream", "TcpSocket"],
    within: &[],
    // `testbed` is for tests: it starts servers and stands between them and who asks them.
    places: &["jobs/src/fetch", "jobs/src/notify", "testbed/"],
    remedy: "only jobs/src/fetch and jobs/src/notify open connections; call them through `Jobs`",
};

const PURE: Rule = Rule {
    words: &[
        "tokio",
        "sqlx",
        "reqwest",
        "axum",
        "leptos",
        "apalis",
        "futures",
        "async",
        "SystemTime",
        "Instant",
        "std::fs",
        "std::env",
        "std::process",
        "std::thread",
        "Timestamp::now",
        "Zoned::now",
    ],
    within: &["domain/", "extract/"],
    places: &[],
    remedy: "`domain` and `extract` do no I/O, are not async and read no clock; take the value as an argument",
};

const ENVIRONMENT: Rule = Rule {
    words: &["std::env", "env::var", "env::vars", "env::var_os"],
    within: &[],
    // The bundler is a build tool and takes its paths as arguments.
    places: &["server/src/config", "bundle/", "testbed/"],
    remedy: "settings are read once, in server/src/config; take the value from a configuration struct",
};

impl Rule {
    fn problems(&self, files: &[SourceFile]) -> Vec<Problem> {
        let begins = |path: &str, places: &[&str]| places.iter().any(|place| path.starts_with(place));
        let held = files.iter().filter(|file| {
            let inside = self.within.is_empty() || begins(&file.path, self.within);
            file.is_program() && inside && !begins(&file.path, self.places)
        });
        held.flat_map(|file| {
            file.code_lines().into_iter().filter_map(|(number, line)| {
                let line = opened(&line);
                let word = self.words.iter().find(|word| names(&line, word))?;
                Some(Problem::new(&file.path, number, format!("`{word}`: {}", self.remedy)))
            })
        })
        .collect()
    }

    /// Holds in the repository, catches the bad sample, and lets the good one be.
    #[track_caller]
    fn check(&self, bad: (&str, &str), good: (&str, &str)) {
        crate::assert_tidy(self.problems(&repository()));
        assert_ne!(self.problems(&sample(bad.0, bad.1)), [], "this should be a problem: {bad:?}");
        assert_eq!(self.problems(&sample(good.0, good.1)), [], "this should be none: {good:?}");
    }
}

/// `use std::{env, fs};` written out, so that `std::env` is found in it.
fn opened(line: &str) -> String {
    let Some((prefix, rest)) = line.split_once("::{") else { return line.to_owned() };
    let prefix = prefix.trim_start().trim_start_matches("pub ").trim_start_matches("use ");
    rest.split([',', '}', ';']).map(|name| format!("{prefix}::{} ", name.trim())).collect::<String>() + line
}

#[test]
fn only_the_store_names_sqlx() {
    DATABASE.check(("jobs/src/record.rs", "use sqlx::Row;"), ("store/src/sqlite/mod.rs", "use sqlx::Row;"));
}

#[test]
fn only_the_queue_names_apalis() {
    QUEUE.check(("jobs/src/lib.rs", "fn f() { apalis::run() }"), ("jobs/src/queue/mod.rs", "use apalis::prelude::*;"));
}

#[test]
fn only_fetch_and_notify_open_connections() {
    CONNECTIONS.check(
        ("server/src/main.rs", "let s = tokio::net::TcpStream::connect(a).await?;"),
        ("jobs/src/fetch/client.rs", "use reqwest::Client;"),
    );
    let tests = sample("jobs/tests/fetch.rs", "use reqwest::Client;");
    assert_eq!(CONNECTIONS.problems(&tests), [], "tests may connect");
}

#[test]
fn domain_and_extract_are_pure() {
    PURE.check(
        ("domain/src/judge.rs", "let now = SystemTime::now();"),
        ("domain/src/time.rs", "// SystemTime is read elsewhere"),
    );
    for text in ["use std::{fmt, env};", "pub async fn judge() {}", "use std::time::Instant;", "let t = jiff::Timestamp::now();"]
    {
        assert_eq!(PURE.problems(&sample("extract/src/lib.rs", text)).len(), 1, "{text}");
    }
}

#[test]
fn only_the_configuration_reads_the_environment() {
    ENVIRONMENT.check(
        ("jobs/src/fetch/client.rs", "let proxy = std::env::var(\"PROXY\");"),
        ("server/src/config/read.rs", "std::env::vars()"),
    );
}
