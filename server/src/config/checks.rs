//! How often shops are asked, and by how many workers.

use std::time::Duration;

use domain::next_check::Pace;
use domain::time::SECOND;
use jobs::{LimitsConfig, PaceConfig};

use super::error::ConfigError;
use super::fetch::hosts;
use super::settings::{Setting, Shown};
use super::sources::{Sources, number, pairs};

pub(super) const WORKERS: Setting =
    Setting { name: "PLUMMET_WORKERS", default: "32", about: "How many checks run at once.", shown: Shown::Whole };
pub(super) const LIMITS: Setting = Setting {
    name: "PLUMMET_LIMITS",
    default: "amazon=100,ebay=200,walmart=150, and 120 for any other host",
    about: "Most requests an hour, by platform or host, as name=number between commas.",
    shown: Shown::Whole,
};
pub(super) const UNLIMITED_HOSTS: Setting = Setting {
    name: "PLUMMET_UNLIMITED_HOSTS",
    default: "none",
    about: "Hosts that may be asked as often as wanted, as host:port between commas: your own shop.",
    shown: Shown::Whole,
};
pub(super) const CHECK_EVERY: Setting = Setting {
    name: "PLUMMET_CHECK_EVERY",
    default: "decided for each product: mostly hourly",
    about: "A fixed number of seconds between two checks of a product, by host, as host:port=seconds between commas.",
    shown: Shown::Whole,
};

pub(super) const CHECKS_A_DAY: Setting = Setting {
    name: "PLUMMET_CHECKS_A_DAY",
    default: "24 for each product, as far as its shop's limit goes",
    about: "Most checks a day in all. They go where prices move and people wait.",
    shown: Shown::Whole,
};
pub(super) const LEASE_SECONDS: Setting = Setting {
    name: "PLUMMET_LEASE_SECONDS",
    default: "120",
    about: "How long work is left to the process that took it: after so many seconds without it, another does what a process that\n\
            was killed had taken. Shorter than a page may take (PLUMMET_FETCH_SECONDS), pages are fetched twice.",
    shown: Shown::Whole,
};

/// How often the sweeper looks for what is due.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// How often shops are asked, and by how many workers.
#[derive(Clone, Debug)]
pub struct ChecksConfig {
    /// `PLUMMET_WORKERS`, by default 32.
    pub workers: usize,
    /// `PLUMMET_LIMITS` and `PLUMMET_UNLIMITED_HOSTS`; by default those of the table.
    pub limits: LimitsConfig,
    /// `PLUMMET_CHECK_EVERY` and `PLUMMET_CHECKS_A_DAY`; by default decided for each product.
    pub pace: PaceConfig,
    /// `PLUMMET_LEASE_SECONDS`, by default two minutes.
    pub lease: Duration,
    /// How often the sweeper looks for what is due: every second.
    pub sweep_every: Duration,
}

impl ChecksConfig {
    pub(super) fn read(sources: &Sources) -> Result<Self, ConfigError> {
        let workers = sources.read(&WORKERS, |text| number(text, 1..=1_000))?.unwrap_or(32);
        let by_host = sources.read(&CHECK_EVERY, pairs)?.unwrap_or_default();
        Ok(ChecksConfig {
            workers: usize::try_from(workers).unwrap_or(32),
            limits: LimitsConfig {
                per_hour: sources.read(&LIMITS, pairs)?.unwrap_or_default(),
                unlimited_hosts: sources.read(&UNLIMITED_HOSTS, hosts)?.unwrap_or_default(),
            },
            pace: PaceConfig {
                checks_a_day: sources.read(&CHECKS_A_DAY, |text| number(text, 1..=u32::MAX))?.map(u64::from),
                by_host: by_host.into_iter().map(|(host, seconds)| (host, every(seconds))).collect(),
            },
            lease: Duration::from_secs(sources.read(&LEASE_SECONDS, |text| number(text, 2..=3_600))?.unwrap_or(120).into()),
            sweep_every: SWEEP_EVERY,
        })
    }
}

/// A check every so many seconds.
pub(super) fn every(seconds: u32) -> Pace {
    Pace { fixed: Some(i64::from(seconds) * SECOND), ..Pace::default() }
}
