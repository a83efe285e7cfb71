//! The program is killed with SIGKILL at least fifty times at random moments under load; then the books must balance.
//!
//! The demo shop lives in the test's own process and goes on. Its prices move all the time, every product is checked every
//! few seconds, and alerts fire over the whole time. What the program acknowledged is read from its log: a line for each check that
//! it calls recorded.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod books;
mod load;
mod program;

use std::time::{Duration, Instant};

use load::{Load, Random};
use program::{Acknowledged, Program};
use store::Store;

const KILLS: u32 = 50;
/// Longest life between two kills. The program needs a part of it to start: some kills hit the start.
const MOST_LIFE: Duration = Duration::from_millis(1_200);
/// What must pass at most until the last lease of a killed program has ended: those of messages, a minute. Those of products are
/// taken back at the start.
const PATIENCE: Duration = Duration::from_secs(100);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_fifty_kills_nothing_acknowledged_is_lost_nothing_is_told_twice_and_nothing_is_stuck() {
    let seed: u64 = std::env::var("SIGKILL_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(20_251_113);
    println!("seed {seed}; SIGKILL_SEED chooses another");
    let mut random = Random(seed);
    let load = Load::prepare().await;

    let mut acknowledged = Acknowledged::default();
    let mut shortest = MOST_LIFE;
    for _ in 0..KILLS {
        let life = MOST_LIFE.mul_f64(random.share());
        shortest = shortest.min(life);
        let program = Program::start(&load.settings());
        tokio::time::sleep(life).await;
        acknowledged.extend(program.kill());
        load.move_prices();
    }
    println!("{KILLS} kills, after lives from {shortest:?} to {MOST_LIFE:?}; {} checks acknowledged", acknowledged.checks.len());
    assert!(acknowledged.checks.len() > 1_000, "this was no load: {} checks", acknowledged.checks.len());

    let began = Instant::now();
    let last = Program::start(&load.settings());
    let store = load.open().await;
    load.until_quiet(&store, load::now(), PATIENCE).await;
    println!("quiet {:?} after the last start", began.elapsed());
    let (status, rest) = last.terminate();
    assert_eq!(status, Some(0), "a stop in peace");
    acknowledged.extend(rest);

    books::every_acknowledged_check_is_there(&store, &acknowledged).await;
    books::every_alert_was_told_once(&store, &load).await;
    books::nothing_is_left_over(&store, &load).await;
    store.close().await;
}
