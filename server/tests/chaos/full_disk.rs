//! The disk under the embedded database is full for a while.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::under_load::books;
use crate::under_load::load::{self, Engine, Load, Size};
use crate::under_load::program::Program;

const SIZE: Size = Size { products: 160, by_api: 4, every: 2, lease: 4 };
const PATIENCE: Duration = Duration::from_secs(40);

/// From now on no file of the process may be longer than this; longer ones cannot be written behind it. Without leave to mount a small
/// disk this is what comes nearest to a full one: the operating system refuses to write.
fn limit_files(process: u32, bytes: &str) {
    let limited = Command::new("prlimit").args(["--pid", &process.to_string(), &format!("--fsize={bytes}:")]).status();
    assert!(limited.unwrap().success(), "prlimit, of util-linux, could not limit the program");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_disk_under_sqlite_is_survived() {
    let load = Load::prepare(SIZE, Engine::File).await;
    // Who writes past the limit is sent this signal, which ends a program that does not expect it; a full disk sends none.
    let mut program = Program::start(&load.settings().behind(&["env", "--ignore-signal=XFSZ"]), "serve");
    program.url();
    let store = load.open().await;
    for _ in 0..crate::rounds() {
        load.move_prices();
        load.until_quiet(&*store, load::now(), PATIENCE).await;

        limit_files(program.pid(), "2048");
        load.move_prices();
        let before = program.heard().checks.len();
        tokio::time::sleep(Duration::from_secs(3)).await;
        let during = program.heard().checks.len() - before;
        assert!(during < SIZE.products as usize / 2, "the disk was not full: {during} checks were recorded");

        limit_files(program.pid(), "unlimited");
        let began = Instant::now();
        load.until_quiet(&*store, load::now(), PATIENCE).await;
        println!("after a full disk under SQLite: all checked again and all told within {:.1} s", began.elapsed().as_secs_f64());
        books::every_acknowledged_check_is_there(&*store, &program.heard()).await;
        books::every_alert_was_told_once(&*store, &load).await;
    }
    let (status, acknowledged) = program.terminate();
    assert_eq!(status, Some(0), "a stop in peace");
    books::every_acknowledged_check_is_there(&*store, &acknowledged).await;
    books::nothing_is_left_over(&*store, &load).await;
    store.close().await;
}
