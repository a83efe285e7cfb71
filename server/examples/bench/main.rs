//! Measures the program that was built beside this one, and prints tables: start, pages, history, checks a second.
//!
//! `make bench`, or `cargo build --release -p server --bin plummet --example bench` and then `target/release/examples/bench`.
//! Everything runs on loopback and in temporary folders, and ends by itself within two minutes.

mod checks;
mod history;
mod http;
mod pages;
mod process;
mod seed;
mod start;
mod times;

use std::time::Instant;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    if std::env::args().nth(1).as_deref() == Some(process::SHOP) {
        return process::serve_shop().await;
    }
    let began = Instant::now();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let built = if cfg!(debug_assertions) { "an unoptimised build: these figures say nothing" } else { "a release build" };
    println!("{built}, {cores} cores");

    start::measure().await?;
    let seeded = seed::years_of_use().await?;
    let program = process::Program::start(seeded.folder.path(), &[]).await?;
    pages::measure(&program, &seeded).await?;
    history::measure(&program, &seeded).await?;
    drop(program);
    checks::measure().await?;
    println!("\nmeasured in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}
