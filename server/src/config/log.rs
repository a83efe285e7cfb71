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

fn filter(text: &str) -> Result<String, String> {
    let remedy = "write error, warn, info, debug or trace, or rules such as info,jobs=debug";
    let is_filter = text.parse::<tracing_subscriber::filter::Targets>().is_ok();
    if is_filter { Ok(text.to_owned()) } else { Err(remedy.to_owned()) }
}
