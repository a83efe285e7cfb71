//! Times of the same thing done again and again, as a line of a table.

use std::time::Duration;

/// At least one time.
#[derive(Default)]
pub struct Times(Vec<Duration>);

impl Times {
    pub fn push(&mut self, time: Duration) {
        self.0.push(time);
        self.0.sort_unstable();
    }

    pub fn median(&self) -> Duration {
        self.percentile(50)
    }

    /// The time that so many of a hundred do not exceed.
    pub fn percentile(&self, percent: usize) -> Duration {
        self.0[(self.0.len() * percent / 100).min(self.0.len() - 1)]
    }

    pub fn print(&self, what: &str, note: &str) {
        let (median, p99, count) = (milliseconds(self.median()), milliseconds(self.percentile(99)), self.0.len());
        println!("{what:<44} {median:>10.2} {p99:>10.2} {count:>6}  {note}");
    }
}

/// The heads of the columns of [`Times::print`].
pub fn print_heads(title: &str) {
    println!("\n{title:<44} {:>10} {:>10} {:>6}", "median ms", "p99 ms", "n");
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}
