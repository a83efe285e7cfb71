//! The program is killed with SIGKILL at least fifty times at random moments under load; then the books must balance.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "../under_load/mod.rs"]
#[expect(dead_code, reason = "what only the other test under load needs")]
mod under_load;

use std::time::{Duration, Instant};

use under_load::books;
use under_load::load::{self, Engine, Load, Random, Size};
use under_load::program::{Acknowledged, Program};

const SIZE: Size = Size { products: 1_200, by_api: 40, every: 6, lease: 30 };

const KILLS: u32 = 50;
/// Longest life between two kills. The program needs a part of it to start: some kills hit the start.
const MOST_LIFE: Duration = Duration::from_millis(1_200);
/// What must pass at most until the last lease of a killed program has ended, and all has been checked once more. Those of products
/// are taken back at the start.
const PATIENCE: Duration = Duration::from_secs(100);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_fifty_kills_nothing_acknowledged_is_lost_nothing_is_told_twice_and_nothing_is_stuck() {
    let seed: u64 = std::env::var("SIGKILL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_251_113);
    println!("seed {seed}; SIGKILL_SEED chooses another");
    let mut random = Random(seed);
    let load = Load::prepare(SIZE, Engine::File).await;

    let mut acknowledged = Acknowledged::default();
    let mut shortest = MOST_LIFE;
    for _ in 0..KILLS {
        let life = MOST_LIFE.mul_f64(random.share());
        shortest = shortest.min(life);
        let program = Program::start(&load.settings(), "serve");
        tokio::time::sleep(life).await;
        acknowledged.extend(program.kill());
        load.move_prices();
    }
    println!("{KILLS} kills, after lives from {shortest:?} to {MOST_LIFE:?}; {} checks acknowledged", acknowledged.checks.len());
    assert!(acknowledged.checks.len() > 1_000, "this was no load: {} checks", acknowledged.checks.len());

    let began = Instant::now();
    let last = Program::start(&load.settings(), "serve");
    let store = load.open().await;
    load.until_quiet(&*store, load::now(), PATIENCE).await;
    println!("quiet {:?} after the last start", began.elapsed());
    let (status, rest) = last.terminate();
    assert_eq!(status, Some(0), "a stop in peace");
    acknowledged.extend(rest);

    books::every_acknowledged_check_is_there(&*store, &acknowledged).await;
    books::every_alert_was_told_once(&*store, &load).await;
    books::nothing_is_left_over(&*store, &load).await;
    store.close().await;
}
