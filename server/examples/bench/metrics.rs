//! What programs say about their own work.

use std::collections::HashMap;

use anyhow::Context;

use crate::http::Connection;
use crate::process::Program;
use crate::seed::SESSION;

/// The values of some programs together.
#[derive(Clone, Debug, Default)]
pub struct Metrics(HashMap<String, f64>);

impl Metrics {
    /// Of programs whose `/metrics` is open, or to the person who was seeded.
    pub async fn of(programs: &[Program]) -> anyhow::Result<Self> {
        let mut all = Metrics::default();
        for program in programs {
            let cookie = format!("Cookie: plummet_session={SESSION}\r\n");
            let mut connection = Connection::open(program.port, "localhost", &cookie).await?;
            connection.get_ok("/metrics").await?;
            for line in connection.body().lines().filter(|line| !line.starts_with('#')) {
                let (name, value) = line.rsplit_once(' ').context("a line without a value")?;
                *all.0.entry(name.to_owned()).or_default() += value.parse::<f64>()?;
            }
        }
        Ok(all)
    }

    /// What was added since.
    pub fn since(&self, before: &Metrics) -> Metrics {
        let added = |(name, value): (&String, &f64)| (name.clone(), value - before.0.get(name).copied().unwrap_or_default());
        Metrics(self.0.iter().map(added).collect())
    }

    /// All checks, whatever came of them.
    pub fn checks(&self) -> f64 {
        self.0.iter().filter(|(name, _)| name.starts_with("plummet_checks_total")).map(|(_, value)| value).sum()
    }

    /// Notifications that were written.
    pub fn notifications(&self) -> f64 {
        self.0.iter().filter(|(name, _)| name.starts_with("plummet_notifications_total")).map(|(_, value)| value).sum()
    }

    /// Seconds in a stage of all programs.
    pub fn seconds(&self, stage: &str) -> f64 {
        self.0.get(&format!("plummet_stage_seconds_sum{{stage=\"{stage}\"}}")).copied().unwrap_or_default()
    }

    /// Milliseconds that a stage takes once.
    pub fn mean_ms(&self, stage: &str) -> f64 {
        let times = self.0.get(&format!("plummet_stage_seconds_count{{stage=\"{stage}\"}}")).copied().unwrap_or_default();
        self.seconds(stage) / times.max(1.0) * 1e3
    }
}
