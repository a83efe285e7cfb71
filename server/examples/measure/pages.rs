//! How long each page takes, and the history of five years.

use std::time::{Duration, Instant};

use store::Store;
use store::sqlite::SqliteStore;

use crate::program::Program;
use crate::seed::{SESSION, Seeded};
use crate::{Figure, http, median, percentile};

const WARM_UP: usize = 20;
const LOADS: usize = 300;

/// Loads every page some hundred times, one after the other.
pub async fn measure(program: &Program, seeded: &Seeded) -> anyhow::Result<Vec<Figure>> {
    let product = format!("/products/{}", seeded.product);
    let api = format!("/api/v1/products/{}/history?days=1830&points=800", seeded.product);
    let pages = [
        ("watchlist, 50 of 1,000 rows", "/".to_owned()),
        ("product, 90 days", format!("{product}?range=90d")),
        ("product, all of 43,800 runs", format!("{product}?range=all")),
        ("add", "/add".to_owned()),
        ("search", "/search?q=measured".to_owned()),
        ("notifications", "/notifications".to_owned()),
        ("settings", "/settings".to_owned()),
        ("API: history, 800 of 43,800 points", api),
    ];
    let mut figures = Vec::new();
    for (name, path) in pages {
        let (mut times, mut bytes) = (Vec::new(), 0);
        for load in 0..WARM_UP + LOADS {
            let (took, size) = http::get(&program.address, &path, SESSION).await?;
            bytes = size;
            if load >= WARM_UP {
                times.push(took);
            }
        }
        figures.push(Figure::milliseconds(format!("{name}: median"), median(&mut times)));
        figures.push(Figure::milliseconds(format!("{name}: p99"), percentile(&mut times, 99)));
        figures.push(Figure::new(format!("{name}: size"), bytes as f64 / 1e3, "kB"));
    }
    figures.extend(history(seeded).await?);
    Ok(figures)
}

/// The same history without HTTP: reading the runs, and thinning them.
async fn history(seeded: &Seeded) -> anyhow::Result<Vec<Figure>> {
    let store = SqliteStore::open(&seeded.database).await?;
    let (mut reads, mut thinnings): (Vec<Duration>, Vec<Duration>) = (Vec::new(), Vec::new());
    for _ in 0..50 {
        let began = Instant::now();
        let runs = store.price_runs(seeded.product, seeded.since, seeded.now).await?;
        reads.push(began.elapsed());
        let began = Instant::now();
        let steps = domain::chart::steps(&runs, seeded.since, seeded.now, 800);
        thinnings.push(began.elapsed());
        anyhow::ensure!(runs.len() as i64 == crate::seed::RUNS && steps.steps.len() <= 810, "an odd history");
    }
    store.close().await;
    Ok(vec![
        Figure::milliseconds("history: reading 43,800 runs", median(&mut reads)),
        Figure::milliseconds("history: thinning them to 800", median(&mut thinnings)),
    ])
}
