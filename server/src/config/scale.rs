//! Many processes: what they share beside the database, and how they take turns.

use std::time::Duration;

use jobs::Role;
use secrecy::SecretString;
use store::redis::RedisAddress;

use super::database::DatabaseConfig;
use super::error::ConfigError;
use super::settings::{Setting, Shown};
use super::sources::{Sources, number};

pub(super) const REDIS_URL: Setting = Setting {
    name: "REDIS_URL",
    default: "none: queue, limits and cache are in the process",
    about: "The Redis that processes share for queue, limits and cache: redis://user:password@host:6379/0, or\n\
            redis+sentinel://host:26379,host:26379/master-name, or redis+cluster://host:6379,host:6379; rediss for TLS.\n\
            Nothing in it is the truth: it may be lost at any time.",
    shown: Shown::WithoutPassword,
};
pub(super) const DRAIN_SECONDS: Setting = Setting {
    name: "PLUMMET_DRAIN_SECONDS",
    default: "0",
    about: "How long requests are still taken after a stop was asked for, while /readyz says 503 already: the time that your load\n\
            balancer needs to notice.",
    shown: Shown::Whole,
};

/// Many processes.
#[derive(Clone, Debug)]
pub struct ScaleConfig {
    /// `REDIS_URL`; none by default.
    pub redis_url: Option<SecretString>,
    /// `PLUMMET_DRAIN_SECONDS`, by default 0.
    pub drain: Duration,
}

impl ScaleConfig {
    pub(super) fn read(sources: &Sources) -> Result<Self, ConfigError> {
        let drain = sources.read(&DRAIN_SECONDS, |text| number(text, 0..=300))?.unwrap_or(0);
        Ok(ScaleConfig { redis_url: sources.read(&REDIS_URL, redis_url)?, drain: Duration::from_secs(drain.into()) })
    }

    /// Whether a process of this role can work so. Those that are parts of one Plummet must share all that they decide by.
    pub(super) fn check(&self, role: Role, database: &DatabaseConfig, has_public_url: bool) -> Result<(), ConfigError> {
        let senseless = |name: &'static str, problem: &'static str| Err(ConfigError::Senseless { name, problem });
        match (role, database, &self.redis_url) {
            (Role::All, _, _) => Ok(()),
            (Role::Web | Role::Worker, DatabaseConfig::Sqlite(_), _) => senseless(
                "DATABASE_URL",
                "is a SQLite file, which one process has for itself; `plummet web` and `plummet worker` need it to be a PostgreSQL; \
                 `plummet serve` is both in one process",
            ),
            (Role::Web | Role::Worker, _, None) => senseless(
                "REDIS_URL",
                "is not set, and so the queue is in each process; `plummet web` and `plummet worker` need it to reach each other; \
                 `plummet serve` is both in one process",
            ),
            (Role::Worker, _, Some(_)) if !has_public_url => senseless(
                "PLUMMET_URL",
                "is not set; `plummet worker` needs it to be the web's public URL: links in messages begin with it",
            ),
            (Role::Web | Role::Worker, _, Some(_)) => Ok(()),
        }
    }
}

fn redis_url(text: &str) -> Result<SecretString, String> {
    let url = SecretString::from(text.to_owned());
    // Its message begins with the variable's name, which ours has said already.
    let refused = |error: store::redis::RedisAddressError| error.to_string().trim_start_matches("REDIS_URL ").to_owned();
    RedisAddress::parse(&url).map(|_| url).map_err(refused)
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;

    #[test]
    fn parts_of_a_whole_share_database_and_queue() {
        let sqlite = DatabaseConfig::Sqlite(PathBuf::from("/a.db"));
        let postgres = DatabaseConfig::Postgres { url: "postgres://h/d".into(), replica_url: None, max_connections: 4 };
        let (alone, shared) = (None, Some("redis://h"));
        for (role, database, redis, url, missing) in [
            (Role::All, &sqlite, alone, false, None),
            (Role::All, &postgres, alone, false, None),
            (Role::All, &postgres, shared, false, None),
            (Role::All, &sqlite, shared, false, None),
            (Role::Web, &sqlite, shared, true, Some("DATABASE_URL")),
            (Role::Worker, &sqlite, alone, true, Some("DATABASE_URL")),
            (Role::Web, &postgres, alone, true, Some("REDIS_URL")),
            (Role::Worker, &postgres, alone, true, Some("REDIS_URL")),
            (Role::Worker, &postgres, shared, false, Some("PLUMMET_URL")),
            (Role::Web, &postgres, shared, false, None),
            (Role::Worker, &postgres, shared, true, None),
        ] {
            let config = ScaleConfig { redis_url: redis.map(SecretString::from), drain: Duration::ZERO };
            let checked = config.check(role, database, url);
            let named = checked.err().map(|error| error.to_string());
            assert_eq!(named.is_some(), missing.is_some(), "{role:?} {database:?} {redis:?}");
            assert!(named.is_none_or(|text| text.starts_with(&format!("`{}` ", missing.unwrap()))), "{role:?}");
        }
    }

    #[test]
    fn a_redis_url_is_refused_with_its_forms() {
        for right in ["redis://h", "rediss://u:p@h:1/2", "redis+sentinel://a,b/main", "rediss+cluster://a:1,b:2"] {
            assert!(redis_url(right).is_ok(), "{right}");
        }
        let error = redis_url("http://h").unwrap_err();
        assert!(error.contains("redis+sentinel://") && !error.contains("REDIS_URL"), "{error}");
    }
}
