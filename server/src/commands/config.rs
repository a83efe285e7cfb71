//! `plummet config`: the effective configuration.

use super::Ended;
use crate::config::Config;

/// Prints every setting with its effective value and where it stands.
pub fn run(config: &Config) -> Ended {
    for (setting, value, from) in config.shown() {
        println!("{}={value}  # {from}", setting.name);
    }
    Ended::Done
}
