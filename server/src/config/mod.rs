//! Settings: gathered once at start from variables and file, each read by the subsystem that it belongs to.
//!
//! Everything has a default that works. A wrong or senseless setting stops the start with its name, its value and the remedy.

mod channels;
mod checks;
mod data;
mod database;
mod error;
mod fetch;
mod log;
mod mail;
mod proxies;
mod scale;
mod settings;
mod sources;
mod web;

use std::net::SocketAddr;

use jobs::{ChannelsConfig, FetchConfig, JobsConfig, MailConfig, ProxiesConfig, Role, SecretKey};

pub use checks::ChecksConfig;
pub use data::{DataConfig, secret_key, secret_key_text};
pub use database::DatabaseConfig;
pub use error::ConfigError;
pub use log::{LogConfig, LogFormat};
pub use mail::MailSettings;
pub use scale::ScaleConfig;
pub use settings::{SETTINGS, Setting, Shown, env_example};
pub use sources::{From, Sources};
pub use web::WebConfig;

/// Seconds between two checks of a product of the demo shop.
const DEMO_CHECK_SECONDS: u32 = 10;

/// The whole configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The data folder.
    pub data: DataConfig,
    /// Where the truth is kept.
    pub database: DatabaseConfig,
    /// What many processes share.
    pub scale: ScaleConfig,
    /// Where the program answers.
    pub web: WebConfig,
    /// How e-mail leaves.
    pub mail: MailSettings,
    /// How people are told elsewhere than by e-mail.
    pub channels: ChannelsConfig,
    /// How pages are fetched.
    pub fetch: FetchConfig,
    /// The ways out.
    pub proxies: ProxiesConfig,
    /// How often shops are asked.
    pub checks: ChecksConfig,
    /// What is logged.
    pub log: LogConfig,
    sources: Sources,
}

impl Config {
    /// The configuration of `plummet serve` and of commands on its data.
    pub fn load() -> Result<Self, ConfigError> {
        Config::of(variables())
    }

    /// The configuration of `plummet demo` and of commands on its data, which is kept apart from the real.
    pub fn load_demo() -> Result<Self, ConfigError> {
        Config::read(Sources::gather(variables(), true)?, true)
    }

    /// The configuration that these variables give.
    pub fn of(variables: impl Iterator<Item = (String, String)>) -> Result<Self, ConfigError> {
        Config::read(Sources::gather(variables, false)?, false)
    }

    fn read(sources: Sources, is_demo: bool) -> Result<Self, ConfigError> {
        let data = DataConfig::read(&sources, is_demo)?;
        Ok(Config {
            database: DatabaseConfig::read(&sources, data.usual_database())?,
            scale: ScaleConfig::read(&sources)?,
            proxies: proxies::read(&sources)?,
            data,
            web: WebConfig::read(&sources)?,
            mail: MailSettings::read(&sources)?,
            channels: channels::read(&sources)?,
            fetch: fetch::read(&sources)?,
            checks: ChecksConfig::read(&sources)?,
            log: LogConfig::read(&sources)?,
            sources,
        })
    }

    /// Lets the workers reach the demo shop at `port`, without a limit and often.
    pub fn admit_demo_shop(&mut self, port: u16) {
        let hosts = [format!("*.localhost:{port}"), format!("localhost:{port}"), format!("127.0.0.1:{port}")];
        self.fetch.allow_hosts.extend(hosts.clone());
        self.checks.limits.unlimited_hosts.extend(hosts.clone());
        self.checks.pace.by_host.extend(hosts.map(|host| (host, checks::every(DEMO_CHECK_SECONDS))));
    }

    /// Refuses what makes no sense for a process of this role.
    pub fn check_role(&self, role: Role) -> Result<(), ConfigError> {
        self.scale.check(role, &self.database, self.web.public_url.is_some())
    }

    /// The workers' part, while the program answers at `bound`.
    pub fn jobs(&self, role: Role, bound: SocketAddr, secret_key: SecretKey) -> JobsConfig {
        let public_url = self.web.url(bound);
        JobsConfig {
            role,
            redis_url: self.scale.redis_url.clone(),
            proxies: self.proxies.clone(),
            secret_key,
            workers: self.checks.workers,
            fetch: self.fetch.clone(),
            limits: self.checks.limits.clone(),
            pace: self.checks.pace.clone(),
            mail: MailConfig {
                smtp_url: self.mail.smtp_url.clone(),
                from: self.mail.sender(&public_url),
                outbox: self.data.outbox(),
            },
            channels: self.channels.clone(),
            public_url,
            check_lease: self.checks.lease,
            sweep_every: self.checks.sweep_every,
        }
    }

    /// Every setting with its effective value, passwords hidden, and where it stands. Where the default is no value but a way of
    /// deciding, there is none.
    pub fn shown(&self) -> Vec<(&'static Setting, Option<String>, From)> {
        let effective = |setting: &'static Setting| {
            let from = self.sources.from(setting);
            let given = self.sources.text(setting).map(|value| error::masked(setting, value));
            let value = match setting.name {
                "PLUMMET_DATA" => Some(self.data.folder.display().to_string()),
                "DATABASE_URL" => Some(self.database.shown()),
                "PLUMMET_LISTEN" => Some(self.web.listen.to_string()),
                "PLUMMET_DEMO_LISTEN" => Some(self.web.demo_listen.to_string()),
                "PLUMMET_URL" => Some(self.web.url(self.web.listen)),
                "PLUMMET_MAIL_FROM" => Some(self.mail.sender(&self.web.url(self.web.listen))),
                _ => given.or_else(|| setting.is_default_a_value().then(|| setting.default.to_owned())),
            };
            (setting, value, from)
        };
        SETTINGS.iter().copied().map(effective).collect()
    }
}

/// The process's environment: the only place where it is read. What is not UTF-8 is none of ours.
fn variables() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::of(variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())))
    }

    #[test]
    fn nothing_set_works() {
        let config = load(&[("HOME", "/home/anna")]).unwrap();
        assert_eq!(config.database.shown(), "sqlite:/home/anna/.local/share/plummet/plummet.db");
        assert_eq!(config.web.listen.to_string(), "127.0.0.1:8480");
        assert!(config.fetch.allow_hosts.is_empty() && config.fetch.obey_robots);
    }

    #[test]
    fn a_wrong_value_stops_with_name_value_and_remedy() {
        for (name, value, says) in [
            ("PLUMMET_LISTEN", "8480", "such as 127.0.0.1:8480"),
            ("PLUMMET_URL", "plummet.example", "such as https://"),
            ("DATABASE_URL", "postgres://u:hidden@h", "names no database"),
            ("DATABASE_REPLICA_URL", "postgres://u:hidden@h/db", "which has no replicas"),
            ("REDIS_URL", "http://:hidden@h", "redis+sentinel://"),
            ("PLUMMET_SECRET_KEY", "hidden", "openssl rand"),
            ("SMTP_URL", "ftp://u:hidden@h", "write smtp://"),
            ("PLUMMET_ALLOW_HOSTS", "http://x", "without a scheme"),
            ("PLUMMET_WORKERS", "0", "from 1 to 1000"),
            ("PLUMMET_LIMITS", "amazon", "such as amazon=100"),
            ("PLUMMET_OBEY_ROBOTS", "maybe", "true or false"),
            ("PLUMMET_USER_AGENT", "curl", "honest or browser"),
            (
                "PLUMMET_PROXIES",
                "http://me:hidden@p.example:1,ftp://me:hidden@q.example:1",
                "write it as http://user:password@host",
            ),
            ("PLUMMET_PROXY_FALLBACK", "sometimes", "when-none or never"),
            ("PLUMMET_LOG_FORMAT", "xml", "text or json"),
            ("PLUMMET_DEMO_LISTEN", "0.0.0.0:1", "127.0.0.1"),
        ] {
            let error = load(&[(name, value)]).unwrap_err().to_string();
            assert!(error.contains(name) && error.contains(says), "{error}");
            assert!(!error.contains("hidden"), "{error}");
        }
    }

    #[test]
    fn an_unknown_name_stops_with_the_nearest_known_one() {
        let error = load(&[("PLUMMET_ALLOW_HOST", "x:1")]).unwrap_err().to_string();
        assert!(error.contains("did you mean `PLUMMET_ALLOW_HOSTS`?"), "{error}");
    }

    #[test]
    fn variables_win_over_the_file_and_the_file_over_defaults() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("plummet.toml");
        std::fs::write(&file, "plummet_listen = '127.0.0.1:1'\nplummet_workers = 7\nplummet_allow_hosts = ['a:1', 'b:2']\n")
            .unwrap();
        let data = folder.path().to_str().unwrap();
        let config = load(&[("PLUMMET_DATA", data), ("PLUMMET_LISTEN", "127.0.0.1:2")]).unwrap();
        assert_eq!((config.web.listen.port(), config.checks.workers), (2, 7));
        assert_eq!(config.fetch.allow_hosts, ["a:1", "b:2"]);
        let shown = config.shown();
        let from = |name: &str| shown.iter().find(|(setting, ..)| setting.name == name).map(|(_, _, from)| from.clone());
        assert_eq!(from("PLUMMET_LISTEN"), Some(From::Environment));
        assert_eq!(from("PLUMMET_WORKERS"), Some(From::File(file.clone())));
        assert_eq!(from("PLUMMET_LOG"), Some(From::Default));

        std::fs::write(&file, "plummet_listn = 'x'\n").unwrap();
        let error = load(&[("PLUMMET_DATA", data)]).unwrap_err().to_string();
        assert!(error.contains("PLUMMET_LISTEN"), "{error}");
        std::fs::write(&file, "plummet_listen = \n").unwrap();
        let error = load(&[("PLUMMET_DATA", data)]).unwrap_err().to_string();
        assert!(error.contains("plummet.toml"), "{error}");
    }

    #[test]
    fn no_secret_is_shown() {
        let proxies = "http://me:sesame@p.example:1,socks5://me:sesame@q.example:2";
        let config = load(&[("SMTP_URL", "smtp://me:sesame@mail.example:587"), ("PLUMMET_PROXIES", proxies)]).unwrap();
        let all = format!("{:?} {config:?}", config.shown());
        let masked = "http://***@p.example:1,socks5://***@q.example:2";
        assert!(config.shown().iter().any(|(_, value, _)| value.as_deref() == Some(masked)));
        assert!(config.shown().iter().any(|(_, value, _)| value.as_deref() == Some("smtp://***@mail.example:587")));
        assert!(!format!("{:?}", config.shown()).contains("sesame"));
        assert!(!all.contains("sesame"), "also not in debug output");
    }
}
