//! `plummet config`: the effective configuration.

use super::Ended;
use crate::config::Config;

/// Prints every setting with its effective value and where it stands.
pub fn run(config: &Config) -> Ended {
    for (setting, value, from) in config.shown() {
        match value {
            Some(value) => println!("{}={value}  # {from}", setting.name),
            None => println!("{}=  # default: {}", setting.name, setting.default),
        }
    }
    Ended::Done
}
