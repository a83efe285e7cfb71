//! Measures the program that was built beside this one, with its demo shop, and prints a table and a line of JSON.
//!
//! `make bench`, or `cargo build --release -p server --bin plummet --example measure` and then `target/release/examples/measure`.

mod checks;
mod http;
mod pages;
mod program;
mod seed;

use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

use program::Program;

/// One line of the table.
pub struct Figure {
    what: String,
    value: f64,
    unit: &'static str,
}

impl Figure {
    pub fn new(what: impl Into<String>, value: f64, unit: &'static str) -> Self {
        Figure { what: what.into(), value, unit }
    }

    pub fn milliseconds(what: impl Into<String>, time: Duration) -> Self {
        Figure::new(what, time.as_secs_f64() * 1e3, "ms")
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let mut figures = Vec::new();
    let folder = TempDir::new()?;
    eprintln!("seeding {} trackings, and {} runs of one product", seed::TRACKINGS, seed::RUNS);
    let seeded = seed::seed(folder.path()).await?;

    eprintln!("starting five times");
    let mut starts: Vec<Duration> = Vec::new();
    for _ in 0..5 {
        let program = Program::start(folder.path(), &[]).await?;
        starts.push(program.first_answer);
        program.stop()?;
    }
    figures.push(Figure::milliseconds("start to first answer", median(&mut starts)));

    let program = Program::start(folder.path(), &[]).await?;
    tokio::time::sleep(Duration::from_secs(3)).await;
    figures.push(Figure::new("memory, idle", program.resident_mb()?, "MB"));
    eprintln!("loading pages");
    figures.extend(pages::measure(&program, &seeded).await?);
    figures.push(Figure::new("memory, after the pages", program.resident_mb()?, "MB"));
    program.stop()?;

    for kb in [10, 300] {
        eprintln!("checking pages of {kb} kB");
        figures.extend(checks::measure(kb).await?);
    }
    figures.extend(site_sizes());
    print(&figures);
    Ok(())
}

/// The middle one.
pub fn median(times: &mut [Duration]) -> Duration {
    percentile(times, 50)
}

/// The one that so many of a hundred do not exceed.
pub fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

/// What a browser loads, as it was built last.
fn site_sizes() -> Vec<Figure> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/site/pkg");
    let Ok(files) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut sizes: Vec<Figure> = files
        .flatten()
        .filter_map(|file| Some((file.file_name().into_string().ok()?, file.metadata().ok()?.len())))
        .filter(|(name, _)| name.contains(".wasm") || name.ends_with(".js.br") || name.ends_with(".css.br"))
        .map(|(name, bytes)| Figure::new(name, bytes as f64 / 1e3, "kB"))
        .collect();
    sizes.sort_by(|a, b| a.what.cmp(&b.what));
    sizes
}

fn print(figures: &[Figure]) {
    let width = figures.iter().map(|figure| figure.what.chars().count()).max().unwrap_or(0);
    for Figure { what, value, unit } in figures {
        println!("{what:width$}  {value:>10.2} {unit}");
    }
    let all: Vec<Value> = figures.iter().map(|f| json!({"what": f.what, "value": f.value, "unit": f.unit})).collect();
    println!("{}", json!({"cores": std::thread::available_parallelism().map_or(0, usize::from), "figures": all}));
}
