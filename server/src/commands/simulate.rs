//! `plummet simulate`: what `next_check` is worth, in a model world.

use std::fmt;
use std::io::Write;

use crate::commands::Ended;
use crate::simulate::{Model, report, sensitivity};

/// Prints the tables as they are done. Needs neither configuration nor data.
pub fn run(products: usize, days: u32, seed: u64, worlds: bool) -> anyhow::Result<Ended> {
    let model = Model::usual(products, days, seed);
    let mut out = Lines(std::io::stdout());
    report(&model, &mut out)?;
    if worlds {
        sensitivity(&model, &mut out)?;
    }
    Ok(Ended::Done)
}

/// Standard output as a place for text.
struct Lines(std::io::Stdout);

impl fmt::Write for Lines {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.write_all(text.as_bytes()).map_err(|_| fmt::Error)
    }
}
