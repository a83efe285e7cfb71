//! Measures the program that was built beside this one, and prints tables: start, pages and history, checks a second, the same by
//! several processes, and the fall of a price that very many wait for. Words choose: `bench start pages checks scaled fall`.
//!
//! `make bench`, or `cargo build --release -p server --bin plummet --example bench` and then `target/release/examples/bench`.
//! Everything runs on loopback and in temporary folders, and ends by itself; each of the parts takes under two minutes, the last up to six.

mod checks;
mod fall;
mod history;
mod http;
mod metrics;
mod pages;
mod process;
mod scaled;
mod seed;
mod start;
mod times;

use std::time::Instant;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).as_deref() == Some(process::SHOP) {
        return process::serve_shop().await;
    }
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let is_wanted = |part: &str| wanted.is_empty() || wanted.iter().any(|word| word == part);
    let began = Instant::now();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let built = if cfg!(debug_assertions) { "an unoptimised build: these figures say nothing" } else { "a release build" };
    println!("{built}, {cores} cores");

    if is_wanted("start") {
        start::measure().await?;
    }
    if is_wanted("pages") {
        let seeded = seed::years_of_use().await?;
        let program = process::Program::start(seeded.folder.path(), &[]).await?;
        pages::measure(&program, &seeded).await?;
        history::measure(&program, &seeded).await?;
    }
    if is_wanted("checks") {
        checks::measure().await?;
    }
    if is_wanted("scaled") {
        scaled::measure().await?;
    }
    if is_wanted("fall") {
        fall::measure().await?;
    }
    println!("\nmeasured in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}
