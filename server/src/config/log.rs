//! What is logged, and how.

use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::Sources;

pub(super) const LOG: Setting = Setting {
    name: "PLUMMET_LOG",
    default: "info",
    about: "What is logged to standard error: error, warn, info, debug or trace, or rules such as info,jobs=debug.",
    shown: Shown::Whole,
};
pub(super) const LOG_FORMAT: Setting =
    Setting { name: "PLUMMET_LOG_FORMAT", default: "text", about: "text for people, json for machines.", shown: Shown::Whole };

/// What is logged, and how.
#[derive(Clone, Debug)]
pub struct LogConfig {
    /// `PLUMMET_LOG`, by default `info`.
    pub filter: String,
    /// `PLUMMET_LOG_FORMAT`, by default for people.
    pub format: LogFormat,
}

/// How lines of the log are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines: an object a line.
    Json,
}

impl LogConfig {
    pub(super) fn read(sources: &Sources) -> Result<Self, ConfigError> {
        let format = |text: &str| match text {
            "text" => Ok(LogFormat::Text),
            "json" => Ok(LogFormat::Json),
            _ => Err("write text or json".to_owned()),
        };
        Ok(LogConfig {
            filter: sources.read(&LOG, filter)?.unwrap_or_else(|| "info".to_owned()),
            format: sources.read(&LOG_FORMAT, format)?.unwrap_or(LogFormat::Text),
        })
    }
}

/// Rules for `tracing`. A lone word must be a level: `verbose` would be taken for a target, and nothing would be logged.
fn filter(text: &str) -> Result<String, String> {
    let is_level = |word: &str| !word.is_empty() && word.parse::<tracing_subscriber::filter::LevelFilter>().is_ok();
    let is_rule =
        |rule: &str| rule.rsplit_once('=').map_or(is_level(rule), |(target, level)| !target.is_empty() && is_level(level));
    let remedy = "write error, warn, info, debug or trace, or rules such as info,jobs=debug";
    if text.split(',').all(|rule| is_rule(rule.trim())) { Ok(text.to_owned()) } else { Err(remedy.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_and_rules_are_taken_and_other_words_are_not() {
        for text in ["info", "WARN", "info,jobs=debug", "off", "warn, server::web=trace"] {
            assert!(filter(text).is_ok(), "{text}");
        }
        for text in ["verbose", "info,", "jobs=loud", "=info"] {
            assert!(filter(text).is_err(), "{text}");
        }
    }
}
