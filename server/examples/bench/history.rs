//! Five years of hourly prices, thinned to what a chart can show: over HTTP, and step by step without it.

use std::time::Instant;

use anyhow::ensure;
use domain::time::DAY;
use store::Store;
use store::sqlite::SqliteStore;

use crate::pages;
use crate::process::Program;
use crate::seed::{LONG_RUNS, Seeded};
use crate::times::{Times, print_heads};

const DAYS: i64 = 1_825;
const POINTS: usize = 800;
const READS: usize = 50;

pub async fn measure(program: &Program, seeded: &Seeded) -> anyhow::Result<()> {
    print_heads(&format!("history of {LONG_RUNS} runs, to {POINTS} points"));
    let path = format!("/api/v1/products/{}/history?days={DAYS}&points={POINTS}", seeded.long);
    pages::load(&mut pages::as_person(program).await?, &path).await?.print("HTTP API");

    let store = SqliteStore::open(&seeded.database()).await?;
    let from = seeded.now.plus_micros(-DAYS * DAY);
    let (mut reads, mut thinnings) = (Times::default(), Times::default());
    for _ in 0..READS {
        let began = Instant::now();
        let runs = store.price_runs(seeded.long, from, seeded.now).await?;
        reads.push(began.elapsed());
        ensure!(runs.len() as i64 + 1 >= LONG_RUNS, "only {} runs were read", runs.len());
        let began = Instant::now();
        let thinned = domain::chart::steps(&runs, from, seeded.now, POINTS);
        thinnings.push(began.elapsed());
        ensure!(thinned.steps.len() > POINTS / 2, "only {} points are left", thinned.steps.len());
    }
    store.close().await;
    reads.print("reading the runs", "");
    thinnings.print("thinning them", "");
    Ok(())
}
